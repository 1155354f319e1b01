#!/usr/bin/env bash
# Two lists of currencies of which neither has all that a shop's books hold.
#
# Seen with PyPI pycountry 26.2.16 and py-moneyed 3.0.
#
# One would guess that a library that knows ISO 4217 knows the currency of last year's orders, and
# that of today's.
#
# pycountry follows the standard's current table to the letter: a withdrawn currency is gone with
# the next release. Orders paid in Bulgarian leva (until the end of 2025), kuna or Antillean guilders
# cannot be looked up any more. py-moneyed keeps the old ones, and does not know their successors:
# the Caribbean guilder (XCG) and Zimbabwe Gold (ZWG) cannot be priced in.
#
# A shop that checks what it reads from its own database against such a list can no longer open its
# old orders after an update. Two questions need two lists: what may a new price be in, and what may
# stand in the books.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  'pycountry==26.2.16' 'py-moneyed==3.0'

"$folder/venv/bin/python" - > "$folder/seen" <<'PYTHON'
import pycountry
from moneyed import CurrencyDoesNotExist, get_currency


def moneyed_knows(code):
    try:
        return bool(get_currency(code))
    except CurrencyDoesNotExist:
        return False


for code in "EUR", "BGN", "HRK", "ANG", "XCG", "ZWG":
    print(code, "pycountry:", pycountry.currencies.get(alpha_3=code) is not None,
          "py-moneyed:", moneyed_knows(code))
PYTHON

cat "$folder/seen"
diff "$folder/seen" - <<'EXPECTED'
EUR pycountry: True py-moneyed: True
BGN pycountry: False py-moneyed: True
HRK pycountry: False py-moneyed: True
ANG pycountry: False py-moneyed: True
XCG pycountry: True py-moneyed: False
ZWG pycountry: True py-moneyed: False
EXPECTED
