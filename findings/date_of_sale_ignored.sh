#!/usr/bin/env bash
# pyvat asks for the date of a sale, and gives the same rate of VAT for every date.
#
# Seen with PyPI pyvat 1.3.18 and duty27-eu-vat 0.1.0, which has the standard rates by date.
#
# One would guess that get_sale_vat_charge(date, ...) gives the rate of that date: what else would
# the date be for?
#
# The date only tells sales before 2015 from later ones, because since then a consumer pays the VAT
# of the own country. Each country has one rate for all dates, and of which date differs. Germany's is
# right today, and wrong for the second half of 2020. Estonia's held for a year and a half, from 2024;
# for any other sale it is wrong. Finland's and Slovakia's ended in 2024.
#
# A shop that corrects an old invoice has to use the rate that stands on it, and one that sells today
# needs rates with the dates from which they hold. A date that a call takes is no sign of either.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  'pyvat==1.3.18' 'duty27-eu-vat==0.1.0'

"$folder/venv/bin/python" - > "$folder/seen" <<'PYTHON'
from datetime import date

from duty27_eu_vat import get_standard_rate
from pyvat import ItemType, Party, get_sale_vat_charge

for buyer in "DE", "EE", "FI", "SK":
    for day in date(2020, 9, 1), date(2024, 3, 1), date(2025, 11, 1):
        charge = get_sale_vat_charge(day, ItemType.generic_electronic_service,
                                     Party(buyer, False), Party("NL", True))
        print(buyer, day, "pyvat:", charge.rate, "was:", get_standard_rate(buyer, day))
PYTHON

cat "$folder/seen"
diff "$folder/seen" - <<'EXPECTED'
DE 2020-09-01 pyvat: 19 was: 16
DE 2024-03-01 pyvat: 19 was: 19
DE 2025-11-01 pyvat: 19 was: 19
EE 2020-09-01 pyvat: 22 was: 20
EE 2024-03-01 pyvat: 22 was: 22
EE 2025-11-01 pyvat: 22 was: 24
FI 2020-09-01 pyvat: 24 was: 24
FI 2024-03-01 pyvat: 24 was: 24
FI 2025-11-01 pyvat: 24 was: 25.5
SK 2020-09-01 pyvat: 20 was: 20
SK 2024-03-01 pyvat: 20 was: 20
SK 2025-11-01 pyvat: 20 was: 23
EXPECTED
