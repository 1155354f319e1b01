"""resys.Money: exact, of one currency, of no float."""

import copy
import decimal
import pickle
from decimal import Decimal

import pytest
from resys import Money


def test_it_is_what_it_is_made_of():
    assert Money("12.50", "EUR") == Money(Decimal("12.5"), "EUR") == Money.of_minor(1250, "EUR")
    assert Money(3, "EUR").minor == 300
    assert Money("-0.05", "EUR").minor == -5
    assert Money("12.500", "EUR").minor == 1250


@pytest.mark.parametrize(
    "amount, currency, minor, text",
    [
        ("12.5", "EUR", 1250, "12.50 EUR"),
        ("1250", "JPY", 1250, "1250 JPY"),
        ("0.005", "KWD", 5, "0.005 KWD"),
        ("-0.5", "EUR", -50, "-0.50 EUR"),
        ("90071992547409.91", "EUR", 2**53 - 1, "90071992547409.91 EUR"),
    ],
)
def test_each_currency_has_its_digits(amount, currency, minor, text):
    money = Money(amount, currency)
    assert money.minor == minor and str(money) == text
    assert money.amount == Decimal(amount)
    assert Money(money.amount, currency) == money
    assert eval(repr(money)) == money


def test_it_is_exact_whatever_the_decimal_context_is():
    with decimal.localcontext() as context:
        context.prec = 3
        assert Money("123456.78", "EUR").amount == Decimal("123456.78")


@pytest.mark.parametrize(
    "amount", ["12.505", "1e-999999999", "1e999999999", "90071992547409.92", "NaN", "Infinity", ""]
)
def test_what_is_no_amount_is_refused(amount):
    with pytest.raises(ValueError):
        Money(amount, "EUR")


def test_floats_and_unknown_currencies_are_refused():
    for wrong in (1.5, None, b"1", True, [1]):
        with pytest.raises(TypeError):
            Money(wrong, "EUR")
    with pytest.raises(TypeError):
        Money.of_minor(1.0, "EUR")
    for code in ("", "eur", "ABC"):
        with pytest.raises(ValueError):
            Money(1, code)


def test_arithmetic():
    a, b = Money("1.10", "EUR"), Money("2.20", "EUR")
    assert a + b == Money("3.30", "EUR") and b - a == a and 3 * a == a * 3 == Money("3.30", "EUR")
    assert -a == Money("-1.10", "EUR")
    assert a < b <= b and b > a >= a
    assert sum([a, b], Money(0, "EUR")) == a + b
    assert {a: 1}[Money("1.1", "EUR")] == 1
    with pytest.raises(TypeError):
        a * 1.5
    with pytest.raises(TypeError):
        a + 1
    with pytest.raises(ValueError):
        Money.of_minor(2**53 - 1, "EUR") + Money.of_minor(1, "EUR")


def test_currencies_do_not_mix():
    euro, dollar = Money(1, "EUR"), Money(1, "USD")
    assert euro != dollar and euro != 1
    for mixed in (lambda: euro + dollar, lambda: euro - dollar, lambda: euro < dollar):
        with pytest.raises(ValueError):
            mixed()


def test_it_is_copied_and_formatted():
    money = Money("1.10", "EUR")
    assert pickle.loads(pickle.dumps(money)) == money == copy.deepcopy(money)
    assert f"{money:>10}" == "  1.10 EUR"
