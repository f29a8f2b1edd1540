#!/usr/bin/env python3
"""What GET /api/v1/hello costs, with a token, its check for revocation in Redis, and the count of the limiter.

Reads from sockets, writes to them and allocations of a request are counted on a loop that has nothing else to do, one
request after the other, and pinned. Then reads and writes are counted under a load, where several requests share the ones
to and from Redis: they must be fewer than the idle loop's budget, and are not pinned, as how many share one depends on
the machine. Exits 1 when there are more than bench/hello.json says, or than the budget; `--pin` writes what was measured
there, `--record` writes the table into bench/results, with the rate.
"""

import json
import mmap
import pathlib
import struct
import sys
import tempfile

import harness
from harness import Failure
from service import CHEAP_HASHES, LARGE_LIMITS, Service

PINNED = pathlib.Path(__file__).parent / "hello.json"
WARM_UP = 2_000
REQUESTS = 10_000
# What timers and looks into the database do beside the requests: the more for each, the slower the machine. What a request
# costs itself grows by whole ones.
TOLERANCE = 0.2
BUDGETS = {"reads": 2, "writes": 2}
# "Fewer when busy". Reads that found nothing count here: they are as dear, and a busy loop has no excuse for them.
BUSY_BUDGETS = {"reads": 2, "writes": 2}
WRK_CONNECTIONS, WRK_SECONDS, COUNTED_SECONDS = 64, 5, 2


def request(token):
    return f"GET /api/v1/hello HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n".encode()


def ask(connection, text, times):
    for _ in range(times):
        status, _, _ = connection.get(text)
        if status != 200:
            raise Failure(f"/api/v1/hello answers {status}")


class Counters:
    """The files that the preloaded libraries count into."""

    def __init__(self, folder):
        folder = pathlib.Path(folder)
        self.files = {"sockets": folder / "sockets", "allocations": folder / "allocations"}
        for path in self.files.values():
            path.write_bytes(bytes(24))
        libraries = [str(harness.build_counter(name, folder)) for name in ("socket-counter", "allocation-counter")]
        self.variables = {
            "LD_PRELOAD": " ".join(libraries), "SOCKET_COUNT_FILE": str(self.files["sockets"]),
            "ALLOCATION_COUNT_FILE": str(self.files["allocations"])}

    def read(self):
        found = []
        for path in self.files.values():
            with open(path, "rb") as file, mmap.mmap(file.fileno(), 24, prot=mmap.PROT_READ) as page:
                found.append(struct.unpack("<3Q", page[:]))
        (reads, empty_reads, writes), (allocations, _, _) = found
        return {"reads": reads, "empty_reads": empty_reads, "writes": writes, "allocations": allocations}


def measure():
    with tempfile.TemporaryDirectory(prefix="gatehouse-hello-") as folder:
        counters = Counters(folder)
        with Service([counters.variables], **CHEAP_HASHES, **LARGE_LIMITS) as service, service.client() as client:
            token = client.login()["access_token"]
            text = request(token)
            with harness.Connection(service.instances[0].port) as connection:
                ask(connection, text, WARM_UP)
                before = counters.read()
                if 0 in (before["reads"], before["writes"], before["allocations"]):
                    raise Failure("nothing was counted: is the binary linked without the system's library?")
                ask(connection, text, REQUESTS)
                after = counters.read()
            idle = {name: round((after[name] - before[name]) / REQUESTS, 2) for name in before}
            # The first load makes the connections' buffers and the loops' caches.
            load(service, token, 1)
            before = counters.read()
            requests = load(service, token, COUNTED_SECONDS)["requests"]
            after = counters.read()
    each = {name: (after[name] - before[name]) / requests for name in before}
    return idle, {"reads": each["reads"] + each["empty_reads"], "writes": each["writes"], "requests": requests}


