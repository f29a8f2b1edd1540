#!/usr/bin/env python3
"""Every query of the product with few users and with very many: what it costs must not grow with them.

The figures come from the test of the query plans, which also fails when a plan walks a table. For Postgres they are the
server's own: pages touched and time taken, all in memory. For SQLite the time includes the driver, built for debugging.

A query that stops at a limit, say at the 10,000th entry, may cost more with many users than with a thousand, of whom there
are too few to reach it. So there is a measurement in between: what grows with the table grows from there on, too. A query
is flat when it costs no more than three times what it did with fewer users, or hardly anything more.

FEW (1000), MIDDLE (100000) and MANY (1000000) come from the environment.
"""

import os
import subprocess
import tempfile
import time

import harness

FEW = int(os.environ.get("FEW") or 1_000)
MIDDLE = int(os.environ.get("MIDDLE") or 100_000)
MANY = int(os.environ.get("MANY") or 1_000_000)
SIZES = (FEW, MIDDLE, MANY)

# All of it, with the build of the tests.
SECONDS = 840
FACTOR = 3
# Less than this is the noise of the machine, and the height of the trees.
NOISE = {"pages": 50, "microseconds": 1_000}

# What may grow, why, and to how many microseconds at most.
ADMINISTRATORS = "it looks at every administrator: one user in a thousand is one here"
TRIGRAMS = "every three letters of it stand in very many of the names that were made up here"
GROWING = {
    "inactive administrators by name": (ADMINISTRATORS, 20_000),
    "search among administrators": (ADMINISTRATORS, 20_000),
    "count of search among administrators": (ADMINISTRATORS, 20_000),
    "search for one": (TRIGRAMS, 100_000),
    "count of search for one": (TRIGRAMS, 100_000),
}


def build(deadline):
    command = ["swift", "build", "--build-tests"]
    done = subprocess.run(command, cwd=harness.ROOT, capture_output=True, text=True,
                          timeout=max(1, deadline - time.monotonic()), check=False)
    if done.returncode != 0:
        raise harness.Failure(f"the tests can not be built:\n{(done.stdout + done.stderr)[-3000:]}")


def measure(users, folder, deadline):
    """One run of the tests; answers {database: {query: {"pages", "microseconds"}}}, and what the tests found wrong."""
    report = os.path.join(folder, f"plans-{users}")
    environment = os.environ | {"GATEHOUSE_PLAN_USERS": str(users), "GATEHOUSE_PLAN_REPORT": report}
    command = ["swift", "test", "--skip-build", "--disable-xctest", "--no-parallel", "--filter", "APITests.PlanTests"]
    started = time.monotonic()
    done = subprocess.run(command, cwd=harness.ROOT, env=environment, capture_output=True, text=True,
                          timeout=max(1, deadline - started), check=False)
    print(f"{users:,} users took {time.monotonic() - started:.0f} s", flush=True)
    found = {}
    for database in ("postgres", "sqlite"):
        if not os.path.exists(f"{report}.{database}"):
            raise harness.Failure(f"nothing was measured with {users} users:\n{(done.stdout + done.stderr)[-6000:]}")
        with open(f"{report}.{database}", encoding="utf-8") as lines:
            rows = [line.rstrip("\n").split("\t") for line in lines]
        found[database] = {
            name: ({"pages": int(pages)} if pages else {}) | {"microseconds": float(microseconds)}
            for _, _, name, pages, microseconds in rows}
    wrong = [] if done.returncode == 0 else [line for line in done.stdout.splitlines() if "recorded an issue" in line]
    return found, wrong or ([f"the tests ended with {done.returncode}"] if done.returncode else [])


def judge(name, unit, costs):
    """How often the most users cost what the fewest did, and whether that is as it should be."""
    few, middle, many = costs
    before = max(few, middle)
    is_flat = many <= FACTOR * before or many - before <= NOISE[unit]
    if not is_flat and name in GROWING:
        is_flat = unit == "pages" or many <= GROWING[name][1]
    return {"few": few, "middle": middle, "many": many, "ratio": round(many / few, 2) if few else None, "met": is_flat}


def compare(runs):
    """{database: {query: {unit: verdict}}}; a query that was not measured everywhere is an error."""
    verdicts = {}
    for database in ("postgres", "sqlite"):
        names = [set(run[database]) for run in runs]
        if any(found != names[0] for found in names):
            raise harness.Failure(f"other queries were measured each time: {set.union(*names) - set.intersection(*names)}")
        verdicts[database] = {
            name: {unit: judge(name, unit, [run[database][name][unit] for run in runs]) for unit in units}
            for name, units in runs[0][database].items()}
    return verdicts


def cells(verdict):
    ratio = "" if verdict["ratio"] is None else f"{verdict['ratio']:,.1f}"
    figures = [f"{verdict[size]:,.0f}" for size in ("few", "middle", "many")] + [ratio]
    return " | ".join(figures if verdict["met"] else [f"**{figure}**" for figure in figures])


def table(verdicts):
    sizes = " | ".join(f"{size:,}" for size in SIZES)
    lines = []
    for database, title in (("postgres", "Postgres"), ("sqlite", "SQLite")):
        units = ["pages", "microseconds"] if database == "postgres" else ["microseconds"]
        heads = " | ".join(f"{'pages' if unit == 'pages' else 'µs'}: {sizes} | ×" for unit in units)
        lines += ["", f"## {title}", "", f"| query | {heads} | |", "|---|" + "---:|" * (4 * len(units)) + "---|"]
        for name, found in verdicts[database].items():
            good = harness.verdict(all(found[unit]["met"] for unit in units))
            lines.append(f"| {name} | {' | '.join(cells(found[unit]) for unit in units)} | {good} |")
    return lines


def main():
    deadline = time.monotonic() + SECONDS
    try:
        build(deadline)
        with tempfile.TemporaryDirectory(prefix="gatehouse-bench-") as folder:
            runs = [measure(users, folder, deadline) for users in SIZES]
    except subprocess.TimeoutExpired as late:
        raise harness.Failure(f"it takes longer than {SECONDS} s in all: {' '.join(late.cmd)}") from late
    verdicts = compare([found for found, _ in runs])
    wrong = [f"{users:,} users: {line.strip()}" for users, (_, lines) in zip(SIZES, runs) for line in lines]
    met = not wrong and all(
        verdict["met"] for rows in verdicts.values() for units in rows.values() for verdict in units.values())
    where = harness.machine()
    lines = ["# What each query costs", "", harness.machine_lines(where), "",
             f"With {FEW:,}, {MIDDLE:,} and {MANY:,} users, as many sessions and audit entries, and a tenth as many "
             f"revocations; × is from the fewest to the most. A query is flat when the most users cost it at most {FACTOR} "
             f"times what fewer did, or no more than {NOISE['pages']} pages or {NOISE['microseconds']:,} µs above that.", "",
             "These may grow:", ""]
    lines += [f"- {name}: {reason}; at most {most:,} µs" for name, (reason, most) in GROWING.items()]
    lines += table(verdicts) + ["", f"Costs that do not grow with the users: {harness.verdict(met)}"]
    if wrong:
        lines += ["", "Plans that are not as they should be:", ""] + [f"- {line}" for line in wrong]
    harness.write_results("queries", {
        "machine": where, "few": FEW, "middle": MIDDLE, "many": MANY, "met": met, "wrong": wrong, "costs": verdicts,
    }, "\n".join(lines))
    return 0 if met else 1


harness.run(main)
