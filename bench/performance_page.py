"""What was measured, as tables, charts and the page docs/performance.md. Made anew from bench/results whenever a part changes."""

import json

import budgets
import charts
import harness
from contestants import COUNTING_GATEHOUSE, FASTAPI, FLASK, GATEHOUSE, GO
from harness import RESULTS, ROOT
from side_by_side import HELLO_RATE, OURS, OWN, TIMES_AS_LONG, WORKS

PAGE = ROOT / "docs" / "performance.md"
MISSES = ROOT / "bench" / "misses.md"
COLOURS = {GATEHOUSE: 0, COUNTING_GATEHOUSE: 1, FLASK: 2, FASTAPI: 3, GO: 4}
WORDS = {
    "hello": "`GET /api/v1/hello`: a token, and whether it was revoked",
    "me": "`GET /api/v1/auth/me`: the same, and one query",
    "users": "`GET /api/v1/users`: the same, and a page of 20 users with how many there are",
    "login": "`POST /api/v1/auth/login`: argon2id (19 MiB, 2 passes, 1 lane), a session, a line in the audit, a token",
    "dashboard": "`GET /` of the pages after a sign-in: two calls of the API",
    "users page": "`GET /admin/users` of the pages after a sign-in: one call of the API, a table of 20 users",
}
number = charts.number


def mib(kib):
    return f"{kib / 1024:.1f}"


def table(heads, rows):
    """Of Markdown; all but the first column are figures."""
    return ["| " + " | ".join(heads) + " |", "|---" + "|---:" * (len(heads) - 1) + "|",
            *("| " + " | ".join(str(cell) for cell in row) + " |" for row in rows), ""]


def spread(figure, form=number):
    return f"{form(figure['median'])} ({form(figure['min'])} – {form(figure['max'])})"


# The parts, each as lines of Markdown.

def budget_lines(parts):
    found = budgets.of_parts(parts)
    if not found:
        return []
    rows = [(one["what"], f"{number(one['value'])} {one['unit']}".strip(), one["budget"], harness.verdict(one["met"]))
            for one in found]
    missed = sum(not one["met"] for one in found)
    return ["## Budgets", "", f"{len(found)} budgets, {missed or 'none'} of them not met.", "",
            *table(("what", "measured", "budget", ""), rows)]


def miss_lines(parts):
    """Why what is not met is not, written by hand."""
    if all(one["met"] for one in budgets.of_parts(parts)):
        return []
    return ["### Why, and what was tried", "", MISSES.read_text().strip(), ""]


def busy_lines(figures):
    lines = ["## The most they bear", "", harness.machine_lines(figures["machine"]), "",
             " · ".join(version if version[0].isalpha() else f"{name} {version}"
                        for name, version in figures["versions"].items()), "",
             f"wrk, 64 connections, {figures['rounds']} interleaved rounds of {figures['seconds']} s (logins: 16 connections, "
             f"{TIMES_AS_LONG['login']} times as long), "
             f"{figures['users']:,} users; the generator, Postgres and Redis on the same processors. Median (least – most).", ""]
    notes = []
    for work in WORKS:
        rows = []
        for name, figure in figures["busy"][work].items():
            against = f"{number(budgets.ratio(figures, work, name, 'requests_per_second'))} ×"
            rows.append((
                name, spread(figure["requests_per_second"]), against,
                number(figure["p50_ms"]["median"]) if "p50_ms" in figure else "–",
                number(figure["p99_ms"]["median"]) if "p99_ms" in figure else "–",
                f"{figure['cpu_seconds_per_1000']['median']:.3f}",
                f"{figures['answer_bytes'][work][name]:,}"))
            if figure["trouble"]:
                notes.append(f"{name}, {work}: {figure['trouble']}.")
        lines += [f"**{work}** – {WORDS[work]}", "", *table(
            ("", "requests/s", "Gatehouse against it", "p50 ms", "p99 ms", "processor s for 1,000", "bytes"), rows)]
    if notes:
        lines += ["Not everything was answered well: " + " ".join(notes), ""]
    return lines


