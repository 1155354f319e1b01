"""The storage rules of src/README.md, executed over every statement of the library.

All SQL text stands in the modules' rows.cpp and *_rows.cpp as raw literals, R"sql(...)sql", and in
the migrations; in some a list of columns is filled in when the library is compiled
(src/base/columns.hpp), and here. Each statement is parsed, held against the rules, and prepared by
SQLite, on a database that the library has made, and by a
real PostgreSQL on the schema that the migrations make.
"""

import re
import sqlite3
import subprocess

import psycopg
import pytest
import sqlglot
from sqlglot import exp
from support import postgres
from support.project import BUILD, files, left_out, text

# Where SQL text stands, and the declarations of the lists of columns.
ROWS = re.compile(r"src/(\w+)/((\w+_)?rows|migrations)\.cpp")
LITERAL = re.compile(r'R"sql\((.*?)\)sql"(?:,\s*(k\w+)>)?', re.DOTALL)

# What every driver computes alike.
FUNCTIONS = set(
    "ABS COALESCE COUNT EXISTS LENGTH LOWER MAX MIN NULLIF SUM SUBSTR SUBSTRING".split()
)
FUNCTIONS |= set("AND CASE CAST IF OR ROW_NUMBER".split())  # syntax to us, functions to the parser
TYPES = {exp.DataType.Type.BIGINT, exp.DataType.Type.TEXT}

# What must not stand in any statement, outside of its literals.
FORBIDDEN = {
    "all columns": r"\b(SELECT|RETURNING)\s+(\w+\.)?\*",
    "the database's clock": r"\bNOW\s*\(|\bCURRENT_(TIMESTAMP|DATE|TIME)\b|\bSTRFTIME\b",
    "a sequence": r"\bNEXTVAL\b|\bAUTOINCREMENT\b|\bAS\s+IDENTITY\b|\bROWID\b",
    "a trigger": r"\bTRIGGER\b",
    "an advisory lock": r"ADVISORY",
    "a notification": r"\bLISTEN\b|\bNOTIFY\b",
    "a pattern": r"\b(I?LIKE|GLOB|REGEXP|SIMILAR)\b|~",
    "MERGE": r"\bMERGE\b",
    "an offset instead of a key": r"\bOFFSET\b",
    "one driver's statement": r"\bPRAGMA\b|\bINSERT\s+OR\b|\bREPLACE\s+INTO\b|\bSET\s+LOCAL\b",
    "another lock than the one that SQLite needs not": r"\bFOR\s+(UPDATE\b(?!$)|SHARE|NO\s+KEY)",
    "a deferred constraint": r"\bDEFERR",
    "one driver's cast": r"::",
    "JSON in SQL": r"->|\bJSON\w*\b",
    "an unnumbered parameter": r"\?|:\w",
    "a quoted name": r'"',
    "randomness": r"\bRANDOM\b|\bUUID\b",
    "a number with a fraction": r"\b\d+\.\d+\b",
}


class Statement:
    def __init__(self, where, sql):
        self.where = where
        self.sql = sql
        self.tree = sqlglot.parse_one(sql, read="postgres")
        self.is_schema = isinstance(self.tree, (exp.Create, exp.Alter))

    def tables(self):
        """The database's own tables in it: not the names that WITH gives."""
        given = {table.alias for table in self.tree.find_all(exp.CTE)}
        return [table for table in self.tree.find_all(exp.Table) if table.name not in given]

    def needs_no_store(self):
        names = {table.name for table in self.tables()}
        # The bookkeeping of migrations belongs to the database, not to a tenant.
        return names == {"schema_migration"}

    def walks_the_stores(self):
        """Which stores there are, or in which of them something is due."""
        return self.sql.startswith("SELECT s.store_id FROM store s\n")


LIST = re.compile(r"constexpr auto (k\w+) =([^;]*\b(?:columns|k\w+)\b[^;]*);")
ITEM = re.compile(r'(?:column|nullable)\(\s*"(\w+)"|\b(k\w+)\b')


def column_lists(source, known):
    """The names of each list of columns, by the list's own name."""
    lists = dict(known)
    for name, body in LIST.findall(source):
        lists[name] = [
            column
            for own, other in ITEM.findall(body)
            for column in ([own] if own else lists.get(other, []))
        ]
    return lists


