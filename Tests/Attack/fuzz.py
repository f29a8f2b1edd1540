#!/usr/bin/env python3
"""A 10-minute fuzz of every parser: .ci/fuzz, which builds them with libFuzzer and the address sanitizer.

SECONDS_PER_TARGET (600) and FUZZ_TARGETS (all) come from the environment.
"""

import os
import re
import subprocess
import sys

from attack import ROOT, Attack, run, setting

SECONDS = setting("SECONDS_PER_TARGET", 600)
TARGETS = os.environ.get("FUZZ_TARGETS", "")


def main():
    report = Attack("fuzz", "A fuzz of every parser", "inputs", SECONDS_PER_TARGET=SECONDS)
    # What ONLY names for `make attack` are attacks.
    environment = os.environ | {"SECONDS_PER_TARGET": str(SECONDS), "ONLY": TARGETS}
    lines = []
    with subprocess.Popen([ROOT / ".ci/fuzz"], env=environment, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            for line in process.stdout:
                print(line, end="", file=sys.stderr, flush=True)
                lines.append(line)
        except BaseException:
            process.terminate()
            raise
    for line in dict.fromkeys(line for line in lines if line.startswith("fuzz ")):
        found = re.match(r"fuzz (\w+): no crash in (\d+) runs, (.*)", line)
        report.expect(found is not None, line.strip())
        if found:
            report.tried += int(found[2])
            report.figures[found[1]] = {"runs": int(found[2]), "coverage": found[3]}
    report.expect(process.returncode == 0, ".ci/fuzz is content", process.returncode)
    report.expect(report.figures, "something was fuzzed")
    return report.conclude(f"{len(report.figures)} parsers, {SECONDS} s each.")


if __name__ == "__main__":
    run(main)
