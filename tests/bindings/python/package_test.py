"""What the package promises as a package: types, one SQLite, no warnings, the README's program."""

import importlib.metadata
import inspect
import json
import pathlib
import pickle
import re
import shutil
import subprocess
import sys
import typing

import pytest
import resys
from support.project import ROOT, text

INSTALLED = pathlib.Path(resys.__file__).parent
EXAMPLES = sorted((ROOT / "examples" / "python").glob("*.py"))


def readme_program(name="README.md"):
    """The first Python block of a README."""
    return re.search(r"```python\n(.*?)```", text(name), re.DOTALL)[1]


def run(*arguments, folder):
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, timeout=120
    )


@pytest.mark.parametrize("readme", ["README.md", "bindings/python/README.md"])
def test_the_readme_s_program_runs_as_printed(tmp_path, readme):
    (tmp_path / "program.py").write_text(readme_program(readme), encoding="utf-8")
    ran = run("-X", "dev", "-W", "error", "program.py", folder=tmp_path)
    assert ran.returncode == 0 and ran.stderr == "", ran.stderr
    assert re.search(r"Complete", ran.stdout), ran.stdout
    assert (tmp_path / "shop.db").exists()


def test_mypy_is_content(tmp_path):
    """Strictly, with the package as users have it, its own sources, examples and README."""
    program = tmp_path / "readme_program.py"
    program.write_text(readme_program(), encoding="utf-8")
    other = tmp_path / "package_readme_program.py"
    other.write_text(readme_program("bindings/python/README.md"), encoding="utf-8")
    cache = f"--cache-dir={tmp_path / 'cache'}"
    for names in ([program, other, *EXAMPLES], ["-p", "resys"]):
        ran = run("-m", "mypy", "--strict", cache, *map(str, names), folder=tmp_path)
        assert ran.returncode == 0, ran.stdout + ran.stderr


def test_types_reveal_what_they_should(tmp_path):
    """The same of both shops, though each service is written once."""
    (tmp_path / "checked.py").write_text(
        "import resys\n"
        "def check(shop: resys.Shop, ada: resys.Caller) -> None:\n"
        "    reveal_type(shop.cart.get(ada).line_items[0].unit_price.amount)\n"
        "    shop.cart.add_item(ada, sku=1)\n"
        "    shop.admin.orders.get(ada)\n"
        "    shop.cart.get(ada).total = resys.Money(1, 'EUR')\n"
        "async def wait(shop: resys.AsyncShop, ada: resys.Caller) -> None:\n"
        "    reveal_type((await shop.cart.get(ada)).line_items[0].unit_price.amount)\n"
        "    await shop.cart.add_item(ada, sku=1)\n"
        "    await shop.admin.orders.get(ada)\n"
        "    shop.cart.get(ada).total\n",
        encoding="utf-8",
    )
    cache = f"--cache-dir={tmp_path / 'cache'}"
    ran = run("-m", "mypy", "--strict", cache, "checked.py", folder=tmp_path)
    said = [
        re.sub(r"^checked.py:(\d+): (error|note): (.*?) *(\[[a-z-]+\])?$", r"\1 \4 \3", line)
        for line in ran.stdout.replace("_decimal", "decimal").splitlines()
    ]
    wrong = 'Argument "sku" has incompatible type "int"; expected "str"'
    assert said[:-2] == [
        '3  Revealed type is "decimal.Decimal"',
        f"4 [arg-type] {wrong}",
        '5 [call-arg] Missing named argument "number"',
        '6 [misc] Cannot assign to final attribute "total"',
        '8  Revealed type is "decimal.Decimal"',
        f"9 [arg-type] {wrong}",
        '10 [call-arg] Missing named argument "number"',
        '11 [attr-defined] "Coroutine[Any, Any, Cart]" has no attribute "total"',
    ]


