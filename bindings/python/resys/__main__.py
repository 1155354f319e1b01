"""The shop's database from the command line, while other processes sell.

usage: python -m resys check DATABASE
       python -m resys backup DATABASE FILE

DATABASE is a file, or sqlite:FILE with options. `check` looks whether it is sound, `backup` copies
it to a new FILE. What came of it is printed as JSON. The exit status is 0 if all is well, 1 if the
check found differences or the work failed, 2 for other arguments.
"""

from __future__ import annotations

import json
import os
import sys
from typing import List

from . import Error, Progress, Shop

_SCHEME = "sqlite:"


def main(arguments: List[str]) -> int:
    if arguments in (["-h"], ["--help"]):
        print(__doc__)
        return 0
    count = {"check": 2, "backup": 3}.get(arguments[0]) if arguments else None
    if len(arguments) != count:
        print(__doc__, file=sys.stderr)
        return 2
    database = arguments[1]
    file = database[len(_SCHEME) :].split("?")[0] if database.startswith(_SCHEME) else database
    # It would be made, and an empty shop has no faults.
    if not os.path.isfile(file):
        print(f"resys: there is no file {file}", file=sys.stderr)
        return 1
    try:
        name = database if file != database else _SCHEME + file
        with Shop.open(name, allow_missing_keys=True) as shop:
            if arguments[0] == "check":
                report = shop.check(_show)
                print(json.dumps(report.to_json(), indent=2))
                return 1 if report.differences else 0
            print(json.dumps(shop.backup(arguments[2], _show).to_json(), indent=2))
            return 0
    except Error as error:
        print(f"resys: {error}", file=sys.stderr)
        return 1


def _show(progress: Progress) -> None:
    if sys.stderr.isatty():
        end = "\n" if progress.done == progress.total else "\r"
        print(f"{progress.step}: {progress.done} of {progress.total}", end=end, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
