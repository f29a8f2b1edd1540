#!/usr/bin/env python3
"""What the pages cost beside the calls of the API that they make.

One instance of each program, on Postgres and Redis, and one browser that asks in turns: for a page, and then itself for
what the page asks the API for. The page's own time is its latency less that of the calls. What it costs to ask at all
is in each figure: a page has it once, and so has each call; what is taken away too often comes back with the latency of
/health. GATEHOUSE_API and GATEHOUSE_WEB name other builds. TURNS (500) comes from the environment.
"""

import contextlib
import http.client
import os
import re
import statistics
import time
import urllib.parse

import harness
from harness import Connection, Failure, Server
from service import ADMINISTRATOR, CHEAP_HASHES, NO_LIMITS, PASSWORD, PREFIX, PUBLIC_URL, Service, pages_environment

TURNS = int(os.environ.get("TURNS") or 500)
WARM_UP = 100
BUDGET_MS = 1
USERS = 60
# What each page asks the API for, as the handlers in Sources/Web do.
PAGES = {
    "/": ["auth/me", "auth/sessions"],
    "/hello": ["hello"],
    "/account": ["auth/me", "auth/sessions"],
    "/admin/users": ["users"],
    "/admin": ["admin/stats", "admin/audit?page_size=10"],
    "/admin/audit": ["admin/audit?page_size=20"],
}


def web(service):
    if not harness.WEB.exists():
        raise Failure(f"{harness.WEB} is missing: run `make build` first")
    port = harness.free_port()
    return Server("gatehouse-web", [str(harness.WEB), "serve"], port, pages_environment(
        port, service.instances[0].port, service.redis))


def sign_in(port):
    """The Cookie field of a browser that has signed in."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        jar = {}

        def ask(method, path, body=None):
            fields = {"Cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}
            if body:
                fields |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": PUBLIC_URL}
            connection.request(method, path, body and urllib.parse.urlencode(body), fields)
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = line.split(";")[0].partition("=")
                jar[name] = value
            return answer.status, answer.read().decode()

        _, page = ask("GET", "/login")
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        status, page = ask("POST", "/login", {"username": ADMINISTRATOR, "password": PASSWORD, "csrf_token": token})
        if status != 303:
            raise Failure(f"the sign-in answers {status}: {page[:300]}")
        return "; ".join(f"{name}={value}" for name, value in jar.items())


def request(path, port, **fields):
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def taken(connection, wanted):
    """Milliseconds of one request, and the length of what was answered."""
    started = time.perf_counter()
    status, _, body = connection.get(wanted)
    passed = (time.perf_counter() - started) * 1_000
    if status != 200:
        raise Failure(f"{wanted.split()[1].decode()} answers {status}")
    return passed, len(body)


def measure(path, calls, pages, api, cookie, token):
    """Medians, in milliseconds."""
    page = request(path, pages.port, Cookie=cookie)
    asked = [request(f"{PREFIX}/{call}", api.port, Authorization=f"Bearer {token}") for call in calls]
    times = {"page": [], "floor": [], **{call: [] for call in calls}}
    with Connection(pages.port) as browser, Connection(api.port) as program:
        for number in range(WARM_UP + TURNS):
            turn = {"page": taken(browser, page), "floor": taken(program, harness.REQUEST)}
            turn |= {call: taken(program, wanted) for call, wanted in zip(calls, asked)}
            if number >= WARM_UP:
                for name, (milliseconds, _) in turn.items():
                    times[name].append(milliseconds)
    middle = {name: statistics.median(values) for name, values in times.items()}
    called = sum(middle[call] for call in calls)
    return {
        "page_ms": middle["page"], "calls_ms": {call: middle[call] for call in calls},
        "own_ms": middle["page"] - called + (len(calls) - 1) * middle["floor"],
        "floor_ms": middle["floor"], "page_p99_ms": harness.percentile(times["page"], 0.99), "bytes": turn["page"][1],
    }


def main():
    with Service(**CHEAP_HASHES, **NO_LIMITS) as service, web(service) as pages, service.client() as client:
        token = client.login()["access_token"]
        for _ in range(USERS):
            client.make_user(token)
        cookie = sign_in(pages.port)
        found = {path: measure(path, calls, pages, service.instances[0], cookie, token) for path, calls in PAGES.items()}
    where = harness.machine()
    worst = max(figures["own_ms"] for figures in found.values())
    met = worst < BUDGET_MS
    lines = [
        "# What the pages cost", "", harness.machine_lines(where), "",
        f"{TURNS} turns of one browser, medians; release builds, Postgres and Redis on the same machine, {USERS} users.", "",
        "| page | bytes | whole, ms | calls of the API, ms | own, ms |", "|---|---:|---:|---:|---:|",
    ]
    for path, figures in found.items():
        calls = " + ".join(f"{milliseconds:.2f}" for milliseconds in figures["calls_ms"].values())
        lines.append(f"| `{path}` | {figures['bytes']:,} | {figures['page_ms']:.2f} | {calls} | {figures['own_ms']:.2f} |")
    lines += ["", f"The slowest takes {worst:.2f} ms beside its calls; budget: under {BUDGET_MS} ms, {harness.verdict(met)}."]
    harness.write_results("pages", {
        "machine": where, "turns": TURNS, "users": USERS, "pages": found, "budget_ms": BUDGET_MS, "met": met,
    }, "\n".join(lines))
    return 0 if met else 1


harness.run(main)
