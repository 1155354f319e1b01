#!/usr/bin/env bash
# CLDR's currency data, from 47 to 48: four currencies lose their decimals.
#
# Seen with npm cldr-core 47.0.0 and 48.2.0, PyPI iso4217 1.16.20260101 and Babel 2.19.0.
#
# One would guess that the number of decimals of a currency is a fact, the same in every table: it
# is the "minor unit" of ISO 4217, and it decides whether 4999 is 49.99 or 4,999.
#
# CLDR, from which Intl of JavaScript, ICU and Babel take it, says how people write prices. Between
# two major versions it went from 2 to 0 for COP, HUF, IDR and PKR, while ISO 4217 keeps 2. Babel
# 2.19.0 stands between: HUF, COP and IDR have none, PKR still two.
#
# A shop that stores amounts in the smallest unit and asks such a table how many decimals they have
# shows, or charges, a hundred times the price in these currencies after an update of a library, or
# of Node. Decimals for amounts must come from ISO 4217 (or from the payment service), never from a
# table that is meant for showing prices.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  'iso4217==1.16.20260101' 'Babel==2.19.0'
npm install --silent --no-audit --no-fund --prefix "$folder/npm" \
  'cldr47@npm:cldr-core@47.0.0' 'cldr48@npm:cldr-core@48.2.0'

"$folder/venv/bin/python" - "$folder/npm/node_modules" > "$folder/seen" <<'PYTHON'
import json
import sys

from babel.numbers import get_currency_precision
from iso4217 import Currency


def decimals(version, currency):
    with open(f"{sys.argv[1]}/cldr{version}/supplemental/currencyData.json") as file:
        fractions = json.load(file)["supplemental"]["currencyData"]["fractions"]
    return int(fractions.get(currency, fractions["DEFAULT"])["_digits"])


for currency in "COP", "HUF", "IDR", "PKR", "EUR":
    print(currency, "ISO 4217:", Currency(currency).exponent,
          "CLDR 47:", decimals(47, currency), "CLDR 48:", decimals(48, currency),
          "Babel:", get_currency_precision(currency))
PYTHON

cat "$folder/seen"
diff "$folder/seen" - <<'EXPECTED'
COP ISO 4217: 2 CLDR 47: 2 CLDR 48: 0 Babel: 0
HUF ISO 4217: 2 CLDR 47: 2 CLDR 48: 0 Babel: 0
IDR ISO 4217: 2 CLDR 47: 2 CLDR 48: 0 Babel: 0
PKR ISO 4217: 2 CLDR 47: 2 CLDR 48: 0 Babel: 2
EUR ISO 4217: 2 CLDR 47: 2 CLDR 48: 2 Babel: 2
EXPECTED