def expanded(sql, names):
    """What src/base/columns.hpp makes of it."""

    def fill(match):
        word, table, number = match["word"], match["table"] or "", int(match["number"] or 0)
        texts = {
            "columns": f"{table}{{0}}",
            "values": "${1}",
            "sets": "{0} = ${1}",
            "changes": f"{{0}} = COALESCE(${{1}}, {table}{{0}})",
        }
        return ", ".join(texts[word].format(name, number + at) for at, name in enumerate(names))

    return re.sub(r"\{(?P<table>\w+\.)?(?P<word>\w+)(?: (?P<number>\d+))?\}", fill, sql)


def library_statements():
    headers = "".join(text(file) for file in files(".hpp") if file.startswith("src/"))
    shared = column_lists(headers, {})
    for file in files(".cpp"):
        if ROWS.fullmatch(file):
            source = text(file)
            lists = column_lists(source, shared)
            for match in LITERAL.finditer(source):
                line = source.count("\n", 0, match.start()) + 1
                sql = expanded(match[1], lists[match[2]]) if match[2] else match[1]
                yield Statement(f"{file}:{line}", sql)


STATEMENTS = list(library_statements())
SCHEMA = [statement for statement in STATEMENTS if statement.is_schema]
COMMANDS = [statement for statement in STATEMENTS if not statement.is_schema]


# ---- the rules: each yields what is wrong with a statement


def holds_nothing_forbidden(statement):
    bare = re.sub(r"'[^']*'", "''", statement.sql)
    for what, pattern in FORBIDDEN.items():
        if re.search(pattern, bare, re.IGNORECASE):
            yield what


def calls_common_functions(statement):
    for function in statement.tree.find_all(exp.Func):
        name = function.name if isinstance(function, exp.Anonymous) else function.sql_name()
        if name.upper() not in FUNCTIONS:
            yield f"calls {name}"


def uses_integers_and_texts(statement):
    for column in statement.tree.find_all(exp.ColumnDef):
        if column.args["kind"].this not in TYPES:
            yield column.sql()
    for cast in statement.tree.find_all(exp.Cast):
        if cast.to.this not in TYPES:
            yield cast.sql()


def stays_in_its_store(statement):
    """Each table's rows are chosen by store_id, also those of joins and subqueries."""
    if statement.is_schema or statement.needs_no_store():
        return
    tables = len(statement.tables())
    if statement.walks_the_stores():
        tables -= 1  # each is asked for rows of its own
    if isinstance(statement.tree, exp.Insert):
        tables -= 1  # the table written to: its first column is the store
        columns = [column.name for column in statement.tree.this.expressions]
        if columns[:1] != ["store_id"]:
            yield f"the first column is {columns[:1]}"
    conditions = sum(
        any(isinstance(side, exp.Column) and side.name == "store_id" for side in equal.flatten())
        for equal in statement.tree.find_all(exp.EQ)
    )
    if conditions < tables:
        yield f"{tables} tables, but {conditions} conditions on store_id"


def leaves_the_store_alone(statement):
    for update in statement.tree.find_all(exp.Update):
        for assignment in update.expressions:
            if isinstance(assignment, exp.EQ) and assignment.this.name == "store_id":
                yield "changes store_id"


def orders_what_it_limits(statement):
    for select in statement.tree.find_all(exp.Select):
        if select.args.get("limit") and not select.args.get("order"):
            yield "LIMIT without ORDER BY"


def leads_keys_with_the_store(statement):
    if not statement.is_schema or statement.needs_no_store():
        return
    sql = " ".join(statement.sql.split())
    keys = r"\b(?:PRIMARY KEY|UNIQUE|FOREIGN KEY|REFERENCES \w+)\s*\(\s*(\w+)"
    indexes = r"^CREATE (?:UNIQUE )?INDEX \w+ ON \w+ ?\(\s*(\w+)"
    for key in [*re.finditer(keys, sql), *re.finditer(indexes, sql)]:
        if key[1] != "store_id":
            yield key[0]
    for column in statement.tree.find_all(exp.ColumnDef):
        own = column.sql().upper()
        is_key = "PRIMARY KEY" in own or "UNIQUE" in own
        if "REFERENCES" in own or (is_key and column.name != "store_id"):
            yield column.sql()


def has_a_primary_key(statement):
    if statement.is_schema and made_table(statement) and "PRIMARY KEY" not in statement.sql:
        yield "no primary key"


def compares_cheaply(statement):
    """SQLite builds a table in memory for a longer IN whenever a CHECK or an index asks it."""
    if statement.is_schema:
        for comparison in statement.tree.find_all(exp.In):
            if len(comparison.expressions) > 2:
                yield comparison.sql()


