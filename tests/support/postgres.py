"""A private PostgreSQL for tests: a cluster in a temporary folder, reached by a UNIX socket."""

import contextlib
import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile


def programs():
    """The folder of the newest PostgreSQL's programs, or None."""
    found = sorted(
        pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: int(path.parts[-3]),
    )
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return pathlib.Path(on_path).parent if on_path else None


@contextlib.contextmanager
def cluster():
    """Yields the connection text of an empty database; everything is gone afterwards."""
    bin_dir = programs()
    assert bin_dir, "PostgreSQL is not installed; RESYS_WITHOUT=postgresql leaves it out"
    # PostgreSQL does not run as root: then it runs as the user its package made.
    as_user = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    folder = tempfile.mkdtemp(prefix="resys-pg-")  # short: a socket's path has a limit
    data = os.path.join(folder, "data")
    if as_user:
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)

    def run(*command):
        finished = subprocess.run(
            [str(word) for word in command],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **as_user,
        )
        assert finished.returncode == 0, finished.stdout

    try:
        run(bin_dir / "initdb", "-D", data, "-A", "trust", "-U", "resys", "-E", "UTF8", "--no-sync")
        log = os.path.join(folder, "log")
        options = f"-c listen_addresses= -k {folder} -c fsync=off"
        run(bin_dir / "pg_ctl", "-D", data, "-o", options, "-l", log, "-w", "start")
        try:
            yield f"host={folder} user=resys dbname=postgres"
        finally:
            run(bin_dir / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder)
