#!/usr/bin/env python3
"""Ten thousand idle keep-alive connections: what each costs in memory, and whether others still get served as fast.

CONNECTIONS (10000) comes from the environment. Both sides need a descriptor for each.
"""

import gc
import os
import statistics

import harness
from harness import Connection, Failure

CONNECTIONS = int(os.environ.get("CONNECTIONS") or 10_000)
REQUESTS = 2_000
# A median of several passes: one pass can meet a busy moment of the machine.
PASSES = 5
KIB_BUDGET = 12
# "As fast as before", given what the same measurement differs by from one time to the next.
P50_TOLERANCE = 1.25
P99_TOLERANCE = 1.5
FLOOR_MS = 0.05


def latency(port):
    passes = [harness.sequential_latency(port, REQUESTS) for _ in range(PASSES)]
    return {name: statistics.median(harness.percentile(times, share) for times in passes)
            for name, share in (("p50_ms", 0.5), ("p99_ms", 0.99))}


def open_connections(port, held):
    """Fills the list as it goes, so that the caller closes them whatever happens."""
    for index in range(CONNECTIONS):
        # A source address has some 28,000 ports, and those of earlier runs linger for a minute.
        connection = Connection(port, source=f"127.0.0.{2 + index % 8}")
        held.append(connection)
        status, _, _ = connection.get()
        if status != 200:
            raise Failure(f"connection {index + 1} was answered {status}")


def main():
    limit = harness.raise_descriptor_limit()
    if limit < CONNECTIONS + 200:
        raise Failure(f"the descriptor limit is {limit}: too low for {CONNECTIONS} connections")
    variables = {"HTTP_MAX_CONNECTIONS": str(CONNECTIONS + 1_000), "HTTP_KEEPALIVE_TIMEOUT": "600s"}
    held = []
    with harness.gatehouse_api(**variables) as server:
        try:
            gc.disable()
            before = latency(server.port)
            idle_kib, idle_sockets = server.resident_kib(), server.sockets()
            open_connections(server.port, held)
            full_kib = server.resident_kib()
            sockets = server.sockets() - idle_sockets
            during = latency(server.port)
            # Each must still be there, and still answer.
            alive = 0
            for connection in held:
                status, _, _ = connection.get()
                alive += status == 200
            after_kib = server.resident_kib()
        finally:
            for connection in held:
                connection.socket.close()

    each = (max(full_kib, after_kib) - idle_kib) / CONNECTIONS
    memory_good = each < KIB_BUDGET and sockets >= CONNECTIONS and alive == CONNECTIONS
    latency_good = (
        during["p50_ms"] <= max(before["p50_ms"] * P50_TOLERANCE, before["p50_ms"] + FLOOR_MS)
        and during["p99_ms"] <= max(before["p99_ms"] * P99_TOLERANCE, before["p99_ms"] + FLOOR_MS))
    where = harness.machine()
    harness.write_results("idle-connections", {
        "machine": where, "connections": CONNECTIONS, "held_by_server": sockets, "answered_again": alive,
        "idle_kib": idle_kib, "full_kib": full_kib, "after_kib": after_kib, "kib_per_connection": each,
        "budget_kib": KIB_BUDGET, "latency_before": before, "latency_during": during,
        "met": memory_good and latency_good,
    }, "\n".join([
        f"# {CONNECTIONS:,} idle keep-alive connections", "", harness.machine_lines(where), "",
        "Each connection sent one `GET /health` and read the answer, then idled; at the end each was asked once more. "
        f"Latency: {PASSES} passes of {REQUESTS:,} requests one after the other on one other connection, medians.", "",
        "| figure | value | budget | |", "|---|---:|---:|---|",
        f"| held by the server | {sockets:,} | {CONNECTIONS:,} | {harness.verdict(sockets >= CONNECTIONS)} |",
        f"| answered again at the end | {alive:,} | {CONNECTIONS:,} | {harness.verdict(alive == CONNECTIONS)} |",
        f"| resident, no connection | {idle_kib / 1024:.1f} MiB | | |",
        f"| resident, all idle | {full_kib / 1024:.1f} MiB | | |",
        f"| resident, all asked again | {after_kib / 1024:.1f} MiB | | |",
        f"| per connection | {each:.2f} KiB | {KIB_BUDGET} KiB | {harness.verdict(each < KIB_BUDGET)} |",
        f"| p50 before, during | {before['p50_ms']:.3f}, {during['p50_ms']:.3f} ms | × {P50_TOLERANCE} | "
        f"{harness.verdict(latency_good)} |",
        f"| p99 before, during | {before['p99_ms']:.3f}, {during['p99_ms']:.3f} ms | × {P99_TOLERANCE} | |",
    ]))
    return 0 if memory_good and latency_good else 1


harness.run(main)
