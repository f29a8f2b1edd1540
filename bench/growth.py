"""How the figures grow: with connections, with users, and with revocations that are live.

Whatever grows stands side by side, each size with a database and an instance of its own, so that rounds can take turns.
"""

import contextlib
import json
import os
import sys
import tempfile
import time
import urllib.parse

import contestants
import harness
import loads
import population
from contestants import COUNTING_GATEHOUSE, GATEHOUSE
from harness import Failure
from service import CHEAP_HASHES, NO_LIMITS, Client, Service
from side_by_side import Runner, in_turn, trouble_of

CONNECTIONS = (16, 64, 256, 1_024, 4_096)
USERS = (1_000, 10_000, 100_000, 1_000_000)
REVOCATIONS = (0, 10_000, 100_000, 1_000_000)
# Who is asked about: as many at every size, spread over all there are.
TARGETS = 500
REFRESHERS = 64
ROOM = ("shared_buffers=1GB", "max_wal_size=4GB", "maintenance_work_mem=512MB")


def sizes(name, usual):
    """Others may be asked for, to try it quickly: USERS="1000 10000"."""
    return tuple(int(word) for word in (os.environ.get(name) or "").split()) or usual


def say(sentence):
    print(sentence, file=sys.stderr, flush=True)


def spread_of(runs):
    return {"requests_per_second": harness.spread([run["requests_per_second"] for run in runs]),
            "p50_ms": harness.spread([run["p50_ms"] or 0 for run in runs])["median"],
            "p99_ms": harness.spread([run["p99_ms"] or 0 for run in runs])["median"],
            "trouble": next((run["trouble"] for run in runs if run["trouble"]), "")}


# Connections.

def connections(rounds, seconds):
    """hello, of each contestant, over more and more connections."""
    contestants.build()
    harness.raise_descriptor_limit()
    wanted, runs = sizes("CONNECTIONS", CONNECTIONS), {}
    with contextlib.ExitStack() as stack:
        asker = loads.Asker(stack.enter_context(tempfile.TemporaryDirectory(prefix="gatehouse-growth-")))
        service = stack.enter_context(Service(0))
        [(password_hash,)] = service.postgres.ask("SELECT password_hash FROM users")
        population.fill(service.postgres, loads.USERS, password_hash)
        # The pages take no part.
        field = [contestants.Contestant(one.name, one.start_api) for one in contestants.all_contestants()
                 if one.name != COUNTING_GATEHOUSE]
        runners = [Runner(stack.enter_context(one.running(service)), asker) for one in field]
        for runner in runners:
            runner.busy("hello", 1)
        for number in range(rounds):
            for count in wanted:
                for runner in in_turn(runners, number):
                    figure = asker.wrk(runner.name, runner.ports["hello"], runner.scripts["hello"], count, seconds)
                    if runner.name == GATEHOUSE and figure["trouble"]:
                        raise Failure(f"{GATEHOUSE} with {count} connections: {figure['trouble']}")
                    runs.setdefault(runner.name, {}).setdefault(count, []).append(figure)
            say(f"connections: round {number + 1} of {rounds} is over")
    return {"machine": harness.machine(), "rounds": rounds, "seconds": seconds, "figures": {
        name: {str(count): spread_of(found) for count, found in counts.items()} for name, counts in runs.items()}}


# A database and an instance for each size.

class Size:
    """An instance on a database of its own, and a number of Redis' databases."""

    def __init__(self, service, place, size):
        self.service, self.size, self.place = service, size, place
        self.database = f"size_{place}"
        service.postgres.ask(f"CREATE DATABASE {self.database}")
        self.variables = {"DATABASE_URL": service.postgres.url_of(self.database),
                          "REDIS_URL": f"{service.redis.addresses['TCP']}/{place}"}
        service.run("migrate", DATABASE_URL=self.variables["DATABASE_URL"])

    def ask(self, statement):
        return self.service.postgres.ask(statement, self.database)

    def fill(self, users):
        """With a hash as it is made by default for every other user, and a cheap one for the rest."""
        [(password_hash,)] = self.ask("SELECT password_hash FROM users")
        with contestants.gatehouse_api(self.service, **self.variables, **CHEAP_HASHES, **NO_LIMITS) as program:
            with Client(program.port) as client:
                client.make_user(client.login()["access_token"], "cheap")
        [(cheap_hash,)] = self.ask("SELECT password_hash FROM users WHERE username = 'cheap'")
        population.fill(self.service.postgres, users, password_hash, cheap_hash, self.database)

    def instance(self):
        """Takes hashes as they are stored, and makes none that costs more."""
        return contestants.gatehouse_api(self.service, **self.variables, **CHEAP_HASHES, **NO_LIMITS)


