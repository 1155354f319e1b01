"""Request parameters as Stripe takes them: form-encoded with brackets, checked against a table.

A table maps a name to a check, or to a table of its own; a name that ends in `!` is required. What
stands in no table is refused with parameter_unknown, as Stripe does.
"""

import re
import urllib.parse

from .errors import invalid

# https://docs.stripe.com/currencies: the special cases, and the minimum charge of each currency
# that has one of its own.
ZERO_DECIMAL = set("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".lower().split())
THREE_DECIMAL = set("BHD JOD KWD OMR TND".lower().split())
WHOLE_UNITS_IN_HUNDREDTHS = {"isk", "ugx"}
MINIMUM = {
    "aed": 200, "aud": 50, "bgn": 100, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250,
    "eur": 50, "gbp": 30, "hkd": 400, "huf": 17500, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200,
    "nok": 300, "nzd": 50, "pln": 200, "ron": 200, "sek": 300, "sgd": 50, "thb": 1000, "usd": 50,
}  # fmt: skip
MAXIMUM = 99999999
OTHERS = """
    afn all amd ang aoa ars awg azn bam bbd bdt bmd bnd bob bsd bwp byn bzd cdf cny cop crc cve
    dop dzd egp etb fjd fkp gel gip gmd gtq gyd hnl htg idr ils jmd kes kgs khr kyd kzt lak lbp
    lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mzn nad ngn nio npr pab pen pgk php pkr qar
    rsd rub sar sbd scr shp sle sos srd std szl tjs top try ttd twd tzs uah uyu uzs wst xcd yer
    zar zmw
"""
CURRENCIES = (
    ZERO_DECIMAL | THREE_DECIMAL | WHOLE_UNITS_IN_HUNDREDTHS | set(MINIMUM) | set(OTHERS.split())
)


def decode(text):
    """`a[b][]=1&a[b][]=2` as {"a": {"b": ["1", "2"]}}."""
    tree = {}
    for key, value in urllib.parse.parse_qsl(text, keep_blank_values=True):
        first, rest = re.fullmatch(r"([^\[]*)((?:\[[^\]]*\])*).*", key, re.DOTALL).groups()
        path = [first] + re.findall(r"\[([^\]]*)\]", rest)
        node = tree
        for name in path[:-1]:
            name = name or str(len(node))
            if not isinstance(node.get(name), dict):
                node[name] = {}
            node = node[name]
        node[path[-1] or str(len(node))] = value
    return tree


def check(values, table, prefix=""):
    """The values in their types. Raises the error Stripe answers for the first that is wrong."""
    checks = {name.rstrip("!"): (rule, name.endswith("!")) for name, rule in table.items()}
    for name in values:
        if name not in checks:
            param = f"{prefix}[{name}]" if prefix else name
            raise invalid(
                f"Received unknown parameter: {param}", code="parameter_unknown", param=param
            )
    checked = {}
    for name, (rule, required) in checks.items():
        param = f"{prefix}[{name}]" if prefix else name
        if name in values:
            checked[name] = check_one(values[name], rule, param)
        elif required:
            raise invalid(
                f"Missing required param: {param}.", code="parameter_missing", param=param
            )
    return checked


def check_one(value, rule, param):
    if not isinstance(rule, dict):
        return rule(value, param)
    if not isinstance(value, dict):
        raise invalid(f"Invalid object: {value}", param=param)
    return check(value, rule, param)


def text(value, param):
    if not isinstance(value, str):
        raise invalid(f"Invalid string: {value}", param=param)
    if not value:
        raise invalid(
            f"You passed an empty string for '{param}'. We assume empty values are an attempt to "
            f"unset a parameter; however '{param}' cannot be unset. You should remove '{param}' "
            "from your request or supply a non-empty value.",
            code="parameter_invalid_empty",
            param=param,
        )
    return value


def clearable(value, param):
    return text(value, param) if value else None


def integer(value, param):
    if not isinstance(value, str) or not re.fullmatch(r"-?\d{1,18}", value):
        raise invalid(f"Invalid integer: {value}", code="parameter_invalid_integer", param=param)
    return int(value)


def positive(value, param):
    number = integer(value, param)
    if number < 1:
        raise invalid(
            "This value must be greater than or equal to 1.",
            code="parameter_invalid_integer",
            param=param,
        )
    return number


def boolean(value, param):
    if value not in ("true", "false"):
        raise invalid(f"Invalid boolean: {value}", param=param)
    return value == "true"


def page_size(value, param):
    size = positive(value, param)
    if size > 100:
        raise invalid("This value must be less than or equal to 100 (it currently is "
                      f"'{size}').", param=param)  # fmt: skip
    return size


def one_of(*choices):
    def rule(value, param):
        if value not in choices:
            raise invalid(
                f"Invalid {param}: must be one of {', '.join(choices[:-1])}, or {choices[-1]}",
                param=param,
            )
        return value

    return rule


def list_of_text(value, param):
    if not isinstance(value, dict):
        raise invalid("Invalid array", param=param)
    return [text(entry, f"{param}[{name}]") for name, entry in value.items()]


def metadata(value, param):
    """Up to 50 keys of 40 characters with values of 500; an empty value removes the key."""
    if value == "":
        return None
    if not isinstance(value, dict) or len(value) > 50:
        raise invalid("Metadata can have up to 50 keys.", param=param)
    for name, entry in value.items():
        if not isinstance(entry, str) or len(name) > 40 or len(entry) > 500:
            raise invalid(
                f"Metadata values can have up to 500 characters and keys up to 40: {name}",
                param=param,
            )
    return value


def currency(value, param):
    code = text(value, param).lower()
    if code not in CURRENCIES:
        raise invalid(
            f"Invalid currency: {value}. Stripe currently supports these currencies: "
            + ", ".join(sorted(CURRENCIES)),
            param=param,
        )
    return code


def check_amount(amount, currency_code):
    """What Stripe demands of a charge's amount in that currency."""
    minimum = MINIMUM.get(currency_code, 1)
    if amount < minimum:
        raise invalid(
            f"Amount must be at least {shown(minimum, currency_code)}",
            code="amount_too_small",
            param="amount",
        )
    if amount > MAXIMUM:
        raise invalid(
            f"Amount must be no more than {shown(MAXIMUM, currency_code)}",
            code="amount_too_large",
            param="amount",
        )
    step = (
        10
        if currency_code in THREE_DECIMAL
        else 100
        if currency_code in WHOLE_UNITS_IN_HUNDREDTHS
        else 1
    )
    if amount % step:
        raise invalid(
            f"Invalid integer: {amount}. Amounts in {currency_code} must be divisible by {step}.",
            code="parameter_invalid_integer",
            param="amount",
        )


def shown(amount, currency_code):
    decimals = 0 if currency_code in ZERO_DECIMAL else 3 if currency_code in THREE_DECIMAL else 2
    return f"{amount / 10**decimals:.{decimals}f} {currency_code}"
