"""Gatehouse beside its peers on the same work: the most they bear, latency at a fixed rate, processor, memory and start.

All run at once and only one is asked at a time, in rounds that begin with another one each; memory and start are taken
before that, of each alone.
"""

import contextlib
import json
import subprocess
import sys
import tempfile
import time

import contestants
import harness
import loads
import population
from contestants import COUNTING_GATEHOUSE, GATEHOUSE
from harness import Connection, Failure
from loads import API_WORKS, PAGE_WORKS, at_the_same_time
from service import Service

WORKS = [*API_WORKS, "login", *PAGE_WORKS]
LATENCY_WORKS = ["hello", "me", "dashboard"]
STARTS = 5
WARM_UP = 1
# A login takes a third of a second: of three seconds those that end too late to count would be a tenth.
TIMES_AS_LONG = {"login": 3}
# A rate that leaves a peer no room is none to ask about latency at.
BEARABLE = 0.9
HELLO_RATE = 100
OURS, OWN = "half of what Gatehouse bears", "half of what it bears itself"


def connections_of(work):
    return loads.CONNECTIONS.get(work, loads.USUAL_CONNECTIONS)


class Runner:
    """A contestant that runs, with all it is asked for."""

    def __init__(self, contestant, asker):
        self.contestant, self.name, self.asker = contestant, contestant.name, asker
        works = loads.Works(contestant)
        self.requests, self.ports = works.requests, works.ports
        self.scripts = {work: asker.script(requests) for work, requests in self.requests.items()}
        self.texts = {work: asker.texts(requests) for work, requests in self.requests.items()}

    def busy(self, work, seconds):
        """As fast as it goes, with the seconds of the processor that a thousand requests took."""
        before = self.cpu_seconds()
        figure = self.asker.wrk(self.name, self.ports[work], self.scripts[work], connections_of(work), seconds)
        if figure["requests"] == 0:
            raise Failure(f"{self.name} answers {work} to nobody")
        figure["cpu_seconds_per_1000"] = (self.cpu_seconds() - before) / figure["requests"] * 1_000
        return figure

    def at_rate(self, work, rate, seconds, **options):
        stolen = harness.StolenTime()
        figure = self.asker.open_rate(
            self.ports[work], self.texts[work], rate, options.pop("connections", connections_of(work)), seconds, **options)
        return figure | {"trouble": trouble_of(figure), "stolen_percent": stolen.percent()}

    def hello_beside_logins(self, seconds):
        """What others notice while logins take all there is."""
        logins, hello = at_the_same_time(
            lambda: self.busy("login", seconds + 2),
            # The logins have begun when it counts, and not ended.
            lambda: self.at_rate("hello", HELLO_RATE, seconds, connections=16, warm_up=1))
        return {"logins_per_second": logins["requests_per_second"], "trouble": hello["trouble"] or logins["trouble"]} | {
            name: hello[name] for name in ("p50_ms", "p99_ms", "max_ms")}

    def cpu_seconds(self):
        return sum(program.cpu_seconds() for program in self.contestant.programs)

    def memory(self):
        return {program.name: program.proportional_kib() for program in self.contestant.programs}

    def answer(self, work):
        with Connection(self.ports[work]) as connection:
            status, _, body = connection.get(self.requests[work][0].encode())
        if status != 200:
            raise Failure(f"{self.name} answers {status} to {work}: {body[:300].decode(errors='replace')}")
        return body


def trouble_of(figure):
    parts = []
    if figure["failures"]["count"]:
        parts.append(f"{figure['failures']['count']} failed: {figure['failures']['first'][0]}")
    if figure.get("missed"):
        parts.append(f"{figure['missed']} could not be sent in time")
    return "; ".join(parts)


# Whether they do the same.

def bytes_of_answers(runners):
    """How long each answer is. That of a peer has to say what ours says."""
    sizes = {work: {} for work in WORKS}
    for runner in runners:
        for work in runner.requests:
            sizes[work][runner.name] = len(runner.answer(work))
        compare(runner, runners[0])
    return sizes


