#!/usr/bin/env python3
"""Gatehouse beside what people would use instead, on the same work, and how its figures grow.

    bench/peers.py [table] [connections] [users] [revocations]   all, or those that are named
    bench/peers.py page                                          writes what was measured down again

Each part is kept in bench/results/latest.json beside the others, and docs/performance.md is made of all of them.
ROUNDS (5), GROWTH_ROUNDS (as many, at most 5) and DURATION (3 s) come from the environment; USERS, CONNECTIONS and REVOCATIONS are
lists of numbers, to try it quickly. GATEHOUSE_API and GATEHOUSE_WEB name other binaries.
"""

import os
import sys

import budgets
import contestants
import growth
import harness
import performance_page
import side_by_side
from harness import Failure

DURATION = int(os.environ.get("DURATION") or 3)
ROUNDS = int(os.environ.get("ROUNDS") or 5)
GROWTH_ROUNDS = int(os.environ.get("GROWTH_ROUNDS") or min(5, ROUNDS))
PARTS = {
    "table": lambda: side_by_side.measure(ROUNDS, DURATION),
    # Twenty figures in a round: three of them tell enough.
    "connections": lambda: growth.connections(min(3, GROWTH_ROUNDS), DURATION),
    "users": lambda: growth.users(GROWTH_ROUNDS, min(2, DURATION)),
    "revocations": lambda: growth.revocations(GROWTH_ROUNDS, DURATION),
}


def measure(names):
    parts = performance_page.known_parts()
    for name in names:
        parts[name] = PARTS[name]()
        # At once: what was measured is not lost with what comes after it.
        performance_page.write(parts)
    return budgets.of_parts({name: parts[name] for name in names})


def main():
    names = sys.argv[1:]
    if names == ["page"]:
        performance_page.write(performance_page.known_parts())
        return 0
    if any(name not in PARTS for name in names):
        print("usage: peers.py [table] [connections] [users] [revocations] | page", file=sys.stderr)
        return 2
    found = measure(names or list(PARTS))
    left = contestants.left_running()
    if left:
        raise Failure(f"these were left running: {left}")
    missed = [one["what"] for one in found if not one["met"]]
    if missed:
        print(f"peers: not met: {'; '.join(missed)}", file=sys.stderr)
    return 1 if missed else 0


harness.run(main)
