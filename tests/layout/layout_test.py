"""The house rules of src/README.md, executed: who includes whom, where files stand, their size."""

import concurrent.futures
import os
import re
import subprocess

import pytest
from support.project import ROOT, files, text

SOURCES = (".cpp", ".hpp", ".h", ".c")
CODE = SOURCES + (".py", ".js", ".mjs", ".cmake", ".html", ".css")

# Which modules a module may include. Its own and include/resys always.
NOUNS = ("base/", "catalog/")
MAY_INCLUDE = {
    "include/resys": (),
    "src/base": (),
    "src/catalog": ("base/",),
    "src/inventory": NOUNS,
    "src/pricing": NOUNS,
    "src/shipping": NOUNS,
    "src/customer": NOUNS,
    "src/payment": NOUNS,
    "src/event": NOUNS,
    "src/order": NOUNS
    + ("inventory/", "pricing/", "shipping/", "customer/", "payment/", "event/"),
    "src/mail": ("base/", "order/", "payment/", "event/"),
    "src/net": ("base/",),
    "src/api": (
        "base/",
        "event/fields.hpp",
        "order/tax_calculation_fields.hpp",
        "payment/processor_fields.hpp",
    ),
    "src/shop": ("",),  # the composition root
    "capi": ("replies.hpp",),
    "capi/baseline": (),
}
# A module's rows of the operation table are made with the table's machinery.
OPERATIONS = re.compile(r"src/\w+/(\w+_)?operations\.cpp")
# Pure rules: no SQL, no port. They include other pure files and nothing else.
PURE = re.compile(
    r"src/(base/(area|back_off|error|folding|id|id_source|limits|money|text|time)"
    r"|catalog/rules"
    r"|pricing/(exact|price_(list|rules)|promotion(_(actions|check|conditions|goods))?"
    r"|quote|shipping_price|tax|validity)"
    r"|shipping/rules|customer/(address\w*|postal_code|tax_id)|payment/row"
    r"|order/(row|rules|explanation|payment_update|order_follows))\.hpp"
)
# A plain struct, which rows can be made of.
PLAIN = "base/actor.hpp"
# The names of the drivers of the database.
DRIVERS = re.compile(r"base/db/(?!database\.hpp)")

# Who may include the headers of others; the standard library is for all.
FOREIGN = {
    "boost/outcome/": r"include/resys/result\.hpp",
    "boost/version.hpp": r"include/resys/result\.hpp",
    "SQLiteCpp/": r"src/base/db/sqlite_connection\.hpp",
    "sqlite3.h": r"src/base/db/sqlite\w*\.cpp",
    "nlohmann/": r"(src/api/.*|src/payment/stripe\w*\.(cpp|hpp)|capi/resys\.cpp)",
    "curl/": r"src/net/.*",
    "openssl/": r"src/(net/.*|base/crypto\.cpp)",
}
# The operating system's headers stand in few named files, so that another system is a small step.
SYSTEM_HEADERS = re.compile(r"(sys/|netinet/|arpa/)?\w+\.h")
SYSTEM_FILES = r"src/(net|base/db)/.*|capi/(baseline/)?resys\.h"


def includes(name):
    return re.findall(r'^\s*#\s*include\s+(["<])([^">]+)[">]', text(name), re.MULTILINE)


def library_files():
    return [name for name in files(*SOURCES) if name.startswith(("include/", "src/", "capi/"))]


def folder_of(name):
    return "/".join(name.split("/")[:-1][:2])


def wrong_includes(name):
    folder = folder_of(name)
    if folder not in MAY_INCLUDE:
        yield f"{name}: {folder} is not in the table"
        return
    own = {"include/resys": "resys/", "capi": "resys.h"}.get(
        folder, folder.removeprefix("src/") + "/"
    )
    allowed = ["resys/", own, *MAY_INCLUDE[folder]]
    if OPERATIONS.fullmatch(name):
        allowed.append("api/operation.hpp")
    for kind, header in includes(name):
        if kind == '"':
            is_driver = DRIVERS.match(header) and folder not in ("src/base", "src/shop")
            if is_driver or not header.startswith(tuple(allowed)):
                yield f"{name} must not include {header}"
        elif not re.fullmatch(r"[a-z_]+", header):  # those are the standard library's
            owners = [who for prefix, who in FOREIGN.items() if header.startswith(prefix)]
            if SYSTEM_HEADERS.fullmatch(header):
                owners.append(SYSTEM_FILES)
            if not any(re.fullmatch(who, name) for who in owners):
                yield f"{name} must not include <{header}>"