def rate_lines(figures):
    rows = []
    for work, kinds in figures["at_rate"].items():
        for kind in (OURS, OWN):
            for name, figure in kinds[kind].items():
                rows.append((f"{work}, {kind}", name, number(figure["requests_per_second"]["median"]), *(
                    number(figure[share]["median"])
                    for share in ("p50_ms", "p90_ms", "p99_ms", "p999_ms", "max_ms", "late_p99_ms")),
                    number(figure["stolen_percent"]["median"]), figure["trouble"]))
    lines = ["## Latency at a fixed rate", "",
             "Milliseconds from when a request was due, not from when it could be sent; 64 connections. Who is missing at half of "
             "what Gatehouse bears does not bear that rate. The generator looks around every half millisecond, at a priority above "
             "all others; how much later than due it sent what found a connection is told too, and all of that is in the latencies. "
             "Nothing can look faster than half a millisecond. Stolen: what the host took of the processors meanwhile, in percent, the "
             "median of the rounds as well.", "",
             *table(("", "", "requests/s", "p50", "p90", "p99", "p99.9", "max", "generator late, p99", "stolen", ""), rows),
             "## While logins take all there is", "",
             f"16 connections log in over and over; somebody else asks for hello {HELLO_RATE} times a second.", ""]
    rows = [(name, number(figure["logins_per_second"]["median"]), *(
        number(figure[share]["median"]) for share in ("p50_ms", "p99_ms", "max_ms")), figure["trouble"])
        for name, figure in figures["beside_logins"].items()]
    return lines + table(("", "logins/s", "hello p50 ms", "p99 ms", "max ms", ""), rows)


def memory_lines(figures):
    rows = []
    for name, figure in figures["alone"].items():
        for program, idle in figure["idle_kib"].items():
            seen = figure["loaded_kib"][program]
            most = max(seen, key=seen.get)
            rows.append((name, program, mib(idle), f"{mib(seen[most])} ({most})", spread(figure["start_ms"][program])))
    return ["## Memory and start", "",
            "Of each contestant alone, with nobody else running. MiB resident, pages that several processes share counted once; the "
            "most that was seen under any load. Start: milliseconds from the start of the program to its first answer, with its "
            "stores running.", "", *table(("", "program", "idle", "most, under", "start ms"), rows)]


def connection_lines(figures):
    counts = list(next(iter(figures["figures"].values())))
    rows, notes = [], []
    for name, found in figures["figures"].items():
        rows.append((name, *(number(found[count]["requests_per_second"]["median"]) for count in counts)))
        rows.append((f"{name}, p99 ms", *(number(found[count]["p99_ms"]) for count in counts)))
        notes += [f"{name}, {int(count):,} connections: {found[count]['trouble']}." for count in counts
                  if found[count]["trouble"]]
    lines = ["### With connections", "", harness.machine_lines(figures["machine"]), "",
             f"hello, {figures['rounds']} interleaved rounds of {figures['seconds']} s. Requests/s, median.", "",
             *table(("", *(f"{int(count):,}" for count in counts)), rows)]
    return lines + (["Not everything was answered well: " + " ".join(notes), ""] if notes else [])


def growth_lines(part, figures, words):
    counts = list(next(iter(figures["figures"].values())))
    rows = [(work, *(number(found[count]["requests_per_second"]["median"]) for count in counts),
             f"{figures['ratios'][work]:.2f} ×", f"≤ {budgets.FLAT[part]} ×",
             harness.verdict(figures["ratios"][work] <= budgets.FLAT[part])) for work, found in figures["figures"].items()]
    return [f"### With {part}", "", harness.machine_lines(figures["machine"]), "", words, "",
            *table(("", *(f"{int(count):,}" for count in counts), "first against last", "budget", ""), rows)]


