#!/usr/bin/env python3
"""Both programs at half of the most they bear, for a long time, with people who come, do a bit of everything, and go.

    bench/soak.py            twenty minutes, into bench/results/soak.*; docs/performance.md is made anew with it
    bench/soak.py --short    two minutes, into results of their own

First visits follow each other as fast as they go, which tells the highest rate; then they begin at half of it, and meanwhile
memory and descriptors are looked at. It holds when no visit failed, when memory stayed where it was once it had settled, and
when every descriptor that no pool keeps is closed again. Passwords cost next to nothing here: with the usual hashes the two
processors would hash, and do little else.

MINUTES (20, or 2) comes from the environment; GATEHOUSE_API and GATEHOUSE_WEB name other binaries.
"""

import collections
import contextlib
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

import budgets
import charts
import contestants
import harness
import loads
import performance_page
from harness import Failure
from performance_page import mib, table
from service import CHEAP_HASHES, LARGE_LIMITS, Service
from stores import finish

USUAL_MINUTES, SHORT_MINUTES = 20, 2
SHARE = 0.5
# As many visits at once, without a pause, as leave neither program anything to wait for.
AT_ONCE = 32
# By default tokens live that long, so that within the usual time revocations come to be forgotten, too.
TOKEN_LIFE = {"ACCESS_TOKEN_EXPIRE_SECONDS": "900"}
# Memory may grow for two minutes, or for a fifth of a shorter time.
MOST_SETTLING = 120
# Who comes alone, before the load and after it, so that pools are compared in the same state; and what one page asks the API
# for at once.
FEW, CALLS_OF_A_PAGE = 4, 2
# A connection from the pages to the API that rested for 30 s is not used again, and is closed at the next occasion.
REST = 31
LOOPS = len(os.sched_getaffinity(0))
# What a pool keeps depends on who came last: up to that many. For each loop DATABASE_POOL_SIZE and the connection that
# watches, of two descriptors each, for the driver listens on a duplicate of libpq's.
POOLS = {"Postgres": LOOPS * (4 + 1) * 2, "between the programs": LOOPS * FEW * CALLS_OF_A_PAGE}
KINDS = ("clients", "Postgres", "Redis", "between the programs", "others")


def say(sentence):
    print(f"soak: {sentence}", file=sys.stderr, flush=True)


# Descriptors.

def descriptors(service, programs):
    """{program: how many of each kind}. What can not be told is one of the others."""
    api, web = programs
    redis = int(service.redis.addresses["TCP"].rpartition(":")[2])
    ends = {}
    for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        ends[fields[9]] = tuple(int(address.rpartition(":")[2], 16) for address in fields[1:3])
    unix = {line.split()[6] for line in pathlib.Path("/proc/net/unix").read_text().splitlines()[1:]}
    held = {program.name: list(inodes(program)) for program in programs}
    own_ends = {ends[inode][0] for inode in held[web.name] if inode in ends and ends[inode][1] == api.port}

    def kind(program, inode):
        local, remote = ends.get(inode, (0, 0))
        if inode in unix:
            return "Postgres"
        if remote == redis:
            return "Redis"
        if remote == api.port or (local == api.port and remote in own_ends):
            return "between the programs"
        # One that listens has nobody at its other end.
        return "clients" if remote and local == program.port else "others"
    found = {}
    for program in programs:
        counts = collections.Counter(kind(program, inode) for inode in held[program.name])
        found[program.name] = {name: counts[name] for name in KINDS}
    return found


def inodes(program):
    """The number of each socket, and None for each descriptor that is no socket."""
    folder = f"/proc/{program.process.pid}/fd"
    for number in os.listdir(folder):
        with contextlib.suppress(FileNotFoundError):
            found = re.fullmatch(r"socket:\[(\d+)\]", os.readlink(f"{folder}/{number}"))
            yield found and found[1]


def at_rest(service, programs, asker):
    """The descriptors once a few visitors have come and gone, and all that they and others left has been closed; or what
    has not been closed half a minute later."""
    deadline = time.monotonic() + 30
    while True:
        # At each of them a pool closes what has rested for too long.
        visit(asker, programs, 1, concurrency=FEW)
        for _ in range(20):
            found = descriptors(service, programs)
            if is_closed(found):
                return found
            time.sleep(0.1)
        if time.monotonic() > deadline:
            return found


def is_closed(found):
    return all(one["clients"] == 0 and kept(one)["between the programs"] <= POOLS["between the programs"]
               for one in found.values())


def kept(one):
    return {name: one[name] for name in POOLS}


