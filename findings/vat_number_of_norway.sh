#!/usr/bin/env bash
# A VAT number of Norway: four libraries, and no way to write it that all of them take.
#
# Seen with PyPI python-stdnum 2.2 and eu-vat-rates-data 2026.9.29, npm jsvat 2.5.4 and
# jsvat-next 3.0.4.
#
# One would guess that a number as it stands on every Norwegian invoice, nine digits and MVA, with or
# without NO in front, is valid for each library that says it knows Norway.
#
# python-stdnum takes it with NO or without, but not without MVA. jsvat wants NO. Its successor
# jsvat-next refuses NO, and takes the number without only where Norway is the one country asked
# for; with its whole list it is taken for one of Australia and refused. eu-vat-rates-data has a
# pattern for Norway, but finds the pattern by the first two letters, which the pattern does not
# allow: no text at all is valid, as for twelve other countries of its list.
#
# (The number below is made up; its check digit is right.)
#
# A shop that checks in the browser with one and in its books with another refuses Norwegian
# companies somewhere. Ask for the country apart, and give each library the form that it wants.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  'python-stdnum==2.2' 'eu-vat-rates-data==2026.9.29'
npm install --silent --no-audit --no-fund --prefix "$folder" 'jsvat@2.5.4' 'jsvat-next@3.0.4'

cd "$folder"
numbers=(NO123456785MVA 123456785MVA NO123456785)
venv/bin/python - "${numbers[@]}" > by_python <<'PYTHON'
import sys

from eu_vat_rates_data import validate_format
from stdnum.no import mva

for number in sys.argv[1:]:
    print(number, "python-stdnum:", mva.is_valid(number),
          "eu-vat-rates-data:", validate_format(number))
PYTHON
node - "${numbers[@]}" > by_node <<'NODE'
const jsvat = require("jsvat");
const next = require("jsvat-next");
const countries = (library) => Object.values(library).filter((each) => each && each.calcFn);
for (const number of process.argv.slice(2)) {
  const all = next.checkVAT(number, countries(next));
  console.log(
    `jsvat: ${jsvat.checkVAT(number, countries(jsvat)).isValid}`,
    `jsvat-next: ${all.isValid} (${all.country.name})`,
    `asked for Norway only: ${next.checkVAT(number, [next.norway]).isValid}`,
  );
}
NODE
paste -d " " by_python by_node > seen
venv/bin/python - >> seen <<'PYTHON'
from eu_vat_rates_data import get_all_rates

# A pattern that begins with digits, or with one letter and digits, never has two letters in front.
print("no text is valid:", *(country for country, rate in get_all_rates().items()
                             if rate["pattern"].startswith((r"^\d", r"^[A-Z]\d"))))
PYTHON

cat seen
diff seen - <<'EXPECTED'
NO123456785MVA python-stdnum: True eu-vat-rates-data: False jsvat: true jsvat-next: false (Norway) asked for Norway only: false
123456785MVA python-stdnum: True eu-vat-rates-data: False jsvat: false jsvat-next: false (Australia) asked for Norway only: true
NO123456785 python-stdnum: False eu-vat-rates-data: False jsvat: true jsvat-next: false (Norway) asked for Norway only: false
no text is valid: AD AL BA GE IS LI MD ME NO RS TR UA XK
EXPECTED
