"""Calls the library's HTTP transport and mailer, in a process of their own (net/net_driver.cpp)."""

import json
import os
import subprocess

from support.project import BUILD


class NetDriver:
    def __init__(self, **environment):
        self.process = subprocess.Popen(
            [BUILD / "tests" / "resys_net_driver"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | environment,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        assert self.process.wait() == 0

    def call(self, **call):
        self.process.stdin.write(json.dumps(call) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())