def compare(runner, model):
    found, wanted = ({work: json.loads(one.answer(work)) for work in API_WORKS} for one in (runner, model))
    same = [
        ("hello", found["hello"] == wanted["hello"]),
        ("me", found["me"].keys() == wanted["me"].keys() and found["me"]["id"] == wanted["me"]["id"]),
        ("users", [user["id"] for user in found["users"]["items"]] == [user["id"] for user in wanted["users"]["items"]]
         and len(found["users"]["items"]) == 20 and found["users"]["total"] == wanted["users"]["total"])]
    if "dashboard" in runner.requests:
        same += [("dashboard", wanted["me"]["email"].encode() in runner.answer("dashboard")),
                 ("users page", all(user["email"].encode() in runner.answer("users page")
                                    for user in wanted["users"]["items"]))]
    for work, is_same in same:
        if not is_same:
            raise Failure(f"{runner.name} answers {work} otherwise than {model.name}")


# Each alone.

def start(make):
    """A program and the milliseconds from its start to its first answer."""
    began = time.perf_counter()
    program = make()
    try:
        while True:
            if program.process.poll() is not None or time.perf_counter() - began > 30:
                raise Failure(f"{program.name} does not start: {program.output()}")
            try:
                with Connection(program.port) as connection:
                    connection.get()
                return program, (time.perf_counter() - began) * 1_000
            except ConnectionError:
                time.sleep(0.001)
    except BaseException:
        program.__exit__(*sys.exc_info())
        raise


def alone(contestant, service, asker, starts, seconds):
    """How soon it answers after a start, and its memory: idle, and under each kind of load."""
    times = {}
    for number in range(starts):
        with contextlib.ExitStack() as stack:
            def begin(make):
                program, taken = start(make)
                stack.push(program)
                times.setdefault(program.name, []).append(taken)
                return program
            contestant.api = begin(lambda: contestant.start_api(service))
            contestant.web = begin(lambda: contestant.start_web(service, contestant.api)) if contestant.start_web else None
            if number == starts - 1:
                # All workers are there by then, and not only the first.
                time.sleep(2)
                idle = {program.name: program.proportional_kib() for program in contestant.programs}
                runner = Runner(contestant, asker)
                loaded = {name: {} for name in idle}
                for work in runner.requests:
                    def look():
                        time.sleep(seconds / 2)
                        return runner.memory()
                    _, seen = at_the_same_time(lambda work=work: runner.busy(work, seconds), look)
                    for name, kib in seen.items():
                        loaded[name][work] = kib
    contestant.api = contestant.web = None
    return {"start_ms": {name: harness.spread(taken) for name, taken in times.items()}, "idle_kib": idle,
            "loaded_kib": loaded}


# All together.

def in_turn(runners, number):
    """Each round begins with another one: nobody always follows the same neighbour."""
    first = number % len(runners)
    return runners[first:] + runners[:first]


def summary(runs):
    """The median of the rounds, and what else tells of them."""
    names = [name for name in runs[0] if isinstance(runs[0][name], (int, float)) and name != "requests"]
    found = {name: harness.spread([run[name] for run in runs]) for name in names
             if all(run.get(name) is not None for run in runs)}
    return found | {"trouble": next((run["trouble"] for run in runs if run["trouble"]), "")}


def interleave(what, cases, rounds):
    """`cases` is [(key, runner, task)]; answers {key: {name of the runner: the runs}}."""
    runs = {}
    for number in range(rounds):
        for key in dict.fromkeys(key for key, _, _ in cases):
            for _, runner, task in in_turn([case for case in cases if case[0] == key], number):
                runs.setdefault(key, {}).setdefault(runner.name, []).append(task())
        print(f"{what}: round {number + 1} of {rounds} is over", file=sys.stderr, flush=True)
    return runs