def test_the_process_has_one_sqlite(tmp_path):
    program = (
        "import sqlite3, resys\n"
        "shop = resys.Shop.open('sqlite:shop.db')\n"
        "sqlite3.connect('other.db').execute('select 1')\n"
        "maps = open('/proc/self/maps').read().split()\n"
        "print(len({m for m in maps if 'libsqlite3' in m}), 'sqlite3_open' in dir())\n"
        "shop.close()\n"
    )
    ran = run("-X", "dev", "-c", program, folder=tmp_path)
    assert ran.stdout.startswith("1 "), ran.stdout + ran.stderr
    symbols = subprocess.run(
        ["nm", "-D", "--defined-only", INSTALLED / "libresys.so.1"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "sqlite3_" not in symbols and "resys_call" in symbols


def test_python_s_development_mode_finds_nothing(tmp_path):
    """A forgotten shop, a worker, an asynchronous shop, ports that fail: no warning, no crash."""
    program = (
        "import asyncio, resys\n"
        "ada = resys.Caller('ada')\n"
        "def boom(*_): raise ValueError('boom')\n"
        "handler = resys.EventHandler('h', boom)\n"
        "shop = resys.Shop.open('sqlite:shop.db', mailer=boom, event_handlers=[handler])\n"
        "worker = shop.worker(0.01)\n"
        "shop.cart.get(ada)\n"
        "async def main():\n"
        "    asyncio.get_running_loop().slow_callback_duration = 60\n"
        "    async with resys.AsyncShop.open('sqlite::memory:') as other:\n"
        "        await asyncio.gather(*(other.cart.get(ada) for _ in range(200)))\n"
        "asyncio.run(main())\n"
        "resys.Shop.open('sqlite::memory:')\n"
        "print('end')\n"
    )
    ran = run("-X", "dev", "-W", "error", "-c", program, folder=tmp_path)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "end\n", "")


def test_what_is_missing_for_the_build_is_named(tmp_path):
    def configured(folder, *options):
        ran = subprocess.run(
            ["cmake", "-S", folder, "-B", tmp_path / f"build-{folder.name}", *options],
            capture_output=True,
            text=True,
        )
        assert ran.returncode != 0
        return " ".join(ran.stderr.split())

    package = ROOT / "bindings" / "python"
    said = configured(package, "-DCMAKE_DISABLE_FIND_PACKAGE_SQLiteCpp=ON")
    assert "On Debian and Ubuntu: apt install libsqlitecpp-dev" in said
    shutil.copytree(package, tmp_path / "alone")
    assert "built from a checkout of resys" in configured(tmp_path / "alone")


def test_it_needs_nothing_else():
    assert importlib.metadata.requires("resys") in (None, [])
    assert importlib.metadata.version("resys") == resys.version
    assert (INSTALLED / "py.typed").exists()
    wheel = importlib.metadata.distribution("resys").read_text("WHEEL")
    assert re.search(r"^Tag: py3-none-\w+$", wheel, re.MULTILINE), wheel


def test_methods_are_as_if_written_by_hand():
    """Their names, signatures and types, and what is said about wrong arguments."""
    shop = resys.Shop.open("sqlite::memory:")
    other = resys.AsyncShop.open("sqlite::memory:")
    for service, name in ((shop.cart, "CartService"), (other.cart, "AsyncCartService")):
        method = service.add_item
        assert (method.__name__, method.__qualname__) == ("add_item", f"{name}.add_item")
        assert inspect.iscoroutinefunction(method) == (service is other.cart)
        assert str(inspect.signature(method)) == (
            "(caller: 'Caller', *, sku: 'str', quantity: 'Optional[int]' = None, "
            "currency: 'Optional[str]' = None) -> 'Cart'"
        )
        types = typing.get_type_hints(method)
        assert (types["caller"], types["return"]) == (resys.Caller, resys.Cart)
        ada = resys.Caller("ada")
        for wrong, said in {
            "missing 1 required keyword-only argument: 'sku'": lambda: method(ada),
            "got an unexpected keyword argument 'skuu'": lambda: method(ada, sku="A", skuu=1),
            "takes 2 positional arguments but 3 were given": lambda: method(ada, "A"),
        }.items():
            with pytest.raises(TypeError) as raised:
                said()
            assert str(raised.value).endswith(f"add_item() {wrong}")
    assert str(inspect.signature(resys.WebhookEvent)).startswith("(*, event_id: 'str', type:")
    assert "as the processor names it" in inspect.getdoc(resys.WebhookEvent.__init__)
    about = "The processor's id of the event, unique, up to 255 bytes."
    assert resys.WebhookEvent.event_id.__doc__ == about
    assert {"cart", "checkout", "admin"} < set(dir(shop))
    assert pickle.loads(pickle.dumps(shop.cart.get(ada))) == shop.cart.get(ada)
    shop.close()


def test_every_operation_has_a_documented_method():
    description = json.loads(text("bindings/api.json"))
    shop = resys.Shop.open("sqlite::memory:")
    for row in description["operations"]:
        *path, verb = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", row["name"]).lower().split(".")
        service = shop
        for word in path:
            service = getattr(service, word)
        documentation = inspect.getdoc(getattr(service, verb))
        assert documentation.startswith(row["summary"]), row["name"]
        for field in description["structs"][row["request"]]:
            if field["type"] != "currency":
                assert " ".join(field["doc"].split()[:3]) in documentation or (
                    "in minor units" in field["doc"] or "`" in field["doc"]
                ), (row["name"], field["name"])
    shop.close()


def test_the_openapi_document():
    document = json.loads(resys.openapi())
    assert document["openapi"] == "3.1.0"
    assert "/api/storefront/cart" in document["paths"]