def members(size, count=TARGETS):
    """Whose hash is cheap."""
    return population.spread(count, size, first=1, step=2)


# Users.

class UserWorks:
    """What is asked of an instance with so many users."""

    def __init__(self, size, program, asker):
        self.size, self.port, self.asker = size, program.port, asker
        with Client(self.port) as client:
            tokens = [self.sign_in(client, number)["access_token"] for number in members(size)]
            administrators = [self.sign_in(client, number)["access_token"]
                              for number in range(1, population.ADMINISTRATORS, 2)]
        dear = population.spread(TARGETS, size, first=2, step=2)
        pieces = [population.username(number)[2:10] for number in members(size, 200)]

        def listed(queries):
            return [loads.get(f"users?{urllib.parse.urlencode(query)}", administrators[place % len(administrators)])
                    for place, query in enumerate(queries)]
        requests = {
            "login": loads.logins(dear),
            "login, a hash that costs nothing": loads.logins(members(size)),
            "me": [loads.get("auth/me", token) for token in tokens],
            "users": listed([{"page": page, "page_size": 20} for page in range(1, 26)]),
            "search that finds one": listed([{"search": piece} for piece in pieces]),
            "search that finds everybody": listed([{"search": "example", "page": page} for page in range(1, 9)]),
        }
        self.scripts = {work: asker.script(texts) for work, texts in requests.items()}
        self.check(requests)

    def sign_in(self, client, number):
        return loads.sign_in(client, population.username(number))

    def check(self, requests):
        for work, total in (("users", self.size + 2), ("search that finds one", 1),
                            ("search that finds everybody", min(self.size + 2, 1_000))):
            with harness.Connection(self.port) as connection:
                status, _, body = connection.get(requests[work][0].encode())
            if status != 200 or json.loads(body)["total"] != total:
                raise Failure(f"{work} with {self.size} users: {status} {body[-300:].decode(errors='replace')}")

    @property
    def names(self):
        return [*self.scripts, "refresh"]

    def run(self, work, seconds):
        if work == "refresh":
            return self.refresh(seconds)
        count = 16 if work.startswith("login") else loads.USUAL_CONNECTIONS
        return self.asker.wrk(f"{work} with {self.size} users", self.port, self.scripts[work], count, seconds)

    def refresh(self, seconds):
        """Of sessions whose users are spread, too. Each run begins with fresh ones: the last tokens of a run are lost."""
        with Client(self.port) as client:
            texts = self.asker.texts(
                [self.sign_in(client, number)["refresh_token"] for number in members(self.size, REFRESHERS)])
        figure = self.asker.load("refresh", seconds, address=f"127.0.0.1:{self.port}", tokens=texts)
        return figure | {"trouble": trouble_of(figure)}


def users(rounds, seconds):
    contestants.build()
    runs, loading = {}, {}
    with contextlib.ExitStack() as stack:
        asker = loads.Asker(stack.enter_context(tempfile.TemporaryDirectory(prefix="gatehouse-growth-")))
        service = stack.enter_context(Service(0, durable=True, settings=ROOM))
        everyone = []
        for place, count in enumerate(sizes("USERS", USERS)):
            began = time.monotonic()
            size = Size(service, place, count)
            size.fill(count)
            loading[str(count)] = time.monotonic() - began
            say(f"users: {count:,} are there after {loading[str(count)]:.0f} s")
            everyone.append(UserWorks(count, stack.enter_context(size.instance()), asker))
        for works in everyone:
            for work in works.names:
                works.run(work, 1)
        for number in range(rounds):
            for work in everyone[0].names:
                for works in in_turn(everyone, number):
                    runs.setdefault(work, {}).setdefault(works.size, []).append(works.run(work, seconds))
            say(f"users: round {number + 1} of {rounds} is over")
    return flat("users", runs, rounds, seconds) | {"loading_seconds": loading}


