"""Installs resys as packagers do and uses it as others do: README.md's C++ is built against the
installed library through find_package, pkg-config and Meson, and run.
"""

import os
import re
import shutil
import subprocess

import pytest
from support.project import BUILD, ROOT, text

pytestmark = pytest.mark.slow


# Users who are as strict must be able to build.
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"]


def run(*command, cwd=None, **environment):
    finished = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {name: str(value) for name, value in environment.items()},
    )
    assert finished.returncode == 0, finished.stdout[-6000:]
    return finished.stdout


def installed(prefix):
    return sorted(str(path.relative_to(prefix)) for path in prefix.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def static(tmp_path_factory):
    """What the build under test installs."""
    prefix = tmp_path_factory.mktemp("static")
    run("cmake", "--install", BUILD, "--prefix", prefix)
    return prefix


# What the build under test has compiled with the same flags comes from the compiler cache.
def built_and_installed(tmp_path_factory, *options):
    build, prefix = tmp_path_factory.mktemp("build"), tmp_path_factory.mktemp("prefix")
    run("cmake", "-S", ROOT, "-B", build, "-G", "Ninja", *options)
    run("cmake", "--build", build)
    run("cmake", "--install", build, "--prefix", prefix)
    return prefix


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    options = ["-DBUILD_SHARED_LIBS=ON", "-DCMAKE_INSTALL_LIBDIR=lib64"]
    return built_and_installed(tmp_path_factory, *options)


@pytest.fixture(scope="module")
def without_curl(tmp_path_factory):
    return built_and_installed(tmp_path_factory, "-DRESYS_CURL=OFF")


def built_with_meson(tmp_path_factory, *options):
    build, prefix = tmp_path_factory.mktemp("meson-build"), tmp_path_factory.mktemp("meson")
    where = ["--libdir=lib", f"--prefix={prefix}"]
    run("meson", "setup", build, ROOT, "--buildtype=plain", *where, *options)
    run("meson", "install", "-C", build)
    return prefix


@pytest.fixture(scope="module")
def meson(tmp_path_factory):
    return built_with_meson(tmp_path_factory)


# A newer SQLite than the system's, as its makers give it out; an npm package has it with it.
AMALGAMATION = ROOT / "tests/node_modules/better-sqlite3/deps/sqlite3/sqlite3.c"


@pytest.fixture(scope="module")
def own_sqlite(tmp_path_factory):
    return built_and_installed(tmp_path_factory, f"-DRESYS_SQLITE_AMALGAMATION={AMALGAMATION}")


@pytest.fixture(scope="module")
def own_sqlite_meson(tmp_path_factory):
    return built_with_meson(tmp_path_factory, f"-Dsqlite_amalgamation={AMALGAMATION}")


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """README.md's example as a source file."""
    example = re.search(r"```cpp\n(#include.*?)```", text("README.md"), re.DOTALL)[1]
    source = tmp_path_factory.mktemp("readme") / "consumer.cpp"
    source.write_text(example)
    return source


def check(executable, tmp_path, **environment):
    """The program places an order in a new shop.db of its folder, and says so."""
    assert re.search(r"order \S+ is Complete", run(executable, cwd=tmp_path, **environment))


def consume_with_cmake(program, where, tmp_path):
    run(
        *[
            "cmake",
            "-S",
            ROOT / "tests/packaging/consumer",
            "-B",
            tmp_path / "build",
            "-G",
            "Ninja",
        ],
        *[where, f"-DCONSUMER_SOURCE={program}"],
    )
    run("cmake", "--build", tmp_path / "build")
    check(tmp_path / "build/consumer", tmp_path)


def consume_with_pkg_config(program, pkg_config_dir, tmp_path):
    search = {"PKG_CONFIG_PATH": pkg_config_dir}
    flags = run("pkg-config", "--cflags", "--libs", "resys", **search).split()
    run("c++", "-std=c++20", *WARNINGS, program, "-o", tmp_path / "consumer", *flags)
    check(tmp_path / "consumer", tmp_path, LD_LIBRARY_PATH=pkg_config_dir.parent)


# What the header's example leaves to the reader.
OWN_FUNCTIONS = """
resys::Result<std::string> bank_pay(std::string_view key, resys::Money amount,
                                    const std::string& idempotency_key);
"""


@pytest.mark.parametrize("header", ["cart", "checkout", "processor"])
def test_the_example_in_a_header(header, tmp_path):
    about = text(f"include/resys/{header}.hpp").split("#pragma once")[0]
    example = "\n".join(re.findall(r"^//   (.*)", about.split("// Example:")[1], re.MULTILINE))
    source = tmp_path / "example.cpp"
    source.write_text(f"#include <iostream>\n#include <resys/resys.hpp>\n{OWN_FUNCTIONS}{example}")
    run("c++", "-std=c++20", *WARNINGS, "-I", ROOT / "include", "-fsyntax-only", source)


def test_static_library_through_find_package(program, static, tmp_path):
    consume_with_cmake(program, f"-DCMAKE_PREFIX_PATH={static}", tmp_path)


def test_shared_library_through_find_package(program, shared, tmp_path):
    # Debian's CMake does not look into lib64 by itself.
    consume_with_cmake(program, f"-Dresys_DIR={shared}/lib64/cmake/resys", tmp_path)


def test_static_library_through_pkg_config(program, static, tmp_path):
    consume_with_pkg_config(program, next(static.rglob("pkgconfig")), tmp_path)


def test_shared_library_through_pkg_config(program, shared, tmp_path):
    consume_with_pkg_config(program, shared / "lib64/pkgconfig", tmp_path)


@pytest.mark.parametrize("prefix", ["static", "shared", "meson"])
def test_c_through_pkg_config(prefix, request, tmp_path):
    """README.md's C program, compiled and run by the line that stands below it."""
    search = c_search_paths(request.getfixturevalue(prefix))
    blocks = re.search(r"```c\n(.*?)```\n\n```sh\n(.*?)```", text("README.md"), re.DOTALL)
    (tmp_path / "shop.c").write_text(blocks[1])
    printed = run("sh", "-c", strictly(blocks[2]), cwd=tmp_path, **search)
    assert re.search(r"order \S+ is Complete", printed)


def test_the_example_in_c(static, tmp_path):
    search = c_search_paths(static)
    shutil.copy(ROOT / "examples/c/shop.c", tmp_path)
    line = re.search(r"cc -std=c99 .*\)", text("examples/c/shop.c"))[0]
    run("sh", "-c", strictly(line), cwd=tmp_path, **search)
    buy = "printf '%s\\n\\n' 'GREEN 2' | ./shop shop.db"
    assert re.search(r"order \S+ is Complete", run("sh", "-c", buy, cwd=tmp_path, **search))
    too_much = run("sh", "-c", buy.replace("GREEN 2", "BLACK 4"), cwd=tmp_path, **search)
    assert "less stock than requested" in too_much and "order" not in too_much


def test_the_example_in_cpp(static, tmp_path):
    search = c_search_paths(static)
    shutil.copy(ROOT / "examples/cpp/taxes.cpp", tmp_path)
    line = re.search(r"c\+\+ -std=c\+\+20 .*\)", text("examples/cpp/taxes.cpp"))[0]
    run("sh", "-c", line, cwd=tmp_path, **search)
    printed = run("./taxes", cwd=tmp_path, **search)
    assert "VAT 19 % of 11.86 EUR: 2.26 EUR, included\ntotal      32.70 EUR" in printed
    assert "City and district 4.875 % of 16.90 USD: 0.83 USD\ntotal      34.21 USD" in printed


def strictly(line):
    return line.replace("cc ", f"cc {' '.join(WARNINGS)} ", 1)


def c_search_paths(prefix):
    pkg_config_dir = next(prefix.rglob("pkgconfig"))
    # The linker reads LD_LIBRARY_PATH, too: libresys may need libresys_cpp.
    return {"PKG_CONFIG_PATH": pkg_config_dir, "LD_LIBRARY_PATH": pkg_config_dir.parent}


def test_library_built_by_meson_through_pkg_config(program, meson, tmp_path):
    consume_with_pkg_config(program, meson / "lib/pkgconfig", tmp_path)


def test_static_library_through_meson(program, static, tmp_path):
    source, build = tmp_path / "source", tmp_path / "build"
    shutil.copytree(ROOT / "tests/packaging/consumer", source)
    shutil.copy(program, source)
    run("meson", "setup", build, source, f"--pkg-config-path={next(static.rglob('pkgconfig'))}")
    run("meson", "compile", "-C", build)
    check(build / "consumer", tmp_path)


WITHOUT_CURL = """
#include <resys/resys.hpp>

int main() {
  const auto mailer = resys::smtp_mailer({.url = "smtp://localhost:25", .from = "a@example.com"});
  return !resys::curl_transport() && mailer.error().code() == resys::Errc::not_found ? 0 : 1;
}
"""


def test_a_library_without_libcurl(program, without_curl, tmp_path):
    pkg_config_dir = next(without_curl.rglob("pkgconfig"))
    flags = run("pkg-config", "--libs", "resys", PKG_CONFIG_PATH=pkg_config_dir)
    assert "-lcurl" not in flags.split()
    consume_with_pkg_config(program, pkg_config_dir, tmp_path)
    source = tmp_path / "without_curl.cpp"
    source.write_text(WITHOUT_CURL)
    flags = run("pkg-config", "--cflags", "--libs", "resys", PKG_CONFIG_PATH=pkg_config_dir).split()
    run("c++", "-std=c++20", source, "-o", tmp_path / "without_curl", *flags)
    run(tmp_path / "without_curl")


# A host that uses SQLite, too, has the one inside the static library.
PRINT_ENGINE = """
#include <cstdio>
#include <resys/resys.hpp>

extern "C" const char* sqlite3_libversion();

int main() {
  const auto shop = resys::Shop::open({.database = "sqlite:shop.db"}).value();
  std::printf("%s %s", shop->engine().version.c_str(), sqlite3_libversion());
}
"""


@pytest.mark.parametrize("prefix", ["own_sqlite", "own_sqlite_meson"])
def test_a_library_with_a_newer_sqlite_than_the_systems(prefix, program, request, tmp_path):
    pkg_config_dir = next(request.getfixturevalue(prefix).rglob("pkgconfig"))
    flags = run("pkg-config", "--cflags", "--libs", "resys", PKG_CONFIG_PATH=pkg_config_dir).split()
    assert "-lsqlite3" not in flags
    consume_with_pkg_config(program, pkg_config_dir, tmp_path)
    source = tmp_path / "print_engine.cpp"
    source.write_text(PRINT_ENGINE)
    run("c++", "-std=c++20", source, "-o", tmp_path / "print_engine", *flags)
    version = re.search(r'#define SQLITE_VERSION +"(.*)"', AMALGAMATION.read_text())[1]
    assert run(tmp_path / "print_engine", cwd=tmp_path) == f"{version} {version}"
    # For other languages: neither the system's SQLite nor the host's can meet the one inside.
    assert "sqlite3" not in run("nm", "--dynamic", pkg_config_dir.parent / "libresys.so")


def test_a_library_with_a_newer_sqlite_through_find_package(program, own_sqlite, tmp_path):
    consume_with_cmake(program, f"-DCMAKE_PREFIX_PATH={own_sqlite}", tmp_path)


def test_cmake_and_meson_install_the_same(static, meson):
    def neutral(prefix):  # the folder of libraries has another name on each system
        return {
            re.sub(r"^lib(64)?/([\w-]+-linux-gnu/)?", "lib/", name) for name in installed(prefix)
        }

    own_to_cmake = {name for name in neutral(static) if name.startswith("lib/cmake/resys/")}
    assert neutral(static) - own_to_cmake == neutral(meson)
    headers = {path.name for path in (ROOT / "include/resys").iterdir()}
    assert {os.path.basename(name) for name in neutral(meson)} == headers | {
        "libresys_cpp.a",
        "resys.pc",
        "resys.h",
        "resys_names.h",
        "libresys.so",
        "libresys.so.1",
        "libresys.so.1.1.0",
        "resys-c.pc",
    }


def test_the_version_is_the_same_everywhere(static):
    versions = {
        "header": re.search(r'RESYS_VERSION "(.*)"', text("include/resys/resys.hpp"))[1],
        "CMake": re.search(r"project\(resys VERSION (\S+)", text("CMakeLists.txt"))[1],
        "Meson": re.search(r"project\('resys', 'cpp', version: '(.*?)'", text("meson.build"))[1],
        "Python": re.search(r'^version = "(.*)"', text("bindings/python/pyproject.toml"), re.M)[1],
        "change log": re.search(r"^## \[(\d\S*)\]", text("CHANGELOG.md"), re.MULTILINE)[1],
        "pkg-config": run(
            "pkg-config", "--modversion", "resys", PKG_CONFIG_PATH=next(static.rglob("pkgconfig"))
        ).strip(),
    }
    assert len(set(versions.values())) == 1, versions


def test_a_plain_configure_asks_for_the_librarys_own_dependencies_only():
    asked = set(re.findall(r"find_package\((\w+)", text("cmake/dependencies.cmake")))
    assert asked == {"Threads", "SQLite3", "SQLiteCpp", "nlohmann_json", "OpenSSL", "Boost", "CURL"}
    for option in ("TESTS", "DEMO", "BENCH"):
        assert re.search(rf"option\(RESYS_BUILD_{option} .* OFF\)", text("CMakeLists.txt"))
