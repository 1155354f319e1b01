#!/usr/bin/env bash
# Whether a VAT number of the EU is one: two libraries disagree about Northern Ireland.
#
# Seen with PyPI python-stdnum 2.2 and npm jsvat 2.5.4.
#
# One would guess that GB numbers left the EU's scheme in 2021 and that libraries agree on the rest.
#
# Traders in Northern Ireland that deal in goods with the EU have the same nine digits with XI in
# front. python-stdnum's list of the EU has XI, and no GB. jsvat, which is asked about all countries
# that it knows, knows no XI, and still has GB. And the Greek prefix: both take EL; for GR, which is
# the country's code everywhere else, python-stdnum says yes and jsvat says no.
#
# A shop that sells to businesses without VAT where the number is valid refuses an honest buyer in
# Belfast with one library, and has to ask whether GB belongs with the other. Ask for country and
# number apart, and map GR to EL and GB to XI by postal code, before any check.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'python-stdnum==2.2'
npm install --silent --no-audit --no-fund --prefix "$folder" 'jsvat@2.5.4'

cd "$folder"
numbers=(XI980780684 GB980780684 EL094259216 GR094259216 NL000099998B57)
venv/bin/python - "${numbers[@]}" > by_python <<'PYTHON'
import sys

from stdnum.eu import vat

for number in sys.argv[1:]:
    print(number, "python-stdnum:", vat.is_valid(number))
PYTHON
node - "${numbers[@]}" > by_node <<'NODE'
const jsvat = require("jsvat");
const countries = Object.values(jsvat).filter((each) => each && each.calcFn);
for (const number of process.argv.slice(2)) {
  console.log("jsvat:", jsvat.checkVAT(number, countries).isValid);
}
NODE
paste -d " " by_python by_node > seen

cat seen
diff seen - <<'EXPECTED'
XI980780684 python-stdnum: True jsvat: false
GB980780684 python-stdnum: False jsvat: true
EL094259216 python-stdnum: True jsvat: true
GR094259216 python-stdnum: True jsvat: false
NL000099998B57 python-stdnum: True jsvat: true
EXPECTED
