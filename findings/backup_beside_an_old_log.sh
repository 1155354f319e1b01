#!/usr/bin/env bash
# SQLite replays an old log onto a backup that was put in its file's place.
#
# Seen with SQLite 3.54.1, as PyPI apsw 3.54.1.0 has it.
#
# One would guess that a write-ahead log knows the file that it belongs to: it has checksums and
# salts, and a frame that does not fit ends the reading.
#
# The salts tie the frames to the log's own header, not to the database. A shop crashes, its file is
# replaced by yesterday's backup, and shop.db-wal stays where it is: SQLite takes the pages that
# are in the log from the log, and all others from the backup. Nothing is reported. Here a table
# comes from today, the other from yesterday, and integrity_check says ok: money for an order that
# the backup does not know.
#
# Who restores a backup must remove -wal and -shm first; a program can tell only by a mark of its own
# in the database.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'apsw==3.54.1.0'

cd "$folder"
venv/bin/python - > seen <<'PYTHON'
import os
import shutil

import apsw

shop = apsw.Connection("shop.db")
shop.pragma("journal_mode", "wal")
shop.execute("CREATE TABLE orders (number TEXT); CREATE TABLE payments (order_number TEXT)")


def buy(number):
    shop.execute("INSERT INTO orders VALUES (?)", [number])
    shop.execute("INSERT INTO payments VALUES (?)", [number])


buy("yesterday")
shop.pragma("wal_checkpoint", "truncate")
shutil.copy("shop.db", "backup.db")

# Today's order is copied into the file, its payment is only in the log. Then all stops.
shop.execute("INSERT INTO orders VALUES ('today')")
shop.pragma("wal_checkpoint", "truncate")
shop.execute("INSERT INTO payments VALUES ('today')")
os.makedirs("restored")
shutil.copy("shop.db-wal", "restored/shop.db-wal")
shutil.copy("backup.db", "restored/shop.db")

restored = apsw.Connection("restored/shop.db")
print("SQLite", apsw.sqlite_lib_version())
for table in "orders", "payments":
    print(table, [row[0] for row in restored.execute(f"SELECT * FROM {table}")])
print("integrity_check", restored.pragma("integrity_check"))
PYTHON

cat seen
diff seen - <<'EXPECTED'
SQLite 3.54.1
orders ['yesterday']
payments ['yesterday', 'today']
integrity_check ok
EXPECTED
