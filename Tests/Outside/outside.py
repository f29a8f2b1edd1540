"""What the tests from outside share: the service they ask, which bench/ starts, and what they report."""

import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench"))

# pylint: disable=wrong-import-position,unused-import
from harness import ROOT, Connection, Failure, run  # noqa: E402
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
        """Prints the last line; answers the exit status."""
        if self.failures:
            print(f"{self.name}: {len(self.failures)} of {self.count} expectations failed. {summary}", flush=True)
            return 1
        print(f"{self.name}: {self.count} expectations hold. {summary}", flush=True)
        return 0
