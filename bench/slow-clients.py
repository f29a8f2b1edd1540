#!/usr/bin/env python3
"""A thousand clients that send, or read, one byte a second: what others notice, and when the slow ones are ended.

slowhttptest brings three kinds (slow head, slow body, slow read). The same kinds follow in plain Python, so that an
oddity of the tool can not pass for a virtue of the server. Each case has a server on which one deadline is short and all
others are a minute: what ends the slow ones is then known. Slow bodies go to the login, which reads them, on an API with
SQLite; slow readers ask for the OpenAPI document. Of slowhttptest's readers the kernel takes it whole (its buffers grow
to megabytes), and to the server they idle; the plain ones keep the kernel from that, and the server has to hold it.

An ordinary client asks meanwhile, and in quiet times before and after each case, which its delay is compared with. The
slow clients have a processor of their own, where there are two: what a thousand of them cost a machine they share is not
the server's doing.

CONNECTIONS (1000), SECONDS (20), QUIET (3 s) and ONLY (names of cases) come from the environment.
"""

import asyncio
import json
import os
import select
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

import harness
from harness import Connection, Failure
from service import LARGE_LIMITS

CONNECTIONS = int(os.environ.get("CONNECTIONS") or 1_000)
SECONDS = int(os.environ.get("SECONDS") or 20)
QUIET = float(os.environ.get("QUIET") or 3)
DEADLINE = 5
# After its deadline a connection may linger for a moment while the answer to it goes out.
SLACK = 3
# "No added delay": times what the quiet server takes. The mean tells of stalls, which are few requests and much time. One
# answer in a hundred may come behind a turn of the loop that serves slow bytes: a few of them, at 0.02 ms each.
BUDGETS = {"p50_ms": 1.25, "p99_ms": 1.25, "mean_ms": 1.25, "new_p50_ms": 1.25}
FLOORS_MS = {"p99_ms": 0.1}
LABELS = {"p50_ms": "p50", "p99_ms": "p99", "mean_ms": "mean", "new_p50_ms": "new connection"}
HEALTH, LOGIN, DOCUMENT = "/health", "/api/v1/auth/login", "/api/v1/openapi.json"
TIMEOUTS = ("HTTP_HEAD_TIMEOUT", "HTTP_BODY_TIMEOUT", "HTTP_WRITE_TIMEOUT", "HTTP_KEEPALIVE_TIMEOUT")


