#!/usr/bin/env python3
"""Writes what bindings have from the library's own description: nothing of it is written by hand.

usage: bindings/generator/generate.py LIBRARY [--check]

LIBRARY is the built libresys.so. With --check nothing is written: stale files are named, and the
exit code is 1 if there are any.
"""

import ctypes
import json
import pathlib
import sys
from typing import Any, Dict

ROOT = pathlib.Path(__file__).resolve().parents[2]
# How the description is read stands in the Python package, which does it when it is imported.
sys.path.append(str(ROOT / "bindings/python/resys"))

import c_names
import node_api
import python_api
from _description import parse


class Library:
    """libresys.so, for the texts it has about itself."""

    class Text(ctypes.Structure):
        _fields_ = [("data", ctypes.c_void_p), ("size", ctypes.c_size_t)]

    def __init__(self, path: str) -> None:
        self._library = ctypes.CDLL(path)

    def json(self, function: str) -> Any:
        call = getattr(self._library, function)
        call.restype = Library.Text
        text = call()
        return json.loads(ctypes.string_at(text.data, text.size))



def generated(library: Library) -> Dict[str, str]:
    """Each generated file by its path from the project's top."""
    raw = library.json("resys_describe")
    description = parse(raw)
    return {
        "bindings/api.json": pretty(raw),
        "bindings/node/api.d.ts": node_api.write_types(description),
        "bindings/node/api.js": node_api.write_js(description),
        "capi/resys_names.h": c_names.write(description),
        "bindings/python/resys/_api.pyi": python_api.write_types(description),
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
