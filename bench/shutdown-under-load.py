#!/usr/bin/env python3
"""SIGTERM in the middle of a load: no request that the server had in hand may go unanswered, and it exits 0 in time.

Each of 64 keep-alive connections asks, reads, and asks again. 16 more clients connect anew for each request. A request
counts as lost when all of its bytes were sent on a connection that had not ended yet, and no full answer came back. That
a connection is refused is fine, as nobody listens any more, and so is an end before the request was sent; but one that was
made counts, also when the kernel had it in its queue, and the program had not seen it yet. The two ways to lose one are
told apart:

- reset: the server closed with the request unread in its hands;
- ended: the server had said the end before the request arrived. A client that races the end of an idle connection sees
  this too (RFC 9112 §9.3.1 lets it ask again), but a server that lingers for a moment spares everybody that.

ROUNDS (20), CONNECTIONS (64), NEWCOMERS (16) and DEADLINE (10 s) come from the environment.
"""

import errno
import os
import random
import select
import signal
import socket
import subprocess
import threading
import time

import harness
from harness import REQUEST, Connection

ROUNDS = int(os.environ.get("ROUNDS") or 20)
CONNECTIONS = int(os.environ.get("CONNECTIONS") or 64)
NEWCOMERS = int(os.environ.get("NEWCOMERS") or 16)
DEADLINE = float(os.environ.get("DEADLINE") or 10)


class Client(threading.Thread):
    """Asks until there is no more asking, and remembers how that ended."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.port = port
        self.answered = 0
        self.ending = None

    def has_ended(self, connection):
        readable, _, _ = select.select([connection.socket], [], [], 0)
        if not readable:
            return False
        try:
            return connection.socket.recv(1, socket.MSG_PEEK) == b""
        except OSError:
            return True

    def ask(self, connection):
        if self.has_ended(connection):
            self.ending = "idle"
            return
        try:
            connection.socket.sendall(REQUEST)
        except OSError:
            # Not all of it was sent: the server never had this request.
            self.ending = "idle"
            return
        try:
            status, head, _ = connection.read_answer()
        except TimeoutError:
            self.ending = "silent"
        except ConnectionResetError:
            self.ending = "reset"
        except ConnectionError as failure:
            self.ending = "cut" if "inside" in str(failure) else "ended"
        except OSError:
            self.ending = "reset"
        else:
            self.answered += 1
            if status != 200:
                self.ending = f"status {status}"
            elif harness.says_close(head):
                self.ending = "told to close"


class Keeper(Client):
    """On one connection."""

    def __init__(self, port):
        super().__init__(port)
        self.connection = Connection(port, timeout=DEADLINE + 5)
        # One answer before the load proves that the server accepted the connection, not just the kernel.
        self.connection.get()

    def run(self):
        with self.connection:
            while self.ending is None:
                self.ask(self.connection)


class Newcomer(Client):
    """On a new connection each time, until one is refused."""

    # As when a connection of its own was ended: the next one shows whether anybody listens.
    goes_on = (None, "idle", "told to close")

    def run(self):
        while self.ending in self.goes_on:
            self.ending = None
            try:
                with Connection(self.port, timeout=DEADLINE + 5) as connection:
                    self.ask(connection)
            except ConnectionRefusedError:
                self.ending = "refused"
            except OSError as failure:
                # Made, and reset before it was ours: it had asked nothing.
                self.ending = "refused" if failure.errno == errno.ECONNRESET else f"connect: {failure}"


# The endings after which nobody is missing an answer.
GOOD = ("idle", "told to close", "refused")


def count(clients):
    endings = {}
    for client in clients:
        ending = client.ending or "silent"
        endings[ending] = endings.get(ending, 0) + 1
    return endings


def one_round(number):
    with harness.gatehouse_api() as server:
        keepers = [Keeper(server.port) for _ in range(CONNECTIONS)]
        clients = keepers + [Newcomer(server.port) for _ in range(NEWCOMERS)]
        for client in clients:
            client.start()
        # Not always at the same beat of the load.
        time.sleep(0.2 + random.Random(number).random() * 0.2)
        before = [client.answered for client in clients]
        started = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        try:
            status = server.process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            status = None
        seconds = time.monotonic() - started
        for client in clients:
            client.join(DEADLINE + 5)
        after = [client.answered - earlier for client, earlier in zip(clients, before)]
        found = {"exit_status": status, "seconds": seconds}
        for name, own in (("keepers", slice(None, CONNECTIONS)), ("newcomers", slice(CONNECTIONS, None))):
            endings = count(clients[own])
            found[name] = {
                "answered_before": sum(before[own]), "answered_after": sum(after[own]), "endings": endings,
                "lost": sum(count for ending, count in endings.items() if ending not in GOOD)}
        return found


def total(rounds, name):
    """Of one kind of clients, over all rounds."""
    found = {"answered_before": 0, "answered_after": 0, "lost": 0, "endings": {}}
    for own in (one[name] for one in rounds):
        for figure in ("answered_before", "answered_after", "lost"):
            found[figure] += own[figure]
        for ending, times in own["endings"].items():
            found["endings"][ending] = found["endings"].get(ending, 0) + times
    return found


def main():
    rounds = [one_round(number) for number in range(ROUNDS)]
    totals = {name: total(rounds, name) for name in ("keepers", "newcomers")}
    lost = sum(own["lost"] for own in totals.values())
    statuses = sorted({str(found["exit_status"]) for found in rounds})
    slowest = max(found["seconds"] for found in rounds)
    exits_good = statuses == ["0"] and slowest < DEADLINE
    where = harness.machine()
    lines = [
        "# SIGTERM under load", "", harness.machine_lines(where), "",
        f"{ROUNDS} rounds, {CONNECTIONS} keep-alive connections that ask without a pause, {NEWCOMERS} clients that connect "
        "anew for each request, SIGTERM in the middle.", "",
        "| requests | on kept connections | on new ones | budget | |", "|---|---:|---:|---:|---|"]
    for label, figure in (("answered before the signal", "answered_before"), ("answered after it", "answered_after")):
        lines.append(f"| {label} | {totals['keepers'][figure]:,} | {totals['newcomers'][figure]:,} | | |")
    lines += [
        f"| lost | {totals['keepers']['lost']} | {totals['newcomers']['lost']} | 0 | {harness.verdict(lost == 0)} |", "",
        "| figure | value | budget | |", "|---|---:|---:|---|",
        f"| exit status | {', '.join(statuses)} | 0 | {harness.verdict(statuses == ['0'])} |",
        f"| slowest exit | {slowest:.2f} s | {DEADLINE:g} s | {harness.verdict(exits_good)} |", ""]
    for label, name in (("kept connections", "keepers"), ("clients that connect anew", "newcomers")):
        endings = ", ".join(f"{ending} {times}" for ending, times in sorted(totals[name]["endings"].items()))
        lines.append(f"How {label} ended: {endings}.")
    harness.write_results("shutdown-under-load", {
        "machine": where, "connections": CONNECTIONS, "newcomers": NEWCOMERS, "rounds": rounds, "totals": totals,
        "lost": lost, "slowest_exit_seconds": slowest, "met": lost == 0 and exits_good,
    }, "\n".join(lines))
    return 0 if lost == 0 and exits_good else 1


harness.run(main)
