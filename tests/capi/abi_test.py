"""What the ABI of the C interface promises; the tests in C beside it say what it does."""

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
    assert stripped.stat().st_size < 6_000_000


def test_the_library_s_name_carries_its_abi():
    dynamic = subprocess.run(["readelf", "-d", LIBRARY], capture_output=True, text=True, check=True)
    assert "Library soname: [libresys.so.1]" in dynamic.stdout


BASELINE = ROOT / "capi" / "baseline"


def abi_differences(library):
    """What a program that was linked against the baseline would trip over; empty if nothing."""
    return subprocess.run(
        ["abidiff", "--no-added-syms", "--exported-interfaces-only",
         "--suppressions", ROOT / "capi" / "abidiff.ini", BASELINE / "resys.abi", library],
        capture_output=True,
        text=True,
    )  # fmt: skip


def test_nothing_of_the_released_abi_has_changed():
    difference = abi_differences(LIBRARY)
    assert difference.returncode == 0, difference.stdout + difference.stderr


# Changes that a later header might make, and whether they keep the promise.
CHANGES = {
    "a struct grows at its end": (
        "  size_t group_count;", "  size_t group_count;\n  int64_t more;", True),
    "a function is added": (
        "#ifdef __cplusplus\n}", "RESYS_API int resys_more(void);\n#ifdef __cplusplus\n}", True),
    "a struct grows in its midst": (
        "  resys_text idempotency_key;", "  int64_t more;\n  resys_text idempotency_key;", False),
    "a function is taken away": ("RESYS_API resys_text resys_version(void);", "", False),
    "a parameter changes its type": (
        "resys_worker_stop(resys_worker* worker)", "resys_worker_stop(int64_t worker)", False),
    "a text grows": (
        "  size_t size;\n} resys_text;", "  size_t size;\n  size_t more;\n} resys_text;", False),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_the_comparison_sees_what_breaks(change, tmp_path):
    before, after, is_kept = CHANGES[change]
    header = HEADER.read_text()
    assert before in header
    header = header.replace(before, after)
    bodies = re.findall(r"^RESYS_API ([^;]*);", header, re.M)
    source = tmp_path / "shape.c"
    source.write_text(
        header + "#include <stdlib.h>\n" + "".join(f"{body} {{ abort(); }}\n" for body in bodies)
    )
    library = tmp_path / "libresys.so.1"
    subprocess.run(
        ["cc", "-std=c99", "-g", "-shared", "-fPIC", "-Wl,-soname,libresys.so.1",
         f"-Wl,--version-script={ROOT / 'capi' / 'resys.map'}", "-o", library, source],
        check=True,
    )  # fmt: skip
    difference = abi_differences(library)
    assert (difference.returncode == 0) == is_kept, difference.stdout + difference.stderr


def constants(header):
    enumerators = re.findall(r"\b(RESYS_[A-Z_]+) = (\d+)", header)
    macros = re.findall(r"^#define (RESYS_[A-Z_]+) (.+)$", header, re.M)
    return {name: value for name, value in enumerators + macros if "_VERSION_" not in name}


def test_constants_keep_their_numbers():
    released = constants((BASELINE / "resys.h").read_text())
    assert released["RESYS_INTERNAL"] == "19"
    assert released.items() <= constants(HEADER.read_text()).items()


def test_a_program_of_the_released_header_runs(tmp_path):
    program = tmp_path / "capi_test"
    subprocess.run(
        ["cc", "-std=c99", "-D_POSIX_C_SOURCE=200809L", f"-I{BASELINE}", "-o", program,
         *(ROOT / "tests" / "capi").glob("*.c"), f"-L{BUILD}", f"-Wl,-rpath,{BUILD}", "-lresys",
         "-pthread"],
        check=True,
    )  # fmt: skip
    ran = subprocess.run([program], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "All tests passed" in ran.stdout
