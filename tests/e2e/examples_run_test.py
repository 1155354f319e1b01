"""`examples/run` builds and starts the demo shop; once more, it neither builds nor installs."""

import os
import re
import signal
import subprocess

import pytest
from support.project import ROOT

PROGRAM = ROOT / "build-demo" / "examples" / "demo_shop" / "resys_demo_shop"
HANGS_AFTER_SECONDS = 60


@pytest.fixture
def stubs(tmp_path):
    """A folder for the front of PATH in which whatever would install writes down that it ran."""
    called = tmp_path / "called"
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("apt-get", "sudo", "curl", "git"):
        (folder / name).write_text(f'#!/bin/sh\necho {name} "$@" >>{called}\nexit 1\n')
        (folder / name).chmod(0o755)
    called.touch()
    return folder, called


def start(stubs, database, *options):
    """Starts it, waits until it is ready, stops it; what it has said and its exit status."""
    environment = os.environ | {"PATH": f"{stubs[0]}:{os.environ['PATH']}"}
    process = subprocess.Popen(
        [ROOT / "examples" / "run", "--port", "0", "--database", database, *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=(database.parent / "stderr.txt").open("w"),
        text=True,
        env=environment,
    )
    said = []
    for line in process.stdout:
        said.append(line)
        if line.startswith("resys demo shop ready on "):
            break
    process.send_signal(signal.SIGINT)
    status = process.wait(HANGS_AFTER_SECONDS)
    process.stdout.close()
    return "".join(said), status


def test_the_first_start_builds_and_the_second_only_starts(stubs, tmp_path):
    database = tmp_path / "shop.db"
    stderr = tmp_path / "stderr.txt"
    said, status = start(stubs, database, "--staff-token", "ours")
    assert status == 0, stderr.read_text()
    assert re.search(r"^staff token ours$", said, re.MULTILINE)
    built = PROGRAM.stat().st_mtime_ns
    said, status = start(stubs, database)
    assert status == 0 and said.startswith("demo account "), stderr.read_text()
    assert PROGRAM.stat().st_mtime_ns == built
    assert stubs[1].read_text() == "", "it has tried to install something"
    assert {each.name for each in tmp_path.iterdir()} >= {"shop.db", "shop.db.key"}
