#!/usr/bin/env python3
"""SIGTERM in the middle of a load: no request that the server had in hand may go unanswered, and it exits 0 in time.

Each of 64 keep-alive connections asks, reads, and asks again. A request counts as lost when all of its bytes were sent
on a connection that had not ended yet, and no full answer came back. The two ways to lose one are told apart:

- reset: the server closed with the request unread in its hands;
- ended: the server had said the end before the request arrived. A client that races the end of an idle connection sees
  this too (RFC 9112 §9.3.1 lets it ask again), but a server that lingers for a moment spares everybody that.

ROUNDS (20), CONNECTIONS (64) and DEADLINE (10 s) come from the environment.
"""

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
DEADLINE = float(os.environ.get("DEADLINE") or 10)


class Client(threading.Thread):
    """Asks until the connection ends, and remembers how it ended."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.connection = Connection(port, timeout=DEADLINE + 5)
        # One answer before the load proves that the server accepted the connection, not just the kernel.
        self.connection.get()
        self.answered = 0
        self.ending = None

    def run(self):
        with self.connection:
            while self.ending is None:
                self.ask()

    def has_ended(self):
        readable, _, _ = select.select([self.connection.socket], [], [], 0)
        if not readable:
            return False
        try:
            return self.connection.socket.recv(1, socket.MSG_PEEK) == b""
        except OSError:
            return True

    def ask(self):
        if self.has_ended():
            self.ending = "idle"
            return
        try:
            self.connection.socket.sendall(REQUEST)
        except OSError:
            # Not all of it was sent: the server never had this request.
            self.ending = "idle"
            return
        try:
            status, head, _ = self.connection.read_answer()
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


# The endings after which nobody is missing an answer.
GOOD = ("idle", "told to close")


def one_round(number):
    with harness.gatehouse_api() as server:
        clients = [Client(server.port) for _ in range(CONNECTIONS)]
        for client in clients:
            client.start()
        # Not always at the same beat of the load.
        time.sleep(0.2 + random.Random(number).random() * 0.2)
        before = sum(client.answered for client in clients)
        started = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        try:
            status = server.process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            status = None
        seconds = time.monotonic() - started
        for client in clients:
            client.join(DEADLINE + 5)
        endings = {}
        for client in clients:
            ending = client.ending or "silent"
            endings[ending] = endings.get(ending, 0) + 1
        return {
            "exit_status": status, "seconds": seconds, "answered_before": before,
            "answered_after": sum(client.answered for client in clients) - before, "endings": endings,
            "lost": sum(count for ending, count in endings.items() if ending not in GOOD),
        }


def main():
    rounds = [one_round(number) for number in range(ROUNDS)]
    endings = {}
    for found in rounds:
        for ending, count in found["endings"].items():
            endings[ending] = endings.get(ending, 0) + count
    lost = sum(found["lost"] for found in rounds)
    statuses = sorted({str(found["exit_status"]) for found in rounds})
    slowest = max(found["seconds"] for found in rounds)
    exits_good = statuses == ["0"] and slowest < DEADLINE
    where = harness.machine()
    harness.write_results("shutdown-under-load", {
        "machine": where, "connections": CONNECTIONS, "rounds": rounds, "lost": lost, "endings": endings,
        "slowest_exit_seconds": slowest, "met": lost == 0 and exits_good,
    }, "\n".join([
        "# SIGTERM under load", "", harness.machine_lines(where), "",
        f"{ROUNDS} rounds, {CONNECTIONS} keep-alive connections that ask without a pause, SIGTERM in the middle.", "",
        "| figure | value | budget | |", "|---|---:|---:|---|",
        f"| requests answered before the signal | {sum(found['answered_before'] for found in rounds):,} | | |",
        f"| requests answered after it | {sum(found['answered_after'] for found in rounds):,} | | |",
        f"| requests lost | {lost} | 0 | {harness.verdict(lost == 0)} |",
        f"| exit status | {', '.join(statuses)} | 0 | {harness.verdict(statuses == ['0'])} |",
        f"| slowest exit | {slowest:.2f} s | {DEADLINE:g} s | {harness.verdict(exits_good)} |",
        "", "How the connections ended: " + ", ".join(f"{name} {count}" for name, count in sorted(endings.items())) + ".",
    ]))
    return 0 if lost == 0 and exits_good else 1


harness.run(main)