RULES = [
    holds_nothing_forbidden,
    compares_cheaply,
    calls_common_functions,
    uses_integers_and_texts,
    stays_in_its_store,
    leaves_the_store_alone,
    orders_what_it_limits,
    leads_keys_with_the_store,
    has_a_primary_key,
]


def report(wrong):
    assert not wrong, "\n\n".join(f"{where}: {what}" for where, what in wrong)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_statement(rule):
    assert len(SCHEMA) > 20 and len(COMMANDS) > 3
    report([(statement.where, what) for statement in STATEMENTS for what in rule(statement)])


@pytest.mark.parametrize(
    "rule, sql",
    [
        (holds_nothing_forbidden, "SELECT * FROM a WHERE store_id = $1"),
        (holds_nothing_forbidden, "SELECT b FROM a WHERE store_id = $1 AND b LIKE 'x%'"),
        (holds_nothing_forbidden, "SELECT b FROM a WHERE store_id = $1 FOR UPDATE SKIP LOCKED"),
        (holds_nothing_forbidden, "SELECT b FROM a WHERE store_id = ?"),
        (calls_common_functions, "SELECT random() FROM a WHERE store_id = $1"),
        (calls_common_functions, "SELECT pg_sleep(1) FROM a WHERE store_id = $1"),
        (uses_integers_and_texts, "CREATE TABLE a (store_id TEXT PRIMARY KEY, b TIMESTAMP)"),
        (stays_in_its_store, "SELECT b FROM a WHERE c = $1"),
        (stays_in_its_store, "SELECT a.b FROM a JOIN c ON c.d = a.d WHERE a.store_id = $1"),
        (stays_in_its_store, "UPDATE store SET guest_checkout = 1"),
        (stays_in_its_store, "SELECT s.store_id FROM store s\nWHERE EXISTS (SELECT 1 FROM a)"),
        (stays_in_its_store, "DELETE FROM a WHERE b IN (SELECT b FROM c WHERE store_id = $1)"),
        (stays_in_its_store, "INSERT INTO a (b, store_id) VALUES ($1, $2)"),
        (leaves_the_store_alone, "UPDATE a SET store_id = $2 WHERE store_id = $1"),
        (orders_what_it_limits, "SELECT b FROM a WHERE store_id = $1 LIMIT 1"),
        (leads_keys_with_the_store, "CREATE UNIQUE INDEX a_b ON a (b, store_id)"),
        (leads_keys_with_the_store, "CREATE TABLE a (store_id TEXT, b TEXT, PRIMARY KEY (b))"),
        (leads_keys_with_the_store, "CREATE TABLE a (store_id TEXT, b TEXT REFERENCES c (d))"),
        (has_a_primary_key, "CREATE TABLE a (store_id TEXT)"),
        (compares_cheaply, "CREATE TABLE a (b TEXT CHECK (b IN ('c', 'd', 'e')))"),
    ],
)
def test_each_rule_can_fail(rule, sql):
    assert list(rule(Statement("here", sql)))


def test_the_library_holds_these_statements():
    library = (BUILD / "libresys.so").read_bytes()
    missing = [each for each in STATEMENTS if each.sql.encode() + b"\0" not in library]
    report([(statement.where, statement.sql) for statement in missing])


def test_sql_stands_with_the_rows_only():
    plain = re.compile(r'"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH|CREATE TABLE)\s')
    wrong = []
    for file in files(".cpp", ".hpp"):
        if file.startswith(("src/", "include/")):
            source = re.sub(r"^ *//.*", "", text(file), flags=re.MULTILINE)
            if LITERAL.search(source) and not ROWS.fullmatch(file):
                wrong.append((file, "SQL outside of rows.cpp"))
            wrong += [(file, f"not a raw literal: {found[0]}") for found in plain.finditer(source)]
    report(wrong)


# The tables of each module: only its own statements write them.
OWNERS = {
    "base": "idempotency schema_migration store",
    "catalog": "price_change product variant",
    "inventory": "reservation inventory_unit location stock_item stock_movement",
    "pricing": "price_list price_list_entry promotion promotion_action promotion_code "
    "promotion_condition promotion_use tax_rate",
    "shipping": "shipping_method",
    "customer": "address customer",
    "payment": "payment payment_entry payment_method processor_note webhook_event",
    "event": "event event_delivery",
    "order": "line_item order_address order_promotion orders shipment",
}


