"""What the ABI of the C interface promises; capi_test.c says what it does."""

import re
import subprocess

import pytest
from support.project import BUILD, ROOT, text

LIBRARY = BUILD / "libresys.so"
HEADER = ROOT / "capi" / "resys.h"


@pytest.mark.parametrize(
    "compiler",
    [
        ["cc", "-x", "c", "-std=c99", "-Wstrict-prototypes", "-Wmissing-prototypes"],
        ["c++", "-x", "c++", "-std=c++11", "-Wold-style-cast"],
        ["clang", "-x", "c", "-std=c99", "-Weverything", "-Wno-padded", "-Wno-unused-macros"],
    ],
    ids=["C99", "C++", "clang"],
)
def test_the_header_compiles_alone_and_strictly(compiler):
    warnings = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"]
    compiled = subprocess.run(
        [*compiler, *warnings, "-fsyntax-only", HEADER], capture_output=True, text=True
    )
    assert compiled.returncode == 0, compiled.stderr


def test_header_symbols_table_and_library_agree():
    declared = set(re.findall(r"^RESYS_API [^;(]*?\b(resys_\w+)\(", HEADER.read_text(), re.M))
    table = {line.split()[0] for line in text("capi/symbols").splitlines() if line[0] != "#"}
    listing = subprocess.run(
        ["nm", "-D", "--defined-only", LIBRARY], capture_output=True, text=True, check=True
    ).stdout
    exported = {line.split()[-1].split("@")[0] for line in listing.splitlines()}
    assert declared == table
    assert exported - {"RESYS_1"} == declared
    assert len(declared) <= 60


def test_the_library_is_small(tmp_path):
    stripped = tmp_path / "libresys.so"
    subprocess.run(["strip", "-o", stripped, LIBRARY], check=True)
    assert stripped.stat().st_size < 4_000_000


def test_the_library_s_name_carries_its_abi():
    dynamic = subprocess.run(["readelf", "-d", LIBRARY], capture_output=True, text=True, check=True)
    assert "Library soname: [libresys.so.1]" in dynamic.stdout
