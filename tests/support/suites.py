"""Runs test suites (Catch2 executables, fuzzers, pytest files) for tests/run, a line for each, and
sums up.

A results file has a tab-separated line for each fact:
    suite     NAME  PASSED  FAILED
    skipped   NAME  REASON
    left out  PART  REASON
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree

# A suite that hangs must not take the others' results with it. No test depends on this bound.
HANGS_AFTER_SECONDS = {"fast": 900, "normal": 1200, "full": 6 * 3600}
TAIL_LINES = 60
# Inputs for each fuzzer. Always the same ones but in the full tier, which goes on to new ones.
FUZZER_INPUTS = {"normal": ["-seed=1", "-runs=2000"], "full": ["-max_total_time=3600"]}
# These take a minute and more: they begin first, so that no core waits for them at the end.
LONGEST = ("packaging/packaging_test.py", "e2e/browser_test.py", "layout/layout_test.py")


class Suite:
    """One process: its name, its command line, and how its counts are read from what it leaves."""

    def __init__(self, name, command, folder, count):
        self.name = name
        self.command = command
        self.folder = folder
        self.count = count


def catch_suites(build_dir, label, tag, tier):
    """The ctest entries of a build; one that was not built is reported when it is run."""
    listing = subprocess.run(
        ["ctest", "--show-only=json-v1"], cwd=build_dir, capture_output=True, text=True
    )
    if listing.returncode != 0:
        return  # not configured, which has been counted as a failure
    for test in json.loads(listing.stdout)["tests"]:
        name = test["name"] + (f" ({label})" if label else "")
        # Debian's CMake leaves "command" out for an executable that does not exist yet.
        command = test.get("command", [f"resys_tests_{test['name']}"])
        if test["name"].startswith("fuzz_"):
            yield Suite(name, command + FUZZER_INPUTS[tier], build_dir, count_fuzzer)
            continue
        tags = f"[{tag}]" if tag else "~[slow]" if tier == "fast" or label else ""
        yield Suite(name, command + ([tags] if tags else []), build_dir, count_catch)


def count_catch(output):
    """Passed, failed and skipped as Catch2's console reporter says it (versions 2 and 3)."""
    if re.search(r"No tests? (cases )?(ran|matched)", output):
        return 0, 0, []
    all_passed = re.search(r"All tests passed \(.* in (\d+) test cases?\)", output)
    if all_passed:
        return int(all_passed[1]), 0, []
    summary = re.search(r"^test cases: .*", output, re.MULTILINE)
    if not summary:
        return None  # it crashed

    def number(word):
        found = re.search(rf"(\d+) {word}(?! as expected)", summary[0])
        return int(found[1]) if found else 0

    skipped = [("", "see the log")] * number("skipped")
    return number("passed"), number("failed"), skipped


def count_fuzzer(output):
    """A fuzzer that comes to its end has passed; one that finds something ends at once."""
    return (1, 0, []) if re.search(r"^Done \d+ runs", output, re.MULTILINE) else None


def pytest_suites(tests_dir, logs, tier):
    found = sorted(file.relative_to(tests_dir) for file in tests_dir.rglob("*_test.py"))
    for relative in sorted(found, key=lambda file: str(file) not in LONGEST):
        if "node_modules" in relative.parts:
            continue
        if tier == "fast" and relative.parts[0] == "e2e":
            continue
        report = logs / (log_name(str(relative)) + ".xml")
        report.unlink(missing_ok=True)
        command = [sys.executable, "-m", "pytest", "-q", str(relative), f"--junitxml={report}"]
        if tier == "fast":
            command += ["-m", "not slow"]
        yield Suite(str(relative), command, tests_dir, lambda _, report=report: count_junit(report))


def count_junit(report):
    if not report.exists():
        return None
    passed, failed, skipped = 0, 0, []
    for case in xml.etree.ElementTree.parse(report).getroot().iter("testcase"):
        reason = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif reason is not None:
            skipped.append((case.get("name"), reason.get("message")))
        else:
            passed += 1
    return passed, failed, skipped


def log_name(name):
    return re.sub(r"[^A-Za-z0-9_.]+", "-", name).strip("-")


class Runner:
    def __init__(self, results, logs, tier):
        self.results = results
        self.logs = logs
        self.tier = tier
        self.lock = threading.Lock()

    def run(self, suite):
        log = self.logs / (log_name(suite.name) + ".log")
        started = time.monotonic()
        with log.open("w") as output:
            status = self.run_process(suite, output)
        text = log.read_text(errors="replace")
        counted = suite.count(text)
        passed, failed, skipped = counted or (0, 1, [])
        if status != 0 and failed == 0 and passed + len(skipped) > 0:
            failed = 1  # it passed its tests and then failed, as a leak checker makes it do
        self.report(suite, passed, failed, skipped, time.monotonic() - started, log, text)

    def run_process(self, suite, output):
        try:
            process = subprocess.Popen(
                suite.command,
                cwd=suite.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            output.write(f"cannot start {suite.command[0]}: {error}\n")
            return 1
        try:
            return process.wait(HANGS_AFTER_SECONDS[self.tier])
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            output.write(f"\nkilled: it hung for {HANGS_AFTER_SECONDS[self.tier]} seconds\n")
            return 1

    def report(self, suite, passed, failed, skipped, seconds, log, text):
        counts = f"{passed} passed" + (f", {len(skipped)} skipped" if skipped else "")
        counts += f", {failed} FAILED" if failed else ""
        with self.lock:
            print(f"{suite.name:<44} {counts} ({seconds:.1f} s)", flush=True)
            if failed:
                print(f"  the end of {log}:")
                print(
                    "\n".join("    " + line for line in text.splitlines()[-TAIL_LINES:]), flush=True
                )
            with self.results.open("a") as results:
                results.write(f"suite\t{suite.name}\t{passed}\t{failed}\n")
                for name, reason in skipped:
                    results.write(
                        f"skipped\t{suite.name} {name}\t{' '.join((reason or '').split())}\n"
                    )


def run(options):
    suites = []
    if options.catch:
        suites += catch_suites(options.catch, options.label, options.tag, options.tier)
    if options.pytest:
        suites += pytest_suites(options.pytest, options.logs, options.tier)
    suites = [suite for suite in suites if options.filter in suite.name]
    runner = Runner(options.results, options.logs, options.tier)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        list(pool.map(runner.run, suites))


def summary(options):
    passed = failed = 0
    for line in options.results.read_text().splitlines():
        kind, name, *rest = line.split("\t")
        if kind == "suite":
            passed, failed = passed + int(rest[0]), failed + int(rest[1])
            if int(rest[1]):
                print(f"failed: {name}")
        else:
            print(f"{kind}: {name}: {rest[0]}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    runs = commands.add_parser("run")
    runs.set_defaults(command=run)
    runs.add_argument("--results", type=pathlib.Path, required=True)
    runs.add_argument("--logs", type=pathlib.Path, required=True)
    runs.add_argument("--tier", choices=HANGS_AFTER_SECONDS, required=True)
    runs.add_argument("--catch", type=pathlib.Path, help="a build folder")
    runs.add_argument("--pytest", type=pathlib.Path, help="the tests folder")
    runs.add_argument("--label", default="")
    runs.add_argument("--tag", default="", help="only Catch2 tests with this tag")
    runs.add_argument("--filter", default="")
    runs.add_argument("--jobs", type=int, default=1)
    sums = commands.add_parser("summary")
    sums.set_defaults(command=summary)
    sums.add_argument("--results", type=pathlib.Path, required=True)
    options = parser.parse_args()
    sys.exit(options.command(options))


if __name__ == "__main__":
    main()