def measure(rounds, seconds, starts=STARTS):
    contestants.build()
    harness.raise_descriptor_limit()
    with contextlib.ExitStack() as stack:
        asker = loads.Asker(stack.enter_context(tempfile.TemporaryDirectory(prefix="gatehouse-peers-")))
        service = stack.enter_context(Service(0, durable=True, settings=("shared_buffers=256MB",)))
        [(password_hash,)] = service.postgres.ask("SELECT password_hash FROM users")
        population.fill(service.postgres, loads.USERS, password_hash)
        field = contestants.all_contestants()
        single = {}
        for contestant in field:
            if contestant.name != COUNTING_GATEHOUSE:
                single[contestant.name] = alone(contestant, service, asker, starts, max(2, seconds - 1))
                print(f"alone: {contestant.name} is done", file=sys.stderr, flush=True)
        runners = [Runner(stack.enter_context(contestant.running(service)), asker) for contestant in field]
        sizes = bytes_of_answers(runners)
        for runner in runners:
            for work in runner.requests:
                runner.busy(work, WARM_UP)

        busy_cases = [(work, runner, lambda runner=runner, work=work: runner.busy(work, seconds * TIMES_AS_LONG.get(work, 1)))
                      for work in WORKS for runner in runners if work in runner.requests]
        busy_runs = interleave("as fast as it goes", busy_cases, rounds)
        busy = {work: {name: summary(runs) for name, runs in found.items()} for work, found in busy_runs.items()}
        rated_runs = interleave("at a fixed rate", list(rated_cases(runners, busy, max(2, seconds - 1))), rounds)
        rated = {work: {kind: {name: summary(runs) for name, runs in rated_runs.get((work, kind), {}).items()}
                        for kind in (OURS, OWN)} for work in LATENCY_WORKS}
        beside_runs = interleave("hello beside logins", [
            ("beside", runner, lambda runner=runner: runner.hello_beside_logins(max(2, seconds - 1)))
            for runner in runners], rounds)
        beside = {name: summary(runs) for name, runs in beside_runs["beside"].items()}
        # They still do what they did: nobody answered fast because it refused.
        bytes_of_answers(runners)
        for runner in runners:
            for program in runner.contestant.programs[:1]:
                if runner.name in (GATEHOUSE, COUNTING_GATEHOUSE) and program.output() != "(it printed nothing)":
                    raise Failure(f"{runner.name} has complained: {program.output()}")
    refuse_trouble(busy, rated, beside)
    return {
        "machine": harness.machine(), "versions": versions(), "rounds": rounds, "seconds": seconds, "users": loads.USERS,
        "answer_bytes": sizes, "alone": single, "busy": busy, "at_rate": rated, "beside_logins": beside,
        "hello_rate": HELLO_RATE,
        "runs": {"busy": busy_runs, "beside_logins": beside_runs["beside"]}}


def rated_cases(runners, busy, seconds):
    """At half of what Gatehouse bears, for those who bear that; and for all others at half of what they bear themselves."""
    for work in LATENCY_WORKS:
        highest = {name: figure["requests_per_second"]["median"] for name, figure in busy[work].items()}
        ours = highest[GATEHOUSE] / 2
        for runner in runners:
            if work not in runner.requests:
                continue
            if highest[runner.name] * BEARABLE >= ours:
                yield (work, OURS), runner, lambda runner=runner, work=work, rate=ours: runner.at_rate(work, rate, seconds)
            if runner.name != GATEHOUSE:
                yield (work, OWN), runner, (
                    lambda runner=runner, work=work, rate=highest[runner.name] / 2: runner.at_rate(work, rate, seconds))


def refuse_trouble(busy, rated, beside):
    """A peer's trouble is told with its figures; ours makes them worthless."""
    figures = [*busy.values(), *(found for kinds in rated.values() for found in kinds.values()), beside]
    for figure in figures:
        for name in (GATEHOUSE, COUNTING_GATEHOUSE):
            if figure.get(name, {}).get("trouble"):
                raise Failure(f"{name} did not answer everything well: {figure[name]['trouble']}")


def versions():
    pip = contestants.python("pip")
    listed = subprocess.run([pip, "list", "--format=freeze", "--disable-pip-version-check"], capture_output=True, text=True,
                            timeout=60, check=False).stdout
    found = dict(line.split("==") for line in listed.splitlines() if "==" in line)
    wanted = ("Flask", "gunicorn", "psycopg2-binary", "redis", "PyJWT", "argon2-cffi", "fastapi", "uvicorn", "asyncpg")
    lower = {name.lower(): version for name, version in found.items()}
    return {
        "python": harness.first_line(contestants.python("python3"), "--version"),
        "go": harness.first_line("go", "version"), "wrk": harness.first_line("wrk", "-v").split(" Copyright")[0],
        "postgres": harness.first_line("psql", "--version"), "redis": harness.first_line("redis-server", "--version"),
    } | {name: lower.get(name.lower(), "?") for name in wanted}
