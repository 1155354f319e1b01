"""The public headers and the rows of the operation table say the same.

A row names an operation, its C++ function and its errors. The function's name is the operation's,
as C++ writes it; the comment above it in include/resys has a line that begins with "Errors:", which
lists the row's.
"""

import json
import re

import pytest
from support.project import files, text

NONE = "none of its own"
# Classes whose functions have a contract each, though no operation may call them.
SERVICES = ("Shop", "InventoryReservationService")


def rows():
    """What operations call: {"cart.get": ("Shop::cart", "Carts::get")}, from the rows' sources."""
    called = {}
    for name in files(".cpp"):
        if not name.endswith("operations.cpp"):
            continue
        row = r'row<&(\w+::\w+)>\(\s*"([\w.]+)"\s*,\s*"[^"]*"\s*,\s*&(\w+::\w+)\s*,'
        for service, operation, function in re.findall(row, text(name)):
            called[operation] = (service, function)
    return called


def operations():
    """Each operation's errors, by its name."""
    described = json.loads(text("bindings/api.json"))["operations"]
    return {each["name"]: set(each["errors"]) for each in described}


def headers():
    names = [name for name in files(".hpp") if name.startswith("include/resys/")]
    return "\n".join(text(name) for name in names)


def comments(source):
    """The comment lines above each public function of a class: {"Carts::get": ["Returns ..."]}."""
    found = {}
    for body in re.finditer(r"^class (\w+)[^;{]*\{\n(.*?)^\};", source, re.MULTILINE | re.DOTALL):
        public = body[2].split("\n private:")[0]
        above = []
        for line in public.splitlines():
            if comment := re.fullmatch(r"  //(?: (.*))?", line):
                above.append(comment[1] or "")
                continue
            if function := re.match(r"  (?:static )?Result<.*?>+ (\w+)\(", line):
                found[f"{body[1]}::{function[1]}"] = above
            above = []
    return found


def errors_in(comment):
    """The codes in a comment's one "Errors:" line, which may go on over several and ends it."""
    begins = [at for at, line in enumerate(comment) if line.startswith("Errors:")]
    if len(begins) != 1:
        raise ValueError(f'{len(begins)} lines begin with "Errors:", where one is expected')
    line = " ".join(comment[begins[0] :]).removeprefix("Errors:").strip()
    if line == NONE + ".":
        return set()
    if not re.fullmatch(r"[a-z_]+(, [a-z_]+)*\.", line):
        raise ValueError(f'"Errors: {line}" is no list of codes that ends the comment')
    codes = line.removesuffix(".").split(", ")
    if len(codes) != len(set(codes)):
        raise ValueError(f'"Errors: {line}" names a code twice')
    return set(codes)


def difference(function, comment, wanted):
    """A sentence about a function whose comment does not have the wanted codes; else nothing."""
    if comment is None:
        return f"{function}: include/resys has no such public function"
    try:
        stated = errors_in(comment)
    except ValueError as wrong:
        return f"{function}: {wrong}"
    parts = []
    if missing := wanted - stated:
        parts.append("the line lacks " + ", ".join(sorted(missing)))
    if extra := stated - wanted:
        parts.append("no row has " + ", ".join(sorted(extra)))
    return f"{function}: {'; '.join(parts)}" if parts else None


@pytest.fixture(scope="module")
def contracts():
    return comments(headers())


def test_each_operation_has_a_row():
    assert set(rows()) == set(operations())


def test_functions_are_named_like_their_operations():
    for operation, (service, function) in rows().items():
        *path, verb = re.sub("([A-Z])", r"_\1", operation).lower().split(".")
        owner = "Admin" if path[0] == "admin" else "Shop"
        assert service == f"{owner}::{path[-1]}", operation
        # `Cart` is the document.
        name = {"cart": "Carts"}.get(operation.split(".")[0]) or "".join(
            word.capitalize() for word in "_".join(path).split("_")
        )
        assert function == f"{name}::{verb}", operation


def test_each_line_of_errors_is_that_of_the_rows(contracts):
    errors = operations()
    found = [
        difference(function, contracts.get(function), errors[operation])
        for operation, (_, function) in rows().items()
    ]
    wrong = [sentence for sentence in found if sentence]
    assert not wrong, "\n".join(wrong)


def test_functions_without_an_operation_state_known_errors_too(contracts):
    known = {each["name"] for each in json.loads(text("bindings/api.json"))["errors"]}
    services = {function.split("::")[0] for _, function in rows().values()} | set(SERVICES)
    wrong = []
    for function, comment in contracts.items():
        if function.split("::")[0] not in services:
            continue
        try:
            wrong += [f"{function}: {code} is no error" for code in errors_in(comment) - known]
        except ValueError as unstated:
            wrong.append(f"{function}: {unstated}")
    assert not wrong, "\n".join(wrong)
    assert {function.split("::")[0] for function in contracts} >= services


SAMPLE = """
// A class.
class Teas {
 public:
  explicit Teas(Context& context) : context_(context) {}

  // Makes tea.
  // Errors: not_found,
  // busy.
  Result<Page<Tea>> make(const Caller& caller,
                         const MakeTea& request);
  // Errors: none of its own.
  Result<Tea> get(const Caller& caller);
  Result<Tea> silent(const Caller& caller);
  // Errors: not_found, cold.
  //
  // It says more.
  Result<Tea> talk(const Caller& caller);

 private:
  // Errors: storage.
  Result<Tea> hidden();
};
"""


@pytest.mark.parametrize(
    "function, wanted, said",
    [
        ("Teas::make", {"not_found", "busy"}, None),
        ("Teas::get", set(), None),
        ("Teas::make", {"not_found"}, "Teas::make: no row has busy"),
        ("Teas::get", {"not_found"}, "Teas::get: the line lacks not_found"),
        (
            "Teas::make",
            {"not_found", "cold"},
            "Teas::make: the line lacks cold; no row has busy",
        ),
        (
            "Teas::silent",
            set(),
            'Teas::silent: 0 lines begin with "Errors:", where one is expected',
        ),
        (
            "Teas::talk",
            {"not_found", "cold"},
            'Teas::talk: "Errors: not_found, cold.  It says more." is no list of codes that ends '
            "the comment",
        ),
        ("Teas::hidden", {"storage"}, "Teas::hidden: include/resys has no such public function"),
        ("Teas::pour", set(), "Teas::pour: include/resys has no such public function"),
    ],
)
def test_a_wrong_line_is_noticed(function, wanted, said):
    assert difference(function, comments(SAMPLE).get(function), wanted) == said
