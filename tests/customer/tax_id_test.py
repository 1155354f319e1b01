"""Tax ids held against python-stdnum: random ones of each form, and right ones with another digit.

Where the two differ for a reason, expected() states it.
"""

import functools
import random
import re
import string
import subprocess

import stdnum.ch.uid
import stdnum.gb.vat
import stdnum.no.orgnr
import stdnum.se.orgnr
from stdnum import get_cc_module, luhn
from support.project import BUILD

EACH = 2000
RANDOM = random.Random(20261130)

# 9 is a digit, L a letter, X either, d a month and a day, s a number with its Luhn digit.
FORMS = {
    "AT": ["U99999999"],
    "BE": ["0999999999", "1999999999"],
    "BG": ["999999999", "9999999999", "99d9999"],
    "CY": ["99999999L"],
    "CZ": ["99999999", "699999999", "99d999", "99d9999"],
    "DE": ["999999999"],
    "DK": ["99999999"],
    "EE": ["999999999"],
    "EL": ["999999999"],
    "ES": ["99999999L", "L9999999L", "L99999999"],
    "FI": ["99999999"],
    "FR": ["99s", "XXs", "99000999999"],
    "GB": ["999999999", "999999999999", "GD999", "HA999"],
    "HR": ["99999999999"],
    "HU": ["99999999"],
    "IE": ["9999999L", "9999999LA", "9999999LH", "9999999LW", "9L99999L", "9+99999L"],
    "IT": ["99999990999", "99999998889", "99999999999"],
    "LT": ["999999919", "999999999", "999999999919"],
    "LU": ["99999999"],
    "LV": ["99999999999", "01099919999", "15079919999", "31129909999", "32999999999"],
    "MT": ["99999999"],
    "NL": ["999999999B99"],
    "NO": ["999999999", "999999999MVA"],
    "PL": ["9999999999"],
    "PT": ["999999999"],
    "RO": ["99", "9999", "9999999", "9999999999", "199d129999", "699d409999"],
    "SE": ["999999999901", "999999999999"],
    "SI": ["99999999"],
    "SK": ["9999999999"],
    "CH": ["E999999999", "E999999999MWST", "E999999999TPV"],
}


def made(form):
    def place(letter):
        if letter == "9":
            return RANDOM.choice(string.digits)
        if letter == "L":
            return RANDOM.choice(string.ascii_uppercase)
        if letter == "X":
            return RANDOM.choice(string.digits + string.ascii_uppercase)
        if letter == "d":  # a woman's, or in the last century but one
            month = RANDOM.randrange(1, 13) + RANDOM.choice((0, 0, 20, 40, 50))
            return f"{month:02}{RANDOM.randrange(1, 32):02}"
        if letter == "s":
            digits = f"{RANDOM.randrange(10**8):08}"
            return digits + luhn.calc_check_digit(digits)
        return letter

    return "".join(map(place, form))


def changed(body):
    at = RANDOM.choice([at for at, letter in enumerate(body) if letter.isdigit()])
    digit = RANDOM.choice(string.digits.replace(body[at], ""))
    return body[:at] + digit + body[at + 1 :]


@functools.cache
def module_of(country):
    return get_cc_module({"EL": "gr"}.get(country, country.lower()), "vat")


def theirs(country, body):
    if country == "NO" and body[-1].isdigit():
        return stdnum.no.orgnr.is_valid(body)
    if country == "CH" and body[-1].isdigit():
        return stdnum.ch.uid.is_valid(country + body)
    return module_of(country).is_valid(country + body)


def expected(country, body):
    if country == "SE":  # the Commission's rules have 01 to 94 at the end
        return stdnum.se.orgnr.is_valid(body[:10]) and 1 <= int(body[10:]) <= 94
    if country == "LV" and re.match("3[2-9]", body):  # no check digit is published
        return True
    if not theirs(country, body):
        return False
    if country == "BE":  # the check digits are 97 less a remainder by 97
        return 1 <= int(body[8:]) <= 97
    if country == "CZ" and len(body) == 9:  # nobody is left who was born before 1900
        return body[0] <= "5" and int(body[:2]) <= 53 or body[0] == "6"
    if country == "ES":  # which companies have a letter
        return not re.fullmatch(r"[JUV].*[A-Z]|[NPQRSW].*\d", body)
    if country == "GB" and len(body) >= 9:  # 97-55 leaves 42
        return stdnum.gb.vat.checksum(body[:9]) != 55
    if country == "SK":  # not a person's number
        return int(body) % 11 == 0 and re.match(r"[1-9]\d[234789]", body) is not None
    return True


def is_left_out(country, body):
    """Resys checks days of birth without the year, and not the county of a Romanian's."""
    may_be_leap_day = "229" in body or body.startswith("2902")
    has_other_county = len(body) == 13 and body[7:9] not in ("12", "40")
    return country in ("BG", "CZ", "LV", "RO") and (may_be_leap_day or has_other_county)


def read(ids):
    program = BUILD / "tests" / "resys_read_tax_ids"
    lines = "".join(f"{each}\n" for each in ids)
    ran = subprocess.run([program], input=lines, capture_output=True, text=True, check=True)
    return ran.stdout.splitlines()


def test_ids_are_right_where_another_library_says_so():
    wrong = []
    for country, forms in FORMS.items():
        for form in forms:
            bodies = [made(form) for _ in range(EACH)]
            bodies += [changed(body) for body in bodies if theirs(country, body)]
            bodies = [body for body in bodies if not is_left_out(country, body)]
            ids = [country + body for body in bodies]
            right = [expected(country, body) for body in bodies]
            assert any(right), f"{country}{form}: none of {len(bodies)} is right"
            said = zip(ids, right, read(ids), strict=True)
            wrong += [(each, text) for each, is_right, text in said if (text == each) != is_right]
    assert not wrong, f"{len(wrong)} ids, such as {wrong[:20]}"
