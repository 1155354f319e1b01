#!/usr/bin/env bash
# In SQLite a CHECK with IN makes every UPDATE build a table.
#
# Seen with SQLite 3.54.1, as PyPI apsw 3.54.1.0 has it.
#
# One would guess that CHECK (state IN ('cart', 'paid', 'sent')) and the same with OR cost the same:
# the values are constants, and the engine may compare them as it likes.
#
# Up to two values they do. From three on, IN is an ephemeral table with an index, which is filled
# and thrown away each time a statement runs that checks the row, also where it changes one row by
# its key. With OR, nothing is built.
#
# States of orders and payments are what shops guard so, and their rows are updated most. In a
# measurement of such an UPDATE the tables were half of its time.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'apsw==3.54.1.0'

"$folder/venv/bin/python" - > "$folder/seen" <<'PYTHON'
import apsw

shop = apsw.Connection(":memory:")
print("SQLite", apsw.sqlite_lib_version())
for number, check in enumerate([
    "state IN ('cart', 'paid')",
    "state IN ('cart', 'paid', 'sent')",
    "state = 'cart' OR state = 'paid' OR state = 'sent'",
]):
    table = f"orders_{number}"
    shop.execute(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, state TEXT CHECK ({check}))")
    steps = [row[1] for row in shop.execute(
        f"EXPLAIN UPDATE {table} SET state = 'paid' WHERE id = 1")]
    print(check, "tables built:", steps.count("OpenEphemeral"), "rows:", steps.count("IdxInsert"))
PYTHON

cat "$folder/seen"
diff "$folder/seen" - <<'EXPECTED'
SQLite 3.54.1
state IN ('cart', 'paid') tables built: 0 rows: 0
state IN ('cart', 'paid', 'sent') tables built: 1 rows: 3
state = 'cart' OR state = 'paid' OR state = 'sent' tables built: 0 rows: 0
EXPECTED