def left_open(before, after):
    """How many more there are that no pool keeps. A kind with fewer than before makes up for none of another kind."""
    return sum(max(0, after[name] - before[name]) for name in KINDS if name not in POOLS)


# The load.

def options_of(programs):
    api, web = programs
    return {"api": f"127.0.0.1:{api.port}", "web": f"127.0.0.1:{web.port}"}


def visit(asker, programs, seconds, **options):
    """Visits that are not measured: nothing may go wrong with them."""
    figure = asker.load("visits", seconds, **options_of(programs), **options)
    if figure["failures"]["count"]:
        raise Failure(f"{figure['failures']['count']} visits failed: {figure['failures']['first'][0]}")
    return figure


def look(programs, began):
    found = {"seconds": round(time.monotonic() - began, 1)}
    for program in programs:
        if program.process.poll() is not None:
            raise Failure(f"{program.name} ended with {program.process.returncode}: {program.output()}")
        found[program.name] = {"kib": program.proportional_kib(), "descriptors": program.descriptors()}
    return found


def soak(asker, programs, rate, seconds):
    """What the load reports, and what the programs were like meanwhile."""
    every = 5 if seconds >= 600 else 2
    samples, told, began = [], 0, time.monotonic()
    process = subprocess.Popen(
        asker.command("visits", seconds, rate=rate, **options_of(programs)), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True)
    try:
        while process.poll() is None:
            if time.monotonic() - began > seconds + 90:
                raise Failure("the visits do not come to an end")
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.01, began + (len(samples) + 1) * every - time.monotonic()))
                break
            samples.append(look(programs, began))
            if samples[-1]["seconds"] - told >= max(20, seconds / 10):
                told = samples[-1]["seconds"]
                say(f"{told / 60:.1f} of {seconds / 60:g} minutes, " + ", ".join(
                    f"{program.name} {mib(samples[-1][program.name]['kib'])} MiB" for program in programs))
    except BaseException:
        process.kill()
        process.wait()
        raise
    return json.loads(finish(process, "load visits", 10)), samples, every


def memory_of(name, samples, every, seconds):
    """The most there was after it had settled, against the median right after that."""
    settling = min(MOST_SETTLING, seconds / 5)
    settled = [sample[name]["kib"] for sample in samples if sample["seconds"] >= settling]
    if not settled:
        raise Failure("too short to tell anything: MINUTES")
    median = statistics.median(settled[:max(3, round(settling / 2 / every))])
    return {"settled_kib": median, "most_kib": max(settled), "last_kib": settled[-1], "growth": max(settled) / median}


def measure(minutes):
    seconds = minutes * 60
    contestants.build_load()
    harness.raise_descriptor_limit()
    with contextlib.ExitStack() as stack:
        asker = loads.Asker(stack.enter_context(tempfile.TemporaryDirectory(prefix="gatehouse-soak-")))
        service = stack.enter_context(
            Service(0, durable=True, settings=("shared_buffers=256MB",), **CHEAP_HASHES, **LARGE_LIMITS))
        api = stack.enter_context(contestants.gatehouse_api(service, **TOKEN_LIFE))
        web = stack.enter_context(contestants.gatehouse_web(service, api))
        programs = (api, web)
        before, start = at_rest(service, programs, asker), look(programs, time.monotonic())
        highest = visit(asker, programs, min(20, max(5, seconds / 12)), concurrency=AT_ONCE)["visits_per_second"]
        say(f"{highest:.1f} visits a second are the most; now {highest * SHARE:.1f} a second for {minutes:g} minutes")
        load, samples, every = soak(asker, programs, highest * SHARE, seconds)
        say("the visits are over; what is left of them?")
        time.sleep(REST)
        after, end = at_rest(service, programs, asker), look(programs, time.monotonic())
        complaints = {program.name: program.output() for program in programs if os.path.getsize(program.log.name)}
    left = contestants.left_running()
    if left:
        raise Failure(f"these were left running: {left}")
    return {
        "machine": harness.machine(), "minutes": minutes, "highest_visits_per_second": highest,
        "wanted_visits_per_second": highest * SHARE, "every_seconds": every, "settling_seconds": min(MOST_SETTLING, seconds / 5),
        "load": load, "complaints": complaints, "programs": {program.name: {
            "memory": memory_of(program.name, samples, every, seconds) | {
                "start_kib": start[program.name]["kib"], "end_kib": end[program.name]["kib"]},
            "descriptors": {"before": before[program.name], "after": after[program.name],
                            "most": max(sample[program.name]["descriptors"] for sample in samples)},
            "left": left_open(before[program.name], after[program.name]),
            "pools": {name: {"kept": count, "limit": POOLS[name]} for name, count in kept(after[program.name]).items()
                      if count or before[program.name][name]},
        } for program in programs}, "samples": samples}


