#!/usr/bin/env bash
# py-moneyed shows one amount and passes on another.
#
# Seen with PyPI py-moneyed 3.0.
#
# One would guess that the amount in cents is the amount that is shown, times a hundred.
#
# Money may have more decimals than its currency, as a price after a discount or a tax has. Shown, it
# is rounded; get_amount_in_sub_unit() cuts off. 19.999 EUR is shown as 20.00 and is 1999 cents. And
# round() without an argument rounds to whole units, not to the currency's decimals.
#
# Payment services take cents. The invoice says 20.00, the card is charged 19.99, and the books are
# a cent apart for each such line. Round first, once, to the currency's decimals.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'py-moneyed==3.0'

"$folder/venv/bin/python" - > "$folder/seen" <<'PYTHON'
from moneyed import Money
from moneyed.l10n import format_money

for amount in "19.999", "2.675", "-19.999":
    money = Money(amount, "EUR")
    shown = format_money(money, locale="en_US")
    print(amount, "shown:", shown, "cents:", money.get_amount_in_sub_unit(),
          "round():", money.round().amount, "rounded first:", money.round(2).get_amount_in_sub_unit())
PYTHON

cat "$folder/seen"
diff "$folder/seen" - <<'EXPECTED'
19.999 shown: €20.00 cents: 1999 round(): 20 rounded first: 2000
2.675 shown: €2.68 cents: 267 round(): 3 rounded first: 268
-19.999 shown: -€20.00 cents: -1999 round(): -20 rounded first: -2000
EXPECTED
