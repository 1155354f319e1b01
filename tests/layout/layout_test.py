"""The house rules of src/README.md, executed: who includes whom, where files stand, their size."""

import concurrent.futures
import os
import re
import subprocess

import pytest
from support.project import ROOT, files, text

SOURCES = (".cpp", ".hpp", ".h", ".c")
CODE = SOURCES + (".py", ".js", ".mjs", ".cmake", ".html", ".css")

# Which of the project's headers a folder may include. Its own and include/resys always.
MAY_INCLUDE = {
    "include/resys": (),
    "src/fields": (),
    "src/domain": ("fields/",),
    "src/db": (),
    "src/store": ("domain/", "db/database.hpp"),
    "src/app": ("fields/", "domain/", "store/", "db/database.hpp", "net/crypto.hpp"),
    "src/payments": ("net/crypto.hpp",),
    "src/net": (),
    "src/api": ("fields/",),
    "capi": (),
}
COMPOSITION_ROOT = "src/app/shop.cpp"

# Who may include the headers of others; the standard library is for all.
FOREIGN = {
    "boost/outcome/": r"include/resys/result\.hpp",
    "boost/version.hpp": r"include/resys/result\.hpp",
    "SQLiteCpp/": r"src/db/sqlite_connection\.hpp",
    "sqlite3.h": r"src/db/sqlite\w*\.cpp",
    "nlohmann/": r"(src/api/.*|src/payments/stripe\w*\.(cpp|hpp)|capi/resys\.cpp)",
    "curl/": r"src/net/.*",
    "openssl/": r"src/net/.*",
}
# The operating system's headers stand in few named files, so that another system is a small step.
SYSTEM_HEADERS = re.compile(r"(sys/|netinet/|arpa/)?\w+\.h")
SYSTEM_FILES = r"src/(net|db)/.*|capi/resys\.h"


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
    for kind, header in includes(name):
        if kind == '"':
            if name != COMPOSITION_ROOT and not header.startswith(
                ("resys/", own, *MAY_INCLUDE[folder])
            ):
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


def test_lines_and_files_are_short():
    long = []
    for name in files(*CODE):
        lines = text(name).splitlines()
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
        "tests",
        "cmake",
    }
    top = {name.split("/")[0] for name in files("")}
    assert {name for name in top if not name.startswith(".")} <= wanted