# What it says.

def figure(value):
    return f"{value:,}" if isinstance(value, int) else charts.number(value)


def duration(seconds):
    return f"{seconds / 60:g} minutes" if seconds >= 60 else f"{seconds:g} s"


def text(figures, found, chart):
    load, programs = figures["load"], figures["programs"]
    answers = sum(load["answers"].values())
    lines = [
        "# Soak", "", harness.machine_lines(figures["machine"]), "",
        f"{figures['minutes']:g} minutes of visits at {figures['wanted_visits_per_second']:.1f} a second, half of the "
        f"{figures['highest_visits_per_second']:.1f} that both programs bore at most, {AT_ONCE} at once and the generator, Postgres "
        f"and Redis on the same processors. A visit: a sign-up, a login at the API and one at the pages, 300 hellos, and among them "
        "10 times the account, 30 pages and 3 refreshes; then both logouts, and a token that is refused. "
        f"{load['visits']:,} visits, {answers:,} answers, {answers / load['seconds']:,.0f} a second. Every request is counted in "
        "three windows, by limits that refuse nobody. **Password hashes cost next to nothing here** (64 KiB, one pass): with the "
        "usual ones the processors would hash, and do little else; logins have figures of their own.", "",
        *table(("what", "measured", "budget", ""), [
            (one["what"], f"{figure(one['value'])} {one['unit']}".strip(), one["budget"], harness.verdict(one["met"]))
            for one in found])]
    if load["failures"]["count"]:
        lines += ["The first that failed: " + "; ".join(f"`{one}`" for one in load["failures"]["first"]), ""]
    for name, said in figures["complaints"].items():
        lines += [f"The last that {name} wrote:", "", "```", said, "```", ""]
    lines += [
        f"MiB resident, looked at every {figures['every_seconds']} s. It settles for {duration(figures['settling_seconds'])}; what "
        "came after is compared with the median right after that.", "",
        *table(("", "before", "settled", "most after that", "last", f"{REST} s after the load"), [
            (name, *(mib(one["memory"][key]) for key in ("start_kib", "settled_kib", "most_kib", "last_kib", "end_kib")))
            for name, one in programs.items()])]
    if chart:
        lines += [f"![Memory during the soak, MiB]({chart})", ""]
    lines += [
        f"Descriptors, before and after, each time when {FEW} visitors alone had come and gone. Postgres (two for a connection) "
        "and what is between the programs are pools, and keep what their last visitors needed; clients' connections and all others "
        "have to be as many as before.", "",
        *table(("", "all", *KINDS), [
            (f"{name}, {when}", *row) for name, one in programs.items() for when, row in rows_of(one["descriptors"])]),
        "Milliseconds, of answers under this load:", "",
        *table(("", "answers", "p50", "p99", "p99.9", "max"), [
            (name, f"{load['answers'].get(name, 0):,}", *(
                charts.number(load[name][share]) for share in ("p50_ms", "p99_ms", "p999_ms", "max_ms")))
            for name in ("hello", "page", "login")])]
    return "\n".join(lines)


def rows_of(counts):
    def row(one):
        return sum(one.values()), *(one[name] for name in KINDS)
    return (("before", row(counts["before"])), ("most under load", (counts["most"], *("" for _ in KINDS))),
            ("after", row(counts["after"])))


def draw(name, figures):
    """The memory over time; answers the name of the file."""
    series = {program: {sample["seconds"] / 60: sample[program]["kib"] / 1024 for sample in figures["samples"]}
              for program in figures["programs"]}
    picture = charts.course("Memory during the soak, MiB", series, "minutes", {
        program: place for place, program in enumerate(series)})
    harness.RESULTS.mkdir(parents=True, exist_ok=True)
    (harness.RESULTS / f"{name}.svg").write_text(picture)
    return f"{name}.svg"


def main():
    arguments = sys.argv[1:]
    if arguments not in ([], ["--short"]):
        print("usage: soak.py [--short]", file=sys.stderr)
        return 2
    name, usual = ("soak-short", SHORT_MINUTES) if arguments else ("soak", USUAL_MINUTES)
    figures = measure(float(os.environ.get("MINUTES") or usual))
    found = budgets.of_soak(figures)
    met = all(one["met"] for one in found)
    # The short form is looked at once, and has no picture.
    chart = draw(name, figures) if name == "soak" else None
    harness.write_results(name, figures | {"budgets": found, "met": met}, text(figures, found, chart))
    if name == "soak":
        performance_page.write_page(performance_page.known_parts())
    return 0 if met else 1


harness.run(main)
