#!/usr/bin/env python3
"""Writes what bindings have from the library's own description: nothing of it is written by hand.

usage: bindings/generator/generate.py LIBRARY [--check]

LIBRARY is the built libresys.so. With --check nothing is written: stale files are named, and the
exit code is 1 if there are any.
"""

import json
import pathlib
import sys
from typing import Dict

import c_names
import node_api
import python_api
from description import Library, parse

ROOT = pathlib.Path(__file__).resolve().parents[2]


def generated(library: Library) -> Dict[str, str]:
    """Each generated file by its path from the project's top."""
    raw = library.json("resys_describe")
    description = parse(raw)
    return {
        "bindings/api.json": pretty(raw),
        "bindings/openapi.json": pretty(library.json("resys_openapi")),
        "bindings/node/api.d.ts": node_api.write_types(description),
        "bindings/node/api.js": node_api.write_js(description),
        "capi/resys_names.h": c_names.write(description),
        **python_api.write(description),
    }


def pretty(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    arguments = [argument for argument in sys.argv[1:] if argument != "--check"]
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    stale = []
    for name, text in generated(Library(arguments[0])).items():
        path = ROOT / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
    for name in stale:
        print(f"stale: {name}" if "--check" in sys.argv else f"wrote {name}")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
