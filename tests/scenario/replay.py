"""Replays the steps of a scenario in each language.

A runner is a program that reads a step a line and answers a line; cpp_runner.cpp says how.
"""

import json
import pathlib
import re
import subprocess
import sys

from support.project import BUILD

HERE = pathlib.Path(__file__).parent
RUNNERS = {
    "C++": [BUILD / "tests" / "resys_cpp_runner"],
    "C": [BUILD / "tests" / "resys_c_runner"],
    "Python": [sys.executable, HERE / "python_runner.py"],
    "HTTP": [sys.executable, HERE / "http_runner.py"],
    "Node": ["node", HERE / "node_runner.mjs"],
}


class Replay:
    """One run of a scenario: each step's answer, with what differs from run to run by name.

    A step is [who, operation, request, expectations]; purchase.json says what is expected how.
    """

    def __init__(self, language, database, scenario):
        self.callers = scenario["callers"]
        self.process = subprocess.Popen(
            [*RUNNERS[language], database], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.kept = {}
        self.names = {}  # of ids, as they came
        self.answers = [self.step(*step) for step in scenario["steps"]]
        self.process.stdin.close()
        assert self.process.wait(30) == 0

    def step(self, who, operation, request, expected):
        caller = self.callers[who]
        fields = [caller.get("store", "default"), caller.get("audience", "shopper")]
        fields += [caller.get(name, "") for name in ("userId", "sessionId", "idempotencyKey")]
        fields += [operation, self.filled(request)]
        print(*fields, sep="\t", file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        assert line, f"the runner ended at {operation}"
        answer = json.loads(line)
        self.check(answer, expected, f"{who} {operation} {fields[-1]}: {line}")
        for name, pointer in expected.get("keep", {}).items():
            self.kept[name] = at(answer["answer"], pointer)
        return self.normalized(line)

    def filled(self, value):
        text = json.dumps(value, ensure_ascii=False)
        return re.sub(r"\$\{(\w+)\}", lambda match: str(self.kept[match[1]]), text)

    def check(self, answer, expected, what):
        if "error" in expected:
            assert answer.get("error", {}).get("code") == expected["error"], what
            return
        assert "answer" in answer, what
        for name, value in json.loads(self.filled(expected.get("has", {}))).items():
            assert answer["answer"][name] == value, f"{name} in {what}"

    def normalized(self, line):
        line = json.dumps(json.loads(line), sort_keys=True)
        for name, value in self.kept.items():
            if isinstance(value, str):
                line = line.replace(value, f"${{{name}}}")
        line = re.sub(r"\b[a-z]+_[0-7][0-9a-hjkmnp-tv-z]{25}\b", self.name_of, line)
        line = re.sub(r"\b20[23]\d-\d\d-\d\dT[0-9:.]+Z", "(time)", line)
        return json.loads(line)

    def name_of(self, match):
        kind = match[0].partition("_")[0]
        return self.names.setdefault(match[0], f"({kind} {len(self.names)})")


def at(value, pointer):
    for word in pointer.split("/")[1:]:
        value = value[int(word) if isinstance(value, list) else word]
    return value
