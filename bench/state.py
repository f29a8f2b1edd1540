#!/usr/bin/env python3
"""The stores as the programs use them: Postgres beside pgbench, Redis pipelined beside one by one, SQLite.

Every server is started here, private and with nothing else to do, and everything shares the same two processors. What
is compared runs in turns that change places, so that a noisy minute of the machine meets both alike.
ROUNDS (3), DURATION (5 s) and TASKS (64) come from the environment.
"""

import contextlib
import functools
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

import harness
from harness import Failure
from stores import Postgres, Redis, finish

ROUNDS = int(os.environ.get("ROUNDS") or 3)
DURATION = int(os.environ.get("DURATION") or 5)
TASKS = int(os.environ.get("TASKS") or 64)
LOOPS = 2
# The statement, the rows and the socket are the same for both; the pool has at most four connections for each loop.
PGBENCH = ("-S", "-M", "prepared", "-c", "8", "-j", "1")
PGBENCH_BUDGET = 0.7
# A million accounts, as the program that puts the load knows too.
SCALE = 10
# How many lookups are under way at once where they are pipelined.
DEPTH = 256
# Where the kernel puts program and server decides how long each takes to wake the other, and so the rate of one by one:
# several times over, and not the same from one run to the next. So both extremes are measured, each for itself.
PLACEMENTS = {"placed by the kernel": None, "a processor each": (0, -1), "both on one": (0, 0)}
# For TCP, which is how the API is usually told of Redis (REDIS_URL=redis://127.0.0.1), where the kernel puts the two. The
# other placements tell why that varies: to wake the other processor costs a lookup alone more than all the rest of it.
PIPELINE_BUDGET = 10
SCRATCH = harness.ROOT / ".build" / "bench"
PROGRAM = SCRATCH / "release" / "state-bench"


def build():
    """For release, beside the other builds. GATEHOUSE_BENCH makes Package.swift declare the program."""
    command = [*harness.RELEASE_BUILD, "--scratch-path", str(SCRATCH), "--product", "state-bench"]
    finish(subprocess.Popen(command, cwd=harness.ROOT, env=os.environ | {"GATEHOUSE_BENCH": "1"}, stdout=sys.stderr),
           "swift build", 780)