def users_words(figures):
    return (f"Gatehouse, a database and an instance for each number of users, {figures['rounds']} interleaved rounds of "
            f"{figures['seconds']} s. Requests/s, median. Everybody has a session and a line in the audit; who is asked about is "
            "spread over all of them. A login has the usual hash, or one that costs nothing, so that the rest of its work shows.")


def revocations_words(figures):
    copied = "; ".join(f"{int(count):,}: {taken:.1f} s" for count, taken in figures["copying_seconds"].items())
    return (f"Gatehouse, hello, {figures['rounds']} interleaved rounds of {figures['seconds']} s. Requests/s, median. An instance "
            f"that starts with an empty Redis copies what is live into it, here in ({copied}); meanwhile it asks the database. "
            f"Redis took {figures['redis_bytes'] / 2**20:.0f} MiB for all of them.")


def soak_lines():
    path = RESULTS / "soak.md"
    if not path.exists():
        return []
    # Its own title becomes one of this page, which lies elsewhere than its picture.
    return ["## Soak", "", *path.read_text().replace("](soak", "](../bench/results/soak").splitlines()[2:], ""]


def other_lines():
    rows = []
    for path in sorted(RESULTS.glob("*.md")):
        figures = path.with_suffix(".json")
        if path.stem in ("peers", "soak", "soak-short") or not figures.exists():
            continue
        found = json.loads(figures.read_text())
        title = path.read_text().splitlines()[0].lstrip("# ")
        where = found.get("machine", {})
        rows.append((f"[{title}](../bench/results/{path.name})", where.get("date", ""),
                     harness.verdict(found["met"]) if "met" in found else ""))
    return ["## Other figures", "", *table(("", "taken", "budgets"), rows)] if rows else []


# Charts.

def draw(parts):
    """Writes the pictures there are figures for; answers {what they show: (words, file)}."""
    found = {}

    def write(name, words, picture):
        (RESULTS / f"{name}.svg").write_text(picture)
        found[name] = (words, f"{name}.svg")

    if "table" in parts:
        busy = parts["table"]["busy"]
        for name, title, figure, unit in (
                ("peers-rate", "Requests a second: more is better", "requests_per_second", ""),
                ("peers-cpu", "Seconds of the processor for 1,000 requests: less is better", "cpu_seconds_per_1000", "s")):
            write(name, title, charts.bars(title, {
                work: {one: found[figure]["median"] for one, found in busy[work].items()} for work in WORKS}, unit, COLOURS))
        title = "Memory of all programs, MiB: less is better"
        alone = parts["table"]["alone"]
        write("peers-memory", title, charts.bars(title, {
            "idle": {name: sum(one["idle_kib"].values()) / 1024 for name, one in alone.items()},
            "the most under load": {
                name: sum(max(seen.values()) for seen in one["loaded_kib"].values()) / 1024 for name, one in alone.items()},
        }, "MiB", COLOURS))
    if "connections" in parts:
        title = "hello, requests a second with more and more connections"
        write("growth-connections", title, charts.lines(title, medians(parts["connections"]), "connections", "", COLOURS))
    for part, across in (("users", "users"), ("revocations", "live revocations")):
        if part in parts:
            title = f"Requests a second with more and more {part}, as a share of those with the fewest"
            found_here = medians(parts[part])
            shares = {work: {x: y / values[min(values)] for x, y in values.items()} for work, values in found_here.items()}
            write(f"growth-{part}", title, charts.lines(title, shares, across, "", {
                work: place % 5 for place, work in enumerate(shares)}, is_relative=True))
    return found


def medians(figures):
    return {name: {int(x): one["requests_per_second"]["median"] for x, one in found.items()}
            for name, found in figures["figures"].items()}


# The files.

def tables(parts):
    """{heading's part: lines} of what there is."""
    found = {}
    if "table" in parts:
        found["table"] = busy_lines(parts["table"]) + rate_lines(parts["table"]) + memory_lines(parts["table"])
    if "connections" in parts:
        found["connections"] = connection_lines(parts["connections"])
    if "users" in parts:
        found["users"] = growth_lines("users", parts["users"], users_words(parts["users"]))
    if "revocations" in parts:
        found["revocations"] = growth_lines("revocations", parts["revocations"], revocations_words(parts["revocations"]))
    return found


