"""What the tests from outside share: the service they ask, which bench/ starts, and what they report."""

import json
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench"))

# pylint: disable=wrong-import-position,unused-import
from harness import RESULTS, ROOT, Connection, Failure, machine, machine_lines, run  # noqa: E402
from service import (  # noqa: E402
    ADMINISTRATOR, CHEAP_HASHES, NO_LIMITS, PASSWORD, PREFIX, Answer, Client, Service)


class Report:
    """Counts what was asked, and keeps what was not as it should be: one run tells all of it."""

    LONGEST = 40

    def __init__(self, name):
        self.name, self.count, self.failures = name, 0, []

    def expect(self, good, sentence, seen=None):
        """True when it was good."""
        self.count += 1
        if not good:
            self.failures.append(sentence if seen is None else f"{sentence}: {seen!r}")
            if len(self.failures) <= Report.LONGEST:
                print(f"{self.name}: {self.failures[-1]}", file=sys.stderr, flush=True)
        return good

    def conclude(self, summary):
        """Prints the last line, and keeps it in bench/results; answers the exit status."""
        self.keep({"machine": machine(), "expectations": self.count, "summary": summary,
                   "findings": self.failures[:Report.LONGEST], "finding_count": len(self.failures)})
        if self.failures:
            print(f"{self.name}: {len(self.failures)} of {self.count} expectations failed. {summary}", flush=True)
            return 1
        print(f"{self.name}: {self.count} expectations hold. {summary}", flush=True)
        return 0

    def keep(self, outcome):
        keep(self.name, outcome)


def keep(name, outcome):
    """The last run of each test, in outside.json for programs and outside.md for people."""
    path = RESULTS / "outside.json"
    try:
        outcomes = json.loads(path.read_text())
    except (OSError, ValueError):
        outcomes = {}
    outcomes = dict(sorted((outcomes | {name: outcome}).items()))
    lines = ["# From outside", "", "What `make test-outside` has tried at last, and what was not as it should be.", ""]
    for test, told in outcomes.items():
        lines += [
            f"## {test}", "", machine_lines(told["machine"]), "", told["summary"], "",
            f"{told['expectations']:,} expectations, {told['finding_count']:,} findings.", "",
            *(f"- {finding}" for finding in told["findings"]), *([""] if told["findings"] else [])]
    RESULTS.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(outcomes, indent=2, ensure_ascii=False) + "\n")
    (RESULTS / "outside.md").write_text("\n".join(lines).rstrip() + "\n")
