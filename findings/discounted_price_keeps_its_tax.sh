#!/usr/bin/env bash
# prices takes a discount off a price with tax, and leaves the tax as it was.
#
# Seen with PyPI prices 1.1.1.
#
# One would guess that 10 % off a price of 100 net and 120 gross is 90 net and 108 gross: a tenth
# less of both, and of the tax.
#
# percentage_discount() computes one amount, from the gross price (12) or the net one (10), and takes
# that same amount off both. The price becomes 88 net and 108 gross: 20 of tax on 88 is nearly 23 %.
# At 90 % off the net price is nothing and the tax 12, which is the whole price. With from_gross=False
# a price at 100 % off still costs its tax. fixed_discount() does the same. On plain amounts it is
# right: discount first, then add the tax.
#
# A shop that shows gross prices sees nothing, as the gross price is the one expected. But its books
# and its VAT return have too little revenue and too much tax.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'prices==1.1.1'

"$folder/venv/bin/python" - > "$folder/seen" <<'PYTHON'
from decimal import Decimal

from prices import Money, TaxedMoney, fixed_discount, flat_tax, percentage_discount


def show(what, price):
    print(f"{what}: net {price.net.amount:.2f} gross {price.gross.amount:.2f}"
          f" tax {price.tax.amount:.2f}")


net = Money(Decimal("100.00"), "EUR")
taxed = flat_tax(net, Decimal("0.20"))
show("no discount", taxed)
for percent in 10, 50, 90, 100:
    show(f"{percent} % off", percentage_discount(taxed, percent))
    show(f"{percent} % off, from net", percentage_discount(taxed, percent, from_gross=False))
show("30 off", fixed_discount(taxed, Money(Decimal("30.00"), "EUR")))
show("10 % off, then tax", flat_tax(percentage_discount(net, 10), Decimal("0.20")))
PYTHON

cat "$folder/seen"
diff "$folder/seen" - <<'EXPECTED'
no discount: net 100.00 gross 120.00 tax 20.00
10 % off: net 88.00 gross 108.00 tax 20.00
10 % off, from net: net 90.00 gross 110.00 tax 20.00
50 % off: net 40.00 gross 60.00 tax 20.00
50 % off, from net: net 50.00 gross 70.00 tax 20.00
90 % off: net 0.00 gross 12.00 tax 12.00
90 % off, from net: net 10.00 gross 30.00 tax 20.00
100 % off: net 0.00 gross 0.00 tax 0.00
100 % off, from net: net 0.00 gross 20.00 tax 20.00
30 off: net 70.00 gross 90.00 tax 20.00
10 % off, then tax: net 90.00 gross 108.00 tax 18.00
EXPECTED
