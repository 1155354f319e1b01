#!/usr/bin/env bash
# A PostgreSQL leader that was frozen takes the lead back from its successor.
#
# Seen with Patroni 3.0.2, which Debian 12 has, and etcd 3.4.23 through its newer API ("etcd3:").
# Mended in Patroni 3.0.3.
#
# One would guess that who leads is decided by a compare-and-set: a leader whose lease has run out
# while it was frozen finds another's name in etcd, and steps down.
#
# Before Patroni 3.0.3 it takes a new lease and writes its own name over the other's, without a
# comparison, where it had read before that it leads. Its successor then steps down, and what that
# one has acknowledged is rewound.
#
# So orders are lost that were committed to a synchronous standby, by settings that promise that
# none is. A virtual machine that is paused for ten seconds is enough. Through the older API
# ("etcd:") the same version compares.
set -euo pipefail

command -v etcd > /dev/null || {
  echo "etcd is not installed (Debian: etcd-server)"
  exit 1
}
folder=$(mktemp -d)
server=
trap 'if [ -n "$server" ]; then kill "$server"; fi; rm -rf "$folder"' EXIT
ports=$(python3 -c '
import socket

probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
print(*(probe.getsockname()[1] for probe in probes))')
read -r clients peers <<< "$ports"
etcd --data-dir "$folder/etcd" \
  --listen-client-urls "http://127.0.0.1:$clients" \
  --advertise-client-urls "http://127.0.0.1:$clients" \
  --listen-peer-urls "http://127.0.0.1:$peers" \
  --initial-advertise-peer-urls "http://127.0.0.1:$peers" \
  --initial-cluster "default=http://127.0.0.1:$peers" > "$folder/log" 2>&1 &
server=$!

cat > "$folder/two_nodes.py" <<'PYTHON'
import sys
import time

from patroni.dcs.etcd3 import Etcd3
from patroni.version import __version__


def node(name):
    settings = {"ttl": 5, "loop_wait": 1, "retry_timeout": 3}
    host = {"host": "127.0.0.1:" + sys.argv[1], "use_proxies": True}
    return Etcd3(settings | host | {"scope": __version__, "namespace": "/", "name": name})


def leader(of):
    return of.get_cluster().leader.name


frozen = node("frozen")
frozen.get_cluster()
frozen.attempt_to_acquire_leader()
seen = frozen.get_cluster()
time.sleep(8)  # its lease runs out
successor = node("successor")
successor.get_cluster()
successor.attempt_to_acquire_leader()
what = [None] if __version__ == "3.0.2" else [seen.leader, None]  # its position in the WAL: none
print("Patroni", __version__)
print("  after the lease:", leader(successor))
print("  the frozen one goes on, and believes that it leads:", frozen.update_leader(*what))
time.sleep(1)
print("  then leads:", leader(successor), flush=True)
PYTHON
for version in 3.0.2 3.0.3; do
  python3 -m venv "$folder/$version"
  "$folder/$version/bin/pip" install --quiet --disable-pip-version-check \
    "patroni[etcd3]==$version" "psycopg[binary]==3.3.9" setuptools==80.9.0
  timeout 60 "$folder/$version/bin/python" "$folder/two_nodes.py" "$clients" \
    2> "$folder/$version.log" || true
done > "$folder/seen"

cat "$folder/seen"
diff "$folder/seen" - <<'EXPECTED'
Patroni 3.0.2
  after the lease: successor
  the frozen one goes on, and believes that it leads: True
  then leads: frozen
Patroni 3.0.3
  after the lease: successor
  the frozen one goes on, and believes that it leads: False
  then leads: successor
EXPECTED