def load(name, place, loops=LOOPS, tasks=TASKS, seconds=None):
    """What state-bench says of one run."""
    seconds = seconds or DURATION
    command = [str(PROGRAM), name, str(place), str(loops), str(tasks), str(seconds)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    return json.loads(finish(process, f"state-bench {name}", seconds + 30))


class BenchPostgres(Postgres):
    """With the tables of pgbench, all of them in memory. It does not wait for the disk: drivers are compared."""

    def __init__(self):
        super().__init__("fsync=off", "full_page_writes=off", "shared_buffers=384MB", "max_connections=50")

    def fill(self):
        self.pgbench("--initialize", "--quiet", "--scale", str(SCALE))

    def pgbench(self, *arguments, seconds=60):
        return self.run(f"{self.programs}/pgbench", "--host", str(self.folder), "--username", "bench", *arguments,
                        "postgres", seconds=seconds)

    def pgbench_reads(self, seconds):
        text = self.pgbench(*PGBENCH, "-T", str(seconds), seconds=seconds + 30)
        rate = re.search(r"^tps = ([\d.]+)", text, re.MULTILINE)
        if not rate or float(rate[1]) == 0:
            raise Failure(f"pgbench could not measure: {text.strip()}")
        return {"per_second": float(rate[1])}


def in_rounds(subjects):
    """The runs of each subject. Every round begins with another one: nobody always follows the same neighbour."""
    runs = {name: [] for name in subjects}
    names = list(subjects)
    for number in range(ROUNDS):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            runs[name].append(subjects[name]())
            print(f"round {number + 1}: {name} {rate_of(runs[name][-1]):,.0f}/s", file=sys.stderr, flush=True)
    return runs


def rate_of(run):
    return run["per_second"] if "per_second" in run else statistics.median(run["together"])


def measure_postgres():
    with BenchPostgres() as server:
        server.pgbench_reads(2)
        return in_rounds({
            "pgbench": lambda: server.pgbench_reads(DURATION),
            "reads, two loops": lambda: load("postgres-reads", server.url),
            "reads, one loop": lambda: load("postgres-reads", server.url, loops=1),
            "transactions": lambda: load("postgres-transactions", server.url),
        })


@contextlib.contextmanager
def placed(process, placement):
    """Keeps us, with what we start, on one of the two processors, and a running server on the same or the other one."""
    processors = sorted(os.sched_getaffinity(0))
    if PLACEMENTS[placement] is None:
        yield
        return
    ours, theirs = (processors[index] for index in PLACEMENTS[placement])
    try:
        os.sched_setaffinity(0, {ours})
        os.sched_setaffinity(process.pid, {theirs})
        yield
    finally:
        os.sched_setaffinity(0, processors)
        os.sched_setaffinity(process.pid, processors)


def measure_redis():
    with Redis() as server:
        def lookups(address, placement):
            with placed(server.process, placement):
                return load("redis-revocations", address, loops=1, tasks=DEPTH)

        return in_rounds({
            f"{kind}, {placement}": functools.partial(lookups, address, placement)
            for kind, address in server.addresses.items() for placement in PLACEMENTS
        }), in_rounds({"limiter": lambda: load("redis-limiter", server.addresses["TCP"])})


def measure_sqlite():
    with tempfile.TemporaryDirectory(prefix="gatehouse-bench-") as folder:
        place = pathlib.Path(folder) / "bench.db"
        return harness.first_line("stat", "-f", "-c", "%T", folder), in_rounds({
            name: functools.partial(load, name, place) for name in ("sqlite-reads", "sqlite-inserts")})


def summary(runs):
    """The rate with its extremes, and the medians of the latencies where they were taken."""
    return {"per_second": harness.spread([run["per_second"] for run in runs])} | {
        key: statistics.median(run[key] for run in runs) for key in ("p50_ms", "p99_ms") if key in runs[0]}


def pipelining(runs):
    """Medians over the turns of all rounds. Two turns that followed each other have a ratio of their own."""
    alone, together = ([rate for run in runs for rate in run[key]] for key in ("alone", "together"))
    return {"alone": statistics.median(alone), "together": statistics.median(together), "turns": len(alone),
            "ratio": statistics.median(many / one for one, many in zip(alone, together))}


def row(label, figure):
    rate = figure["per_second"]
    latency = " | ".join(f"{figure[key]:.2f}" if key in figure else "" for key in ("p50_ms", "p99_ms"))
    return f"| {label} | {rate['median']:,.0f} | {rate['min']:,.0f} | {rate['max']:,.0f} | {latency} |"


def main():
    build()
    # From here on: what is started inherits it.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    where = harness.machine()
    postgres = measure_postgres()
    lookup_runs, limiter = measure_redis()
    file_system, sqlite = measure_sqlite()

    figures = {name: summary(runs) for name, runs in (postgres | limiter | sqlite).items()}
    lookups = {name: pipelining(runs) for name, runs in lookup_runs.items()}
    own, peer = (figures[name]["per_second"]["median"] for name in ("reads, two loops", "pgbench"))
    pipelined = lookups["TCP, placed by the kernel"]["ratio"]
    good = {"reads": own / peer >= PGBENCH_BUDGET, "lookups": pipelined >= PIPELINE_BUDGET}

    versions = {"postgres": harness.first_line(f"{Postgres.programs}/postgres", "--version"),
                "redis": harness.first_line("redis-server", "--version").split(" sha=")[0]}
    lines = [
        "# Postgres, Redis and SQLite as the programs use them", "",
        harness.machine_lines(where), "",
        f"{versions['postgres']} · {versions['redis']}", "",
        f"{ROUNDS} interleaved rounds of {DURATION} s. Two processors, which servers and clients share.", "",
        f"| {TASKS} tasks, {LOOPS} loops | per second, median | min | max | p50 ms | p99 ms |",
        "|---|---:|---:|---:|---:|---:|",
        row(f"`pgbench {' '.join(PGBENCH)}`, its 8 connections", figures["pgbench"]),
        row("Postgres: one row by its primary key, through the pool", figures["reads, two loops"]),
        row("the same, all tasks on one loop", figures["reads, one loop"]),
        row("Postgres: BEGIN, UPDATE of one row, COMMIT (fsync off)", figures["transactions"]),
        row("Redis: a hit counted in three windows (TCP)", figures["limiter"]),
        row("SQLite: one row by its primary key", figures["sqlite-reads"]),
        row(f"SQLite: INSERT of one row, commits shared, on disk ({file_system})", figures["sqlite-inserts"]),
        "",
        "Revocation lookups (MGET of three keys) over one connection of one loop, "
        f"one by one and {DEPTH} at once, in turns:", "",
        "| Redis over TCP or a socket, and where both run | one by one/s | pipelined/s | ratio, median of turns |",
        "|---|---:|---:|---:|"]
    for name, found in lookups.items():
        lines.append(f"| {name} | {found['alone']:,.0f} | {found['together']:,.0f} | {found['ratio']:.1f} |")
    lines += [
        "", "| figure | value | budget | |", "|---|---:|---:|---|",
        f"| reads through the pool against pgbench | {own / peer:.2f} | {PGBENCH_BUDGET} | "
        f"{harness.verdict(good['reads'])} |",
        f"| lookups pipelined against one by one, TCP, placed by the kernel | {pipelined:.1f} | {PIPELINE_BUDGET} | "
        f"{harness.verdict(good['lookups'])} |"]
    harness.write_results("state", {
        "machine": where, "versions": versions, "rounds": ROUNDS, "seconds": DURATION, "tasks": TASKS,
        "file_system": file_system, "runs": postgres | limiter | sqlite, "figures": figures, "lookups": lookups,
        "reads_against_pgbench": own / peer, "lookups_pipelined_against_one_by_one": pipelined,
        "budgets": {"reads": PGBENCH_BUDGET, "lookups": PIPELINE_BUDGET}, "met": all(good.values()),
    }, "\n".join(lines))
    return 0 if all(good.values()) else 1


harness.run(main)
