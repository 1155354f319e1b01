"""Faults on demand: what may go wrong between a client and Stripe, for chosen requests.

A fault has a `kind` and a place: `when` it strikes, before or after the request's effect.
    close       the connection is closed without an answer
    hang        nothing is answered until the client gives up
    hold        the request waits until it is released
    delay       the request waits `seconds`
    error       `status` (500; kept under the idempotency key. 502, 503 and 504 come from in front
                of the API and are not)
    rate_limit  429; lock_timeout: 429 with that code
    garbage     200 and no JSON
    truncate    the answer ends in its middle
    oversize    2 MiB of JSON
    redirect    a redirection to somewhere else
It strikes the requests whose method and path match (`path` is a regular expression), after the
first `skip` of them, `times` times (null: always).
"""

import re
import threading

KINDS = set(
    "close hang hold delay error rate_limit lock_timeout garbage truncate oversize redirect".split()
)


class Fault:
    def __init__(self, kind, when="before", method=None, path="", secret_key=None, times=1, skip=0,
                 seconds=0, status=500):  # fmt: skip
        if kind not in KINDS or when not in ("before", "after"):
            raise ValueError(f"no such fault: {kind} {when}")
        self.kind = kind
        self.when = when
        self.method = method
        self.path = re.compile(path)
        self.secret_key = secret_key
        self.times = times
        self.skip = skip
        self.seconds = seconds
        self.status = status
        self.struck = 0
        self.released = threading.Event()

    def strikes(self, method, path, secret_key):
        if self.method not in (None, method) or self.secret_key not in (None, secret_key):
            return False
        if not self.path.search(path) or (self.times is not None and self.times <= 0):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.times is not None:
            self.times -= 1
        self.struck += 1
        return True


class Faults:
    def __init__(self):
        self.changed = threading.Condition()
        self.faults = {}
        self.made = 0

    def add(self, settings):
        with self.changed:
            self.made += 1
            self.faults[self.made] = Fault(**settings)
            return self.made

    def take(self, method, path, secret_key):
        with self.changed:
            for fault in self.faults.values():
                if fault.strikes(method, path, secret_key):
                    self.changed.notify_all()
                    return fault
            return None

    def wait_until_struck(self, number, times, timeout):
        with self.changed:
            return self.changed.wait_for(lambda: self.faults[number].struck >= times, timeout)

    def release(self, number=None):
        with self.changed:
            for made, fault in self.faults.items():
                if number in (None, made):
                    fault.released.set()

    def clear(self):
        self.release()
        with self.changed:
            self.faults.clear()
