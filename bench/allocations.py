#!/usr/bin/env python3
"""Allocations per request on the plain path (GET /health on a keep-alive connection), against the pinned number.

Exits 1 when there are more than bench/allocations.json says; `--pin` writes what was measured there, `--record` writes
the table into bench/results. A number that fell passes, and should then be pinned anew. One that may grow needs a reason,
which stands beside it (`why`); pinning keeps what is said there.
"""

import json
import mmap
import pathlib
import struct
import sys
import tempfile

import harness
from harness import Failure

PINNED = pathlib.Path(__file__).parent / "allocations.json"
WARM_UP = 2_000
REQUESTS = 20_000
# What timers and the clock allocate beside the requests: well below one in twenty.
TOLERANCE = 0.05


def measure():
    with tempfile.TemporaryDirectory(prefix="gatehouse-allocations-") as folder:
        library = harness.build_counter("allocation-counter", folder)
        path = pathlib.Path(folder) / "count"
        path.write_bytes(bytes(8))
        variables = {"LD_PRELOAD": str(library), "ALLOCATION_COUNT_FILE": str(path)}
        with open(path, "rb") as file, mmap.mmap(file.fileno(), 8, prot=mmap.PROT_READ) as counter:
            def count():
                return struct.unpack("<Q", counter[:])[0]

            with harness.gatehouse_api(**variables) as server, harness.Connection(server.port) as connection:
                for _ in range(WARM_UP):
                    connection.get()
                if count() == 0:
                    raise Failure("nothing was counted: is the binary linked without the system's malloc?")
                before = count()
                for _ in range(REQUESTS):
                    status, _, _ = connection.get()
                    if status != 200:
                        raise Failure(f"/health answers {status}")
                return (count() - before) / REQUESTS


def record(measured, pinned, good):
    where = harness.machine()
    harness.write_results("allocations", {
        "machine": where, "requests": REQUESTS, "plain_path": measured, "pinned": pinned, "met": good,
    }, "\n".join([
        "# Allocations per request", "", harness.machine_lines(where), "",
        f"{REQUESTS:,} requests `GET /health` on one keep-alive connection, after {WARM_UP:,}.", "",
        "| path | allocations per request | pinned | |", "|---|---:|---:|---|",
        f"| plain | {measured:.2f} | {pinned:.2f} | {harness.verdict(good)} |",
    ]))


def main():
    arguments = sys.argv[1:]
    if arguments not in ([], ["--pin"], ["--record"]):
        print("usage: allocations.py [--pin | --record]", file=sys.stderr)
        return 2
    measured = round(measure(), 2)
    held = json.loads(PINNED.read_text()) if PINNED.exists() else {}
    if arguments == ["--pin"]:
        held["plain_path"] = measured
        PINNED.write_text(json.dumps(held, indent=2) + "\n")
        print(f"Pinned. Is the reason in {PINNED.name} still true?")
    pinned = held.get("plain_path")
    if pinned is None:
        raise Failure(f"{measured} allocations per request, and none pinned: bench/allocations.py --pin")
    good = measured <= pinned + TOLERANCE
    print(f"{measured:.2f} allocations per request on the plain path, {pinned:.2f} pinned: "
          f"{'good' if good else 'THEY GREW'}")
    # Only when asked: a check that everybody runs must not change files.
    if arguments == ["--record"]:
        record(measured, pinned, good)
    if measured < pinned - TOLERANCE:
        print(f"Fewer than pinned: hold it with bench/allocations.py --pin ({measured}).")
    return 0 if good else 1


harness.run(main)
