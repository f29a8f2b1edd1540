#!/usr/bin/env python3
"""A thousand clients that send, or read, one byte a second: what others notice, and when the slow ones are ended.

slowhttptest brings three kinds (slow head, slow body, slow read). The same kinds follow in plain Python, so that an
oddity of the tool can not pass for a virtue of the server; there the slow readers pipeline requests until the answers
fill the socket, which slowhttptest can not do with an answer as small as /health.

CONNECTIONS (1000), READERS (20), SECONDS (20) and ONLY (names of cases) come from the environment.
"""

import asyncio
import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import harness
from harness import Connection, Failure

CONNECTIONS = int(os.environ.get("CONNECTIONS") or 1_000)
READERS = int(os.environ.get("READERS") or 20)
SECONDS = int(os.environ.get("SECONDS") or 20)
DEADLINE = 5
# After its deadline a connection may linger for a moment while the answer to it goes out.
SLACK = 3
# What the same server on the same machine differs by from one ten seconds to the next, and what a thousand clients
# on the same two cores cost by themselves.
P50_TOLERANCE, P99_TOLERANCE = 1.5, 2.0
P50_FLOOR_MS, P99_FLOOR_MS = 0.2, 5.0


class Prober(threading.Thread):
    """An ordinary client: a request every few milliseconds, every tenth on a connection of its own."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.port, self.times, self.errors, self.stopping = port, [], 0, threading.Event()

    def run(self):
        connection = None
        number = 0
        while not self.stopping.wait(0.004):
            number += 1
            started = time.perf_counter()
            try:
                if number % 10 == 0:
                    with Connection(self.port, timeout=5) as fresh:
                        status, _, _ = fresh.get()
                else:
                    if connection is None:
                        connection = Connection(self.port, timeout=5)
                    status, head, _ = connection.get()
                    if harness.says_close(head):
                        connection.socket.close()
                        connection = None
            except OSError:
                self.errors += 1
                connection = None
                continue
            self.times.append((time.perf_counter() - started) * 1000)
            self.errors += status != 200
        if connection is not None:
            connection.socket.close()

    def figures(self):
        self.stopping.set()
        self.join(10)
        if not self.times:
            raise Failure(f"the prober got no answer at all, and {self.errors} errors")
        return {"requests": len(self.times), "errors": self.errors,
                "p50_ms": harness.percentile(self.times, 0.5), "p99_ms": harness.percentile(self.times, 0.99)}


def probe(port, seconds):
    prober = Prober(port)
    prober.start()
    time.sleep(seconds)
    return prober.figures()


def slowhttptest(*arguments):
    def command(port):
        # One connection more per millisecond, one byte per second, no report files.
        return ["slowhttptest", *arguments, "-c", str(CONNECTIONS), "-r", str(CONNECTIONS),
                "-l", str(SECONDS), "-p", "3", "-u", f"http://127.0.0.1:{port}/health"]
    return command


def plain(kind):
    return lambda port: [sys.executable, os.path.abspath(__file__), "--slow-client", kind, str(port)]


# name: (command for a port, connections it opens, seconds until the deadline can begin to run)
CASES = {
    "slowhttptest slow head": (slowhttptest("-H", "-i", "1", "-x", "1"), CONNECTIONS, 0),
    "slowhttptest slow body": (slowhttptest("-B", "-i", "1", "-x", "1", "-s", "8192"), CONNECTIONS, 0),
    "slowhttptest slow read": (slowhttptest("-X", "-w", "1", "-y", "1", "-n", "1", "-z", "1", "-k", "10"), CONNECTIONS, 0),
    "plain slow head": (plain("head"), CONNECTIONS, 0),
    "plain slow body": (plain("body"), CONNECTIONS, 0),
    "plain slow read": (plain("read"), READERS, 5),
}


def says_none_is_left(process, output):
    """Whether slowhttptest ended by itself because the server had closed every connection it made."""
    if process.poll() is None:
        return False
    output.seek(0)
    return b"No open connections left" in output.read()


def measure(server, name, before, stack):
    command, wanted, filling = CASES[name]
    idle = server.sockets()
    prober = Prober(server.port)
    prober.start()
    started = time.monotonic()
    output = stack.enter_context(tempfile.TemporaryFile())
    process = subprocess.Popen(command(server.port), stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    peak, peak_at, ended_at, still_running = 0, 0, None, True
    # Held connections second by second, for whoever has to find out why some stayed.
    course = []
    try:
        # The prober's own connections are not slow ones.
        own = 1
        few = max(2, wanted * 0.01)
        while (elapsed := time.monotonic() - started) < SECONDS:
            held = min(max(0, server.sockets() - idle - own), wanted)
            if elapsed >= len(course):
                course.append(held)
            if held > peak:
                peak, peak_at = held, elapsed
            if held <= few and peak > wanted * 0.5:
                ended_at = elapsed
                still_running = process.poll() is None
                break
            time.sleep(0.1)
        # A moment more shows whether they come back, and whether others stay served.
        time.sleep(1)
        none_left = says_none_is_left(process, output)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    if server.process.poll() is not None:
        raise Failure(f"{server.name} ended with {server.process.returncode} under {name}: {server.output()}")
    during = prober.figures()
    # A server that answers at once and closes, because the request said so, has ended a slow client even better.
    at_once = peak <= wanted * 0.5 and none_left and held <= few
    ended = at_once or (
        peak >= wanted * 0.9 and ended_at is not None and ended_at <= peak_at + filling + DEADLINE + SLACK)
    good = (
        ended and during["errors"] == 0
        and during["p50_ms"] <= max(before["p50_ms"] * P50_TOLERANCE, before["p50_ms"] + P50_FLOOR_MS)
        and during["p99_ms"] <= max(before["p99_ms"] * P99_TOLERANCE, before["p99_ms"] + P99_FLOOR_MS))
    return {"connections": wanted, "peak_held": peak, "peak_seconds": peak_at, "held_each_second": course,
            "ended_seconds": 0 if at_once else ended_at,
            "client_was_still_running": still_running, "during": during, "met": good}


def main():
    harness.raise_descriptor_limit()
    names = [name for name in CASES if not os.environ.get("ONLY") or name in os.environ["ONLY"].split(",")]
    # The slow reader of a small answer is, to the server, a connection that idles: the keep-alive deadline ends it.
    variables = {name: f"{DEADLINE}s" for name in
                 ("HTTP_HEAD_TIMEOUT", "HTTP_BODY_TIMEOUT", "HTTP_WRITE_TIMEOUT", "HTTP_KEEPALIVE_TIMEOUT")}
    cases = {}
    with harness.gatehouse_api(**variables) as server:
        before = probe(server.port, 5)
        for name in names:
            with contextlib.ExitStack() as stack:
                cases[name] = measure(server, name, before, stack)
            print(f"{name}: {'met' if cases[name]['met'] else 'not met'}", file=sys.stderr, flush=True)
            # Its last connections are to be gone before the next case counts.
            time.sleep(1)
    good = all(case["met"] for case in cases.values()) and before["errors"] == 0
    where = harness.machine()
    lines = [
        "# A thousand slow clients", "", harness.machine_lines(where), "",
        f"One byte a second each; every deadline of the server at {DEADLINE} s. Another client asks meanwhile: "
        f"p50 {before['p50_ms']:.2f} ms, p99 {before['p99_ms']:.2f} ms before, with {before['errors']} errors.", "",
        "| slow clients | held at most | all ended after | p50 ms | p99 ms | requests | errors | |",
        "|---|---:|---:|---:|---:|---:|---:|---|"]
    for name, case in cases.items():
        ended = "never" if case["ended_seconds"] is None else f"{case['ended_seconds']:.1f} s"
        if case["ended_seconds"] == 0:
            ended = "answered and closed at once"
        during = case["during"]
        lines.append(f"| {name} | {case['peak_held']:,} of {case['connections']:,} | {ended} | {during['p50_ms']:.2f} | "
                     f"{during['p99_ms']:.2f} | {during['requests']:,} | {during['errors']} | "
                     f"{harness.verdict(case['met'])} |")
    harness.write_results("slow-clients", {
        "machine": where, "deadline_seconds": DEADLINE, "before": before, "cases": cases, "met": good,
    }, "\n".join(lines))
    return 0 if good else 1


# The plain slow clients: a process of their own, so that they take no time from the prober.

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
    """Asks far more than its small window takes, and reads one byte a second."""
    loop = asyncio.get_running_loop()
    with socket.socket() as connection:
        connection.setblocking(False)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        await loop.sock_connect(connection, ("127.0.0.1", port))
        asking = asyncio.create_task(ask_for_ever(loop, connection))
        try:
            while await loop.sock_recv(connection, 1):
                await asyncio.sleep(1)
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)


async def ask_for_ever(loop, connection):
    # In small helpings: the answers are to fill the socket, not the processor.
    while True:
        await loop.sock_sendall(connection, harness.REQUEST * 50)
        await asyncio.sleep(0.02)


async def slow_clients(kind, port):
    head = b"GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
    body = b"POST /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8192\r\n\r\n"
    if kind == "read":
        clients = [slow_reader(port) for _ in range(READERS)]
    else:
        clients = [slow_writer(port, head if kind == "head" else body) for _ in range(CONNECTIONS)]
    # However they end is the server's business, and counted there.
    await asyncio.wait_for(asyncio.gather(*clients, return_exceptions=True), SECONDS + 10)


if sys.argv[1:2] == ["--slow-client"]:
    harness.raise_descriptor_limit()
    asyncio.run(slow_clients(sys.argv[2], int(sys.argv[3])))
else:
    harness.run(main)