class OrdinaryClient:
    """Asks without a pause, in a process of its own on the server's processor. Use it with `with`."""

    def __init__(self, port):
        with harness.on_processor(0):
            self.process = subprocess.Popen(
                [sys.executable, os.path.abspath(__file__), "--ordinary-client", str(port)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()

    def figures(self):
        """What it noticed. It stops when its input ends."""
        output, _ = self.process.communicate(timeout=20)
        if self.process.returncode != 0:
            raise Failure("the ordinary client got no answer")
        return json.loads(output)


def quiet(port):
    with OrdinaryClient(port) as client:
        time.sleep(QUIET)
        return client.figures()


def slowhttptest(path, *arguments):
    def command(port):
        # One connection more per millisecond, one byte per second, no report files.
        return ["slowhttptest", *arguments, "-c", str(CONNECTIONS), "-r", str(CONNECTIONS),
                "-l", str(SECONDS), "-p", "3", "-u", f"http://127.0.0.1:{port}{path}"]
    return command


def plain(kind):
    return lambda port: [sys.executable, os.path.abspath(__file__), "--slow-client", kind, str(port)]


# name: (what makes the slow clients of a port, the deadline that ends them)
CASES = {
    "slowhttptest slow head": (
        slowhttptest(HEALTH, "-H", "-i", "1", "-x", "1"), "HTTP_HEAD_TIMEOUT"),
    "slowhttptest slow body": (
        slowhttptest(LOGIN, "-B", "-i", "1", "-x", "1", "-s", "8192", "-f", "application/json"), "HTTP_BODY_TIMEOUT"),
    "slowhttptest slow read": (
        slowhttptest(DOCUMENT, "-X", "-w", "1", "-y", "1", "-n", "1", "-z", "1"), "HTTP_KEEPALIVE_TIMEOUT"),
    "plain slow head": (plain("head"), "HTTP_HEAD_TIMEOUT"),
    "plain slow body": (plain("body"), "HTTP_BODY_TIMEOUT"),
    "plain slow read": (plain("read"), "HTTP_WRITE_TIMEOUT"),
}


def end(process):
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def hold(server, command, idle):
    """How many slow clients the server holds, from the first one to the last."""
    started = time.monotonic()
    with tempfile.TemporaryFile() as output, harness.on_processor(-1):
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    found = {"peak_held": 0, "peak_seconds": 0, "ended_seconds": None}
    # Second by second, for whoever has to find out why some stayed.
    course = []
    try:
        while (elapsed := time.monotonic() - started) < SECONDS:
            held = min(max(0, server.sockets() - idle), CONNECTIONS)
            if elapsed >= len(course):
                course.append(held)
            if held > found["peak_held"]:
                found |= {"peak_held": held, "peak_seconds": elapsed}
            if held <= max(2, CONNECTIONS * 0.01) and found["peak_held"] > CONNECTIONS * 0.5:
                found["ended_seconds"] = elapsed
                break
            time.sleep(0.1)
        # A moment more shows whether they come back, and whether others stay served.
        time.sleep(1)
    finally:
        found["client_was_still_running"] = process.poll() is None
        end(process)
    return found | {"held_each_second": course}


def measure(name):
    make, deadline = CASES[name]
    timeouts = {timeout: f"{DEADLINE}s" if timeout == deadline else "60s" for timeout in TIMEOUTS}
    with harness.on_processor(0):
        server = harness.gatehouse_api(**timeouts, **LARGE_LIMITS)
    with server:
        harness.sequential_latency(server.port, 5_000)
        before = quiet(server.port)
        # The ordinary client's own connection is not a slow one.
        idle = server.sockets() + 1
        with OrdinaryClient(server.port) as client:
            found = hold(server, make(server.port), idle)
            during = client.figures()
        if server.process.poll() is not None:
            raise Failure(f"{server.name} ended with {server.process.returncode} under {name}: {server.output()}")
        after = quiet(server.port)
    found |= {"deadline": deadline, "before": before, "during": during, "after": after}
    found["quiet"] = {figure: statistics.mean((before[figure], after[figure])) for figure in BUDGETS}
    good = {
        "held": found["peak_held"] >= CONNECTIONS * 0.9,
        "ended": found["ended_seconds"] is not None
        and found["ended_seconds"] <= found["peak_seconds"] + DEADLINE + SLACK,
        "errors": before["errors"] == during["errors"] == after["errors"] == 0,
    } | {figure: during[figure] <= found["quiet"][figure] * budget + FLOORS_MS.get(figure, 0)
         for figure, budget in BUDGETS.items()}
    return found | {"good": good, "met": all(good.values())}


def main():
    harness.raise_descriptor_limit()
    where = harness.machine()
    asked = os.environ.get("ONLY", "").split(",")
    cases = {}
    for name in CASES:
        if asked == [""] or name in asked:
            cases[name] = measure(name)
            short = [figure for figure, good in cases[name]["good"].items() if not good]
            print(f"{name}: {'not met: ' + ', '.join(short) if short else 'met'}", file=sys.stderr, flush=True)
    good = all(case["met"] for case in cases.values())
    lines = [
        "# A thousand slow clients", "", harness.machine_lines(where), "",
        f"One byte a second each. In each case one deadline of the server is {DEADLINE} s, all others a minute. An ordinary "
        f"client asks for `/health` meanwhile without a pause, and in quiet times of {QUIET:g} s before and after: the mean "
        "of both is what its delay is compared with.", "",
        "| slow clients | held at most | deadline | all ended after | errors of others | |", "|---|---:|---|---:|---:|---|"]
    for name, case in cases.items():
        ended = "never" if case["ended_seconds"] is None else f"{case['ended_seconds']:.1f} s"
        lines.append(
            f"| {name} | {case['peak_held']:,} of {CONNECTIONS:,} | `{case['deadline']}` | {ended} | "
            f"{case['during']['errors']} in {case['during']['requests']:,} | "
            f"{harness.verdict(case['good']['held'] and case['good']['ended'] and case['good']['errors'])} |")
    heads = " | ".join(f"{label} quiet | meanwhile" for label in LABELS.values())
    lines += ["", f"| the ordinary client, ms | {heads} | longest | |", "|---|" + "---:|" * (2 * len(LABELS) + 1) + "---|"]
    for name, case in cases.items():
        cells = " | ".join(f"{case[when][figure]:.3f}" for figure in BUDGETS for when in ("quiet", "during"))
        delay = harness.verdict(all(case["good"][figure] for figure in BUDGETS))
        lines.append(f"| {name} | {cells} | {case['during']['longest_ms']:.1f} | {delay} |")
    lines += ["", "Budgets: nine in ten held at once, all ended within their deadline and "
              f"{SLACK} s, no error for others; and no added delay: " + ", ".join(
                  f"{LABELS[figure]} × {budget}" + (f" and {FLOORS_MS[figure]} ms" if figure in FLOORS_MS else "")
                  for figure, budget in BUDGETS.items()) + "."]
    harness.write_results("slow-clients", {
        "machine": where, "deadline_seconds": DEADLINE, "connections": CONNECTIONS, "budgets": BUDGETS,
        "floors_ms": FLOORS_MS, "cases": cases, "met": good,
    }, "\n".join(lines))
    return 0 if good else 1


# The clients: processes of their own, so that they take no time from whoever watches.

def ordinary_client(port):
    """Requests one after the other, every fiftieth on a new connection, until nobody wants more."""
    times, new, errors = [], [], 0
    connection = None
    number = 0
    while number % 10 or not select.select([sys.stdin], [], [], 0)[0]:
        number += 1
        started = time.perf_counter()
        try:
            if number % 50 == 0:
                with Connection(port, timeout=5) as fresh:
                    status, _, _ = fresh.get()
                new.append((time.perf_counter() - started) * 1000)
            else:
                if connection is None:
                    connection = Connection(port, timeout=5)
                    started = time.perf_counter()
                status, _, _ = connection.get()
                times.append((time.perf_counter() - started) * 1000)
            errors += status != 200
        except OSError:
            errors += 1
            connection = None
    print(json.dumps({
        "requests": number, "errors": errors, "p50_ms": harness.percentile(times, 0.5),
        "p99_ms": harness.percentile(times, 0.99), "mean_ms": statistics.mean(times), "new_p50_ms": harness.percentile(new, 0.5),
        "longest_ms": max(times + new)}))


async def slow_writer(port, head):
    """Sends the head, then one byte a second, until the server ends it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(head)
        end = asyncio.create_task(reader.read())
        while not end.done():
            writer.write(b"a")
            await writer.drain()
            await asyncio.wait([end], timeout=1)
    finally:
        writer.close()


async def slow_reader(port):
    """Asks for a long answer with a small window and small segments, and reads one byte a second."""
    loop = asyncio.get_running_loop()
    with socket.socket() as connection:
        connection.setblocking(False)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        # The kernel of the other side lets its buffer grow with the segments: with those of loopback it takes megabytes.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
        await loop.sock_connect(connection, ("127.0.0.1", port))
        await loop.sock_sendall(connection, f"GET {DOCUMENT} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        while await loop.sock_recv(connection, 1):
            await asyncio.sleep(1)


async def slow_clients(kind, port):
    head = f"GET {HEALTH} HTTP/1.1\r\nHost: localhost\r\nX-Slow: ".encode()
    body = (f"POST {LOGIN} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            "Content-Length: 8192\r\n\r\n").encode()
    if kind == "read":
        clients = [slow_reader(port) for _ in range(CONNECTIONS)]
    else:
        clients = [slow_writer(port, head if kind == "head" else body) for _ in range(CONNECTIONS)]
    # However they end is the server's business, and counted there.
    await asyncio.wait_for(asyncio.gather(*clients, return_exceptions=True), SECONDS + 10)


if sys.argv[1:2] == ["--ordinary-client"]:
    ordinary_client(int(sys.argv[2]))
elif sys.argv[1:2] == ["--slow-client"]:
    harness.raise_descriptor_limit()
    asyncio.run(slow_clients(sys.argv[2], int(sys.argv[3])))
else:
    harness.run(main)