def load(service, token, seconds):
    return harness.run_wrk("gatehouse-api", [
        "wrk", "--threads", "1", "--connections", str(WRK_CONNECTIONS), "--duration", f"{seconds}s", "--latency",
        "--header", f"Authorization: Bearer {token}", f"http://127.0.0.1:{service.instances[0].port}/api/v1/hello"], seconds)


def rate():
    """Requests per second over many connections, without anything that counts."""
    with Service(1, **CHEAP_HASHES, **LARGE_LIMITS) as service, service.client() as client:
        token = client.login()["access_token"]
        load(service, token, 1)
        return load(service, token, WRK_SECONDS)


def record(measured, pinned, good, busy, busy_good):
    where, rated = harness.machine(), rate()
    lines = ["# GET /api/v1/hello", "", harness.machine_lines(where), "",
             f"{REQUESTS:,} requests with a token on one keep-alive connection, after {WARM_UP:,}; Postgres, Redis over TCP.", "",
             "| for each request | counted | pinned | budget | |", "|---|---:|---:|---:|---|"]
    names = {"reads": "reads from sockets that brought something", "empty_reads": "reads that found nothing yet",
             "writes": "writes to sockets", "allocations": "allocations"}
    for name, label in names.items():
        lines.append(f"| {label} | {measured[name]:.2f} | {pinned[name]:.2f} | {BUDGETS.get(name, '')} | "
                     f"{harness.verdict(good[name])} |")
    lines += ["", f"Under a load of {WRK_CONNECTIONS} connections (wrk), {busy['requests']:,} requests:", "",
              "| for each request | counted | budget: fewer than | |", "|---|---:|---:|---|"]
    for name, label in (("reads", "reads from sockets, with those that found nothing"), ("writes", "writes to sockets")):
        lines.append(f"| {label} | {busy[name]:.2f} | {BUSY_BUDGETS[name]} | {harness.verdict(busy_good[name])} |")
    lines += ["", f"The same load with nothing that counts, everything on the same processors: "
              f"{rated['requests_per_second']:,.0f} requests/s, p50 {rated['p50_ms']:.2f} ms, "
              f"p99 {rated['p99_ms']:.2f} ms."]
    harness.write_results("hello", {
        "machine": where, "requests": REQUESTS, "each": measured, "pinned": pinned, "budgets": BUDGETS,
        "busy_each": busy, "busy_budgets": BUSY_BUDGETS, "busy": rated,
        "met": all(good.values()) and all(busy_good.values())}, "\n".join(lines))


def main():
    arguments = sys.argv[1:]
    if arguments not in ([], ["--pin"], ["--record"]):
        print("usage: hello.py [--pin | --record]", file=sys.stderr)
        return 2
    measured, busy = measure()
    if arguments == ["--pin"]:
        PINNED.write_text(json.dumps(measured, indent=2) + "\n")
    if not PINNED.exists():
        raise Failure(f"{measured} for each request, and nothing pinned: bench/hello.py --pin")
    pinned = json.loads(PINNED.read_text())
    good = {name: value <= min(pinned[name], BUDGETS.get(name, pinned[name])) + TOLERANCE
            for name, value in measured.items()}
    for name, value in measured.items():
        print(f"{value:.2f} {name.replace('_', ' ')} for each hello, {pinned[name]:.2f} pinned: "
              f"{'good' if good[name] else 'TOO MANY'}")
    busy_good = {name: busy[name] < budget for name, budget in BUSY_BUDGETS.items()}
    for name, budget in BUSY_BUDGETS.items():
        print(f"{busy[name]:.2f} {name} for each hello under a load, fewer than {budget} allowed: "
              f"{'good' if busy_good[name] else 'TOO MANY'}")
    if arguments == ["--record"]:
        record(measured, pinned, good, busy, busy_good)
    if any(measured[name] < pinned[name] - TOLERANCE for name in measured):
        print("Fewer than pinned: hold it with bench/hello.py --pin.")
    return 0 if all(good.values()) and all(busy_good.values()) else 1


harness.run(main)