# Revocations.

def revocations(rounds, seconds):
    contestants.build()
    runs, copying = {}, {}
    with contextlib.ExitStack() as stack:
        asker = loads.Asker(stack.enter_context(tempfile.TemporaryDirectory(prefix="gatehouse-growth-")))
        service = stack.enter_context(Service(0, durable=True, settings=ROOM))
        everyone = []
        for place, count in enumerate(sizes("REVOCATIONS", REVOCATIONS)):
            size = Size(service, place, count)
            size.fill(1_000)
            population.revoke(service.postgres, count, size.database)
            # The instance that made a user has marked its copy as whole, and knew of none of these.
            redis_says(service, place, "FLUSHDB")
            began = time.monotonic()
            program = stack.enter_context(size.instance())
            wait_until_copied(service, place, count)
            copying[str(count)] = time.monotonic() - began
            say(f"revocations: {count:,} are copied {copying[str(count)]:.1f} s after the start")
            with Client(program.port) as client:
                tokens = [loads.sign_in(client, population.username(number))["access_token"] for number in members(1_000, 64)]
                client.expect(204, "POST", "auth/logout", token=tokens[0])
                client.expect(401, "GET", "hello", token=tokens[0])
            script = asker.script([loads.get("hello", token) for token in tokens[1:]])
            everyone.append((count, program, script))
        for count, program, script in everyone:
            asker.wrk("hello", program.port, script, loads.USUAL_CONNECTIONS, 1)
        for number in range(rounds):
            for count, program, script in in_turn(everyone, number):
                figure = asker.wrk(f"hello with {count} revocations", program.port, script, loads.USUAL_CONNECTIONS, seconds)
                runs.setdefault("hello", {}).setdefault(count, []).append(figure)
            say(f"revocations: round {number + 1} of {rounds} is over")
        memory = redis_says(service, 0, "INFO", "memory")
    used = next(int(line.split(":")[1]) for line in memory.splitlines() if line.startswith("used_memory:"))
    return flat("revocations", runs, rounds, seconds) | {"copying_seconds": copying, "redis_bytes": used}


def redis_says(service, place, *words):
    return service.redis.run("redis-cli", "-s", f"{service.redis.folder}/socket", "-n", str(place), *words)


def wait_until_copied(service, place, count):
    """Until then every token is checked in the database."""
    [run] = [line.split(":")[1].strip() for line in redis_says(service, 0, "INFO", "server").splitlines()
             if line.startswith("run_id:")]
    deadline = time.monotonic() + 300
    while redis_says(service, place, "GET", f"gh:revocations:{run}").strip() != "complete":
        if time.monotonic() > deadline:
            raise Failure(f"{count} revocations were not copied within 5 minutes")
        time.sleep(0.1)
    keys = int(redis_says(service, place, "DBSIZE"))
    if keys < count:
        raise Failure(f"of {count} revocations {keys} were copied")


def flat(what, runs, rounds, seconds):
    """How many times as much is done at the smallest size as at the largest one."""
    figures = {work: {str(size): spread_of(found) for size, found in counts.items()} for work, counts in runs.items()}
    for work, counts in figures.items():
        for size, figure in counts.items():
            if figure["trouble"]:
                raise Failure(f"{work} with {size} {what} did not go well: {figure['trouble']}")
    ratios = {}
    for work, counts in figures.items():
        rates = [counts[size]["requests_per_second"]["median"] for size in (min(counts, key=int), max(counts, key=int))]
        ratios[work] = rates[0] / rates[1]
    return {"machine": harness.machine(), "rounds": rounds, "seconds": seconds, "figures": figures, "ratios": ratios}