def growing(lines):
    return [] if not lines else ["## Growth", ""]


def results_text(parts):
    found = tables(parts)
    grown = [line for part in ("connections", "users", "revocations") for line in found.get(part, [])]
    return "\n".join(["# Gatehouse beside its peers", "", *budget_lines(parts), *found.get("table", []), *growing(grown),
                      *grown])


WHO = f"""## Who takes part

- **{GATEHOUSE}**: `gatehouse-api` and `gatehouse-web` as released, with `RATE_LIMIT_ENABLED=false`, because the peers count
  nobody's requests. The budgets compare this one.
- **{COUNTING_GATEHOUSE}**: the same as people run it. Each request is also counted in three sliding windows in Redis; the limits
  are raised so far that nobody is ever refused.
- **{FLASK}**: two applications of Flask, one for the API and one with templates of Jinja2 that calls it over HTTP; gunicorn with
  four workers of four threads for each, connections kept alive, psycopg2 with a pool, redis-py with hiredis, PyJWT, argon2-cffi.
- **{FASTAPI}**: uvicorn with two workers, uvloop and httptools; asyncpg, redis.asyncio with hiredis, PyJWT, argon2 in threads.
- **{GO}**: pgx with a pool, redigo with a pool, golang-jwt, argon2 of golang.org/x/crypto.

They lie in `bench/peers` and do the same for the same users: the same Postgres with the same rows and the same statement for the
list, the same Redis with the same keys for what was revoked, asked for both in one round trip, HS256, argon2id with the same
parameters, and the same rows written by a login. Before and after the figures are taken their answers are compared. What they do not
do, and Gatehouse does: limits, login backoff, request ids, headers against browsers' mistakes, pages that outlive a restart of Redis.
They check the signature of a token for each request; Gatehouse does once for each token, on each loop, and then knows its bytes
(`docs/decisions/0026`). Nobody writes an access log."""
AGAIN = """## Make them again

```
make bench ONLY=peers   # all of this page but the soak: about half an hour
make bench ONLY=soak    # twenty minutes; MINUTES=60 for an hour
make bench              # all other figures too, and a soak of two minutes: three quarters of an hour
bench/peers.py table    # one part: table, connections, users or revocations
bench/peers.py page     # this page, from the figures there are
```

Everything runs on loopback with a Postgres and a Redis of its own, and nothing is left running. The figures want a machine that has
nothing else to do; they say more about the proportions than about any machine."""


def write(parts):
    """bench/results/peers.md, the charts and docs/performance.md; answers the verdicts."""
    found = budgets.of_parts(parts)
    harness.write_results("latest", {
        "parts": parts, "budgets": found, "met": all(one["met"] for one in found)}, results_text(parts))
    (RESULTS / "latest.md").rename(RESULTS / "peers.md")
    write_page(parts)
    return found


def write_page(parts):
    pictures = draw(parts)

    def shown(*names):
        return [line for name in names if name in pictures
                for line in (f"![{pictures[name][0]}](../bench/results/{pictures[name][1]})", "")]
    found = tables(parts)
    grown = [line for part in ("connections", "users", "revocations") if part in found
             for line in [*found[part], *shown(f"growth-{part}")]]
    PAGE.write_text("\n".join([
        "# Performance", "",
        "Made by `bench/peers.py` from `bench/results`; do not edit. Each part says on which machine it was taken, and when.", "",
        *shown("peers-rate"), *budget_lines(parts), *miss_lines(parts), WHO, "", *found.get("table", []),
        *shown("peers-cpu", "peers-memory"),
        *growing(grown), *grown, *soak_lines(), *other_lines(), AGAIN]).rstrip() + "\n")


def known_parts():
    path = RESULTS / "latest.json"
    return json.loads(path.read_text())["parts"] if path.exists() else {}
