"""Where the project and the build are, for the Python tests. tests/run sets the environment."""

import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("RESYS_BUILD_DIR", ROOT / "build"))
TIER = os.environ.get("RESYS_TEST_TIER", "normal")


def left_out(part):
    """Whether the user switched this part off (tests/run --help)."""
    return part in os.environ.get("RESYS_WITHOUT", "").split(",")


def files(*suffixes):
    """The project's own files, as paths from its top: all that git does not ignore."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    names = sorted(set(filter(None, listing.split("\0"))))
    return [name for name in names if name.endswith(suffixes) and (ROOT / name).is_file()]


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")
