#!/usr/bin/env bash
# An embedded commerce library whose carts and whose currency table do not know the same currencies.
#
# Seen with PyPI stateset-embedded 1.40.0.
#
# One would guess that a library has one table of currencies. Its carts refuse an amount with more
# decimals than the currency allows, so they seem to have one.
#
# Carts know the decimals of yen, won and Icelandic krona, and take a price of 100.5 in none of
# them. Kuwaiti dinar may have three. But decimal_places() knows neither dinar nor krona nor
# forint ("Unknown currency code"), so what a cart has taken cannot be shown by it. Chile's unit of
# account, which has four decimals, gets two from the cart. And where a currency is in both, format()
# does not use its decimals: 1234.5 EUR is shown as 1234.5, and 1234.5 JPY with half a yen.
#
# A shop that sells in such a currency finds out when the first receipt is printed.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'stateset-embedded==1.40.0'

"$folder/venv/bin/python" - > "$folder/seen" <<'PYTHON'
from stateset_embedded import AddCartItemInput, Commerce

commerce = Commerce(":memory:")


def takes(currency, price):
    cart = commerce.carts.create(customer_email="ada@example.com", currency=currency)
    try:
        commerce.carts.add_item(cart.id, AddCartItemInput("TEA", "Tea", 1, price))
        return True
    except RuntimeError:
        return False


def most_decimals(currency):
    return max(n for n in range(5) if takes(currency, 1 + (10 ** -n if n else 0)))


def known_decimals(currency):
    try:
        return commerce.currency.decimal_places(currency)
    except ValueError:
        return "unknown"


for currency in "EUR", "JPY", "ISK", "HUF", "KWD", "CLF":
    print(currency, "cart:", most_decimals(currency), "table:", known_decimals(currency))
for currency in "EUR", "JPY":
    print(ascii(commerce.currency.format(1234.5, currency)))
PYTHON

cat "$folder/seen"
diff "$folder/seen" - <<'EXPECTED'
EUR cart: 2 table: 2
JPY cart: 0 table: 0
ISK cart: 0 table: unknown
HUF cart: 2 table: unknown
KWD cart: 3 table: unknown
CLF cart: 2 table: unknown
'\u20ac1234.5'
'\xa51234.5'
EXPECTED
