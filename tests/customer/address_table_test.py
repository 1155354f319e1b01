"""The table of address rules is what its program makes of the pinned package's data."""

import subprocess
import sys

from support.project import ROOT, text


def test_the_table_is_fresh():
    program = ROOT / "src" / "customer" / "address_rules.py"
    made = subprocess.run([sys.executable, program], capture_output=True, text=True, check=True)
    assert made.stdout == text("src/customer/address_table.cpp"), f"run {program}"