def test_includes_follow_the_table():
    wrong = [line for name in library_files() for line in wrong_includes(name)]
    assert not wrong, "\n".join(wrong)


def test_pure_rules_include_pure_rules_only():
    wrong = []
    for name in library_files():
        if not PURE.fullmatch(re.sub(r"\.cpp$", ".hpp", name)):
            continue
        for kind, header in includes(name):
            is_pure = header.startswith(("resys/", PLAIN)) or PURE.fullmatch("src/" + header)
            if kind == '"' and not is_pure:
                wrong.append(f"{name} must not include {header}")
    assert not wrong, "\n".join(wrong)


def test_every_source_is_listed_once_and_exists():
    lists = [
        text(name).split() for name in files(".txt") if re.fullmatch(r"cmake/sources\w*\.txt", name)
    ]
    listed = [source for names in lists for source in names]
    assert sorted(listed) == [name for name in files(".cpp") if name.startswith("src/")]


def test_every_cpp_test_is_listed_in_its_folder():
    listed = re.findall(
        r"^resys_tests\((\w+)\s+([^)]*)\)", text("tests/CMakeLists.txt"), re.MULTILINE
    )
    named = sorted(f"tests/{folder}/{file}" for folder, names in listed for file in names.split())
    assert named == [name for name in files("_test.cpp") if name.startswith("tests/")]


HEADERS = [name for name in files(".hpp") if name.startswith("include/resys/")]


@pytest.mark.parametrize("compiler", ["g++", "clang++"])
def test_each_public_header_compiles_alone(compiler):
    def compile_alone(name):
        header = name.removeprefix("include/")
        command = [
            compiler,
            "-std=c++20",
            "-Wall",
            "-Wextra",
            "-Wpedantic",
            "-Wconversion",
            "-Wshadow",
            "-Werror",
            f"-I{ROOT / 'include'}",
            "-fsyntax-only",
            "-x",
            "c++",
            "-",
        ]
        source = f'#include "{header}"\n#include "{header}"\n'
        return subprocess.run(command, input=source, capture_output=True, text=True).stderr

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        refused = {
            name: output
            for name, output in zip(HEADERS, pool.map(compile_alone, HEADERS))
            if output
        }
    assert not refused, "\n".join(refused.values())


def is_generated(name):
    """Whether its first comment names the program in this project that makes it."""
    made_by = re.search(r"Generated by ([\w/]+\.py)", text(name)[:200])
    return bool(made_by) and (ROOT / made_by[1]).is_file()


def test_lines_and_files_are_short():
    long = []
    for name in files(*CODE):
        lines = text(name).splitlines()
        if is_generated(name):
            continue
        limit = 280 if name.startswith("include/resys/") else 700
        if len(lines) > limit:
            long.append(f"{name}: {len(lines)} lines, more than {limit}")
        long += [
            f"{name}:{number}: {len(line)} columns"
            for number, line in enumerate(lines, 1)
            if len(line) > 100
        ]
    assert not long, "\n".join(long)


def test_each_file_says_what_it_is_for():
    silent = [
        name
        for name in files(*SOURCES, ".py", ".js", ".mjs")
        if not text(name).startswith(("//", "/*", '"""', "#!"))
    ]
    assert not silent, "\n".join(silent)


def test_nothing_is_left_open():
    word = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
    open_ends = [
        f"{name}:{number}: {line.strip()}"
        for name in files(*CODE, "run")
        for number, line in enumerate(text(name).splitlines(), 1)
        if word.search(line)
    ]
    assert not open_ends, "\n".join(open_ends)


def test_the_top_level_holds_what_it_should():
    wanted = {
        "CMakeLists.txt",
        "meson.build",
        "meson_options.txt",
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "SECURITY.md",
        "include",
        "src",
        "capi",
        "bindings",
        "examples",
        "findings",
        "tests",
        "cmake",
    }
    top = {name.split("/")[0] for name in files("")}
    assert {name for name in top if not name.startswith(".")} <= wanted
