"""What the generator writes is what is committed, so that an operation is added in C++ only."""

import subprocess
import sys

from support.project import BUILD, ROOT


def test_the_generated_files_are_fresh():
    generator = ROOT / "bindings" / "generator" / "generate.py"
    check = subprocess.run(
        [sys.executable, generator, BUILD / "libresys.so", "--check"],
        capture_output=True,
        text=True,
    )
    assert check.returncode == 0, f"{check.stdout}{check.stderr}run {generator} LIBRARY"