def test_only_the_owner_writes_a_table():
    owner = {table: module for module, tables in OWNERS.items() for table in tables.split()}
    assert set(owner) == {each.tree.find(exp.Table).name for each in SCHEMA if made_table(each)}
    wrong = []
    for statement in COMMANDS:
        written = statement.tree.this
        if isinstance(statement.tree, (exp.Insert, exp.Update, exp.Delete)):
            table = written.find(exp.Table).name
            if owner[table] != statement.where.split("/")[1]:
                wrong.append((statement.where, f"writes {table}, of {owner[table]}"))
    report(wrong)


def made_table(statement):
    return isinstance(statement.tree, exp.Create) and statement.tree.kind == "TABLE"


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory):
    file = tmp_path_factory.mktemp("shop") / "shop.db"
    subprocess.run([BUILD / "tests" / "resys_make_database", file], check=True)
    return sqlite3.connect(file)


def explain(sqlite, how, statement):
    sql = statement.sql.removesuffix("FOR UPDATE")  # as the driver does
    parameters = {number: None for number in re.findall(r"\$(\d+)", sql)}
    return sqlite.execute(f"{how} {sql}", parameters).fetchall()


def test_sqlite_creates_and_prepares_everything(sqlite):
    wrong = []
    for statement in COMMANDS:
        try:
            explain(sqlite, "EXPLAIN", statement)
        except sqlite3.Error as error:
            wrong.append((statement.where, error))
    report(wrong)


# Tables that hold few rows a store, and an index of what is rarely anything, may be walked.
SMALL = (
    r"(store|location|payment_method|price_list|shipping_method|tax_rate)"
    r"|inventory_unit USING .*_backordered"
)


def walks_a_store(statement):
    """A check's sums over all of a store; its other rules are asked a page at a time."""
    return statement.where.startswith("src/shop/check_rows.cpp") and "$2" not in statement.sql


def test_sqlite_finds_rows_by_an_index(sqlite):
    """What a statement costs grows with what it returns: no table is walked, whole or by store."""
    wrong = []
    for statement in COMMANDS:
        if walks_a_store(statement):
            continue
        aliases = {table.alias_or_name: table.name for table in statement.tables()}
        for *_, step in explain(sqlite, "EXPLAIN QUERY PLAN", statement):
            walks = re.fullmatch(r"SCAN (\w+).*|SEARCH (\w+) (USING .*) \(store_id=\?\)", step)
            if not walks or (walks[1] or walks[2]) not in aliases:
                continue
            table = f"{aliases[walks[1] or walks[2]]} {walks[3] or ''}".strip()
            if not re.match(SMALL, table):
                wrong.append((statement.where, step))
    report(wrong)


# Lists that are short by nature.
SORTED = r"location|payment_method|shipping_method|stock_item"


def test_sqlite_sorts_nothing_that_pages(sqlite):
    """A page is read in the order of an index: it costs what it holds, not what lies before it."""
    wrong = []
    for statement in COMMANDS:
        steps = [step for *_, step in explain(sqlite, "EXPLAIN QUERY PLAN", statement)]
        is_sorted = any("USE TEMP B-TREE FOR ORDER BY" in step for step in steps)
        names = {table.name for table in statement.tables()}
        names |= set(re.findall(r"\w+", " ".join(steps)))
        if is_sorted and not any(re.fullmatch(SORTED, name) for name in names):
            wrong.append((statement.where, steps))
    report(wrong)


@pytest.fixture(scope="module")
def connection():
    if left_out("postgresql"):
        pytest.skip("left out: postgresql")
    with postgres.cluster() as where, psycopg.connect(where, autocommit=True) as connected:
        for statement in SCHEMA:
            connected.execute(statement.sql)
        yield connected.pgconn


def test_postgresql_creates_and_prepares_everything(connection):
    types = psycopg.postgres.types
    allowed = {types[name].oid for name in ("int4", "int8", "numeric", "text")}
    wrong = []
    for statement in COMMANDS:
        prepared = connection.prepare(b"", statement.sql.encode())
        if prepared.error_message:
            wrong.append((statement.where, prepared.error_message.decode()))
            continue
        described = connection.describe_prepared(b"")
        used = [described.param_type(at) for at in range(described.nparams)]
        used += [described.ftype(at) for at in range(described.nfields)]
        odd = [types.get(oid) for oid in used if oid not in allowed]
        if odd:
            wrong.append((statement.where, f"neither integers nor texts: {odd}"))
    report(wrong)
