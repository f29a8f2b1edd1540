#!/usr/bin/env python3
"""Every query of the product with few users and with very many: what it costs must not grow with them.

The figures come from the test of the query plans, which fails when a plan walks a table. For Postgres they are the server's
own: pages touched and time taken, all in memory. For SQLite the time includes the driver, built for debugging.
FEW (1000) and MANY (1000000) come from the environment.
"""

import json
import os
import subprocess
import tempfile

import harness

FEW = int(os.environ.get("FEW") or 1_000)
MANY = int(os.environ.get("MANY") or 1_000_000)


def measure(users, folder):
    """One run of the tests; answers {database: {query: (pages, microseconds)}}."""
    report = os.path.join(folder, f"plans-{users}")
    environment = os.environ | {"GATEHOUSE_PLAN_USERS": str(users), "GATEHOUSE_PLAN_REPORT": report}
    done = subprocess.run(
        ["swift", "test", "--disable-xctest", "--no-parallel", "--filter", "APITests.PlanTests"],
        cwd=harness.ROOT, env=environment, capture_output=True, text=True, timeout=900, check=False)
    if done.returncode != 0:
        raise harness.Failure(f"a plan is not as it should be with {users} users:\n{done.stdout[-6000:]}")
    found = {}
    for database in ("postgres", "sqlite"):
        rows = {}
        with open(f"{report}.{database}", encoding="utf-8") as lines:
            for line in lines:
                _, _, name, pages, microseconds = line.rstrip("\n").split("\t")
                rows[name] = (int(pages) if pages else None, float(microseconds))
        found[database] = rows
    return found


def main():
    with tempfile.TemporaryDirectory(prefix="gatehouse-bench-") as folder:
        few, many = measure(FEW, folder), measure(MANY, folder)
    where = harness.machine()
    lines = ["# What each query costs", "", harness.machine_lines(where), "",
             f"With {FEW:,} and with {MANY:,} users, as many sessions and audit entries, and a tenth as many revocations.", "",
             "| query | Postgres: pages | | µs | | SQLite: µs | |", "|---|---:|---:|---:|---:|---:|---:|"]
    for name, (pages, time) in few["postgres"].items():
        more_pages, more_time = many["postgres"][name]
        lines.append(f"| {name} | {pages} | {more_pages} | {time:,.0f} | {more_time:,.0f} | "
                     f"{few['sqlite'][name][1]:,.0f} | {many['sqlite'][name][1]:,.0f} |")
    harness.write_results("queries", {"machine": where, "few": FEW, "many": MANY, "met": True, "costs": {
        database: {name: {"few": few[database][name], "many": many[database][name]} for name in few[database]}
        for database in few}}, "\n".join(lines))
    return 0


harness.run(main)
