#!/usr/bin/env python3
"""What both programs weigh, idle and under 1,000 connections, and how soon they are ready once their stores can be reached.

Each program as it is operated: the API on Postgres and Redis, the web front end on that API and Redis. STARTS (10) and
CONNECTIONS (1000) come from the environment.
"""

import os
import statistics
import time

import harness
from harness import Connection, Failure, Server
from service import Client, Service, pages_environment

STARTS = int(os.environ.get("STARTS") or 10)
CONNECTIONS = int(os.environ.get("CONNECTIONS") or 1_000)
REQUESTS = 500
IDLE_BUDGET, BUSY_BUDGET = 25, 60
READY_BUDGET_MS = 150


class Program(Server):
    """Ready when it says so, which is asked without a pause; counted from before the process is made."""

    def __init__(self, name, command, port, environment, readiness):
        self.readiness = f"GET {readiness} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        self.began = time.perf_counter()
        super().__init__(name, command, port, environment)

    def wait_until_it_answers(self):
        while time.perf_counter() - self.began < 10:
            if self.process.poll() is not None:
                raise Failure(f"{self.name} ended with {self.process.returncode}: {self.output()}")
            try:
                with Connection(self.port) as connection:
                    status, _, _ = connection.get(self.readiness)
            except ConnectionRefusedError:
                status = None
            if status == 200:
                self.ready_ms = (time.perf_counter() - self.began) * 1000
                return
            time.sleep(0.0005)
        raise Failure(f"{self.name} was not ready within 10 s: {self.output()}")

    def resident_mb(self):
        return self.resident_kib() * 1024 / 1e6


def api(service):
    port = harness.free_port()
    environment = service.environment() | {"API_LISTEN": f"127.0.0.1:{port}"}
    return Program("gatehouse-api", [str(harness.API), "serve"], port, environment, "/health/ready")


def web(service):
    port = harness.free_port()
    environment = pages_environment(port, service.instances[0].port, service.redis)
    return Program("gatehouse-web", [str(harness.WEB), "serve"], port, environment, "/health")


def ask(connection, request):
    status, _, _ = connection.get(request)
    if status != 200:
        raise Failure(f"{request.split(b' ')[1].decode()} was answered {status}")


def use_api(program):
    """Signs in, as that costs most memory, and answers a request of somebody who is signed in."""
    with Client(program.port) as client:
        token = client.login()["access_token"]
    return f"GET /api/v1/hello HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n".encode()


def use_web(program):
    return b"GET /login HTTP/1.1\r\nHost: localhost\r\n\r\n"


def measure(name, make, use, service):
    """Idle is after it has worked: what a program takes and keeps counts."""
    ready = []
    for _ in range(STARTS):
        with make(service) as program:
            ready.append(program.ready_ms)
    with make(service) as program:
        fresh = program.resident_mb()
        request = use(program)
        with Connection(program.port) as connection:
            for _ in range(REQUESTS):
                ask(connection, request)
        idle, sockets = program.resident_mb(), program.sockets()
        held = []
        try:
            for _ in range(CONNECTIONS):
                held.append(Connection(program.port))
                ask(held[-1], request)
            # Each once more while all are there.
            for connection in held:
                ask(connection, request)
            busy, open_sockets = program.resident_mb(), program.sockets() - sockets
        finally:
            for connection in held:
                connection.socket.close()
    if open_sockets < CONNECTIONS - 1:
        raise Failure(f"{name} held {open_sockets} connections instead of {CONNECTIONS}")
    return {
        "name": name, "fresh_mb": fresh, "idle_mb": idle, "busy_mb": busy, "ready_ms": harness.spread(ready),
        "met": idle <= IDLE_BUDGET and busy <= BUSY_BUDGET and statistics.median(ready) <= READY_BUDGET_MS,
    }


def main():
    if not harness.WEB.exists():
        raise Failure(f"{harness.WEB} is missing: run `make build` first")
    harness.raise_descriptor_limit()
    with Service(RATE_LIMIT_ENABLED="false", SESSION_LIMIT="0") as service:
        rows = [measure("gatehouse-api", api, use_api, service), measure("gatehouse-web", web, use_web, service)]
    met = all(row["met"] for row in rows)
    where = harness.machine()
    harness.write_results("footprint", {
        "machine": where, "connections": CONNECTIONS, "starts": STARTS, "programs": rows, "met": met,
        "budgets": {"idle_mb": IDLE_BUDGET, "busy_mb": BUSY_BUDGET, "ready_ms": READY_BUDGET_MS},
    }, "\n".join([
        "# Memory and start", "", harness.machine_lines(where), "",
        "The API on Postgres and Redis, the web front end on that API and Redis, as released, one event loop for each core. "
        f"Idle: after a sign-in and {REQUESTS} requests (the API) or {REQUESTS} pages (the web). Each of the {CONNECTIONS:,} "
        f"connections asked twice. Ready: from before the process is made until it answers that it is ready, median of {STARTS} "
        "starts (least to most).", "",
        f"| program | resident, just started | idle (budget {IDLE_BUDGET} MB) | {CONNECTIONS:,} connections (budget {BUSY_BUDGET} MB) "
        f"| ready (budget {READY_BUDGET_MS} ms) | |", "|---|---:|---:|---:|---:|---|",
        *(f"| `{row['name']}` | {row['fresh_mb']:.1f} MB | {row['idle_mb']:.1f} MB | {row['busy_mb']:.1f} MB "
          f"| {row['ready_ms']['median']:.0f} ms ({row['ready_ms']['min']:.0f} to {row['ready_ms']['max']:.0f}) "
          f"| {harness.verdict(row['met'])} |" for row in rows),
    ]))
    return 0 if met else 1


harness.run(main)
