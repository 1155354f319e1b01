#!/usr/bin/env bash
# Lists of reduced VAT rates that hold the full rates of islands, and a "super reduced" rate that is
# the higher one.
#
# Seen with PyPI eu-vat-rates-data 2026.9.29.
#
# One would guess that "reduced" lists what the country takes for books or food, that the standard
# rate is the highest and the super reduced rate the lowest, and that no rate is in two places.
#
# The European Commission's tables, from which the data comes, also have rates of regions, and here
# they stand in one list, without the region. Portugal's 22 and 16 are the standard rates of Madeira
# and the Azores, Greece's 17 that of some islands, Austria's 19 that of two villages. In France's
# list 8.5 is the standard rate of Guadeloupe, Martinique and Reunion; 0.9 and 13 are Corsica's.
# Nothing tells these from the rates of the mainland. Poland's super reduced rate is 8, above its 5,
# and stands in the list of reduced rates as well, as does Portugal's.
#
# A shop that offers the list when a product is entered, or takes the lowest rate for what is
# reduced, charges a book in Paris with 0.9 %. Which goods and which places a rate is for has to be
# known from elsewhere.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'eu-vat-rates-data==2026.9.29'

"$folder/venv/bin/python" - > "$folder/seen" <<'PYTHON'
from eu_vat_rates_data import get_rate

for country in "AT", "FR", "GR", "PL", "PT":
    rate = get_rate(country)
    print(country, "standard:", rate["standard"], "reduced:", *rate["reduced"],
          "super reduced:", rate["super_reduced"])
PYTHON

cat "$folder/seen"
diff "$folder/seen" - <<'EXPECTED'
AT standard: 20.0 reduced: 10.0 13.0 19.0 super reduced: 4.9
FR standard: 20.0 reduced: 0.9 1.05 5.5 8.5 10.0 13.0 super reduced: 2.1
GR standard: 24.0 reduced: 6.0 13.0 17.0 super reduced: 4.0
PL standard: 23.0 reduced: 5.0 8.0 super reduced: 8.0
PT standard: 23.0 reduced: 6.0 13.0 16.0 22.0 super reduced: 6.0
EXPECTED
