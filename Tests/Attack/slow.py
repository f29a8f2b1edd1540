#!/usr/bin/env python3
"""slowhttptest against the stack: slow heads, slow bodies, slow readers and ranges, and what others notice meanwhile.

nginx stands in front and has deadlines of its own (10 s for a head, 20 s between two pieces of a body or an answer). What the
API does when it is alone is bench/slow-clients.py's.

CONNECTIONS (1000) and SLOW_SECONDS (45) for each kind come from the environment.
"""

import http.client
import re
import subprocess
import threading
import time

from attack import UNLIMITED, Attack, Failure, log_lines, run, setting, stack
from support import Answer

CONNECTIONS, SECONDS = setting("CONNECTIONS", 1_000), setting("SLOW_SECONDS", 45)
# An ordinary visitor gets every answer, and hardly one that takes longer than this.
LONGEST_P99_MS = 250
LOGIN, DOCUMENT = "/api/v1/auth/login", "/api/v1/openapi.json"
# Faster than the deadline of one step, so that only one for the whole ends it; and as slow as goes.
KINDS = {
    "slow head": (["-H", "-i", "5", "-x", "24"], "/login"),
    "slow body to the API": (["-B", "-i", "5", "-s", "8192", "-x", "10", "-f", "application/json"], LOGIN),
    "slow body to the pages": (["-B", "-i", "5", "-s", "8192", "-x", "10", "-f", "application/x-www-form-urlencoded"], "/login"),
    "slow read": (["-X", "-w", "1", "-y", "8", "-n", "5", "-z", "4", "-k", "3"], DOCUMENT),
    "ranges": (["-R", "-a", "1", "-b", "3000"], "/static/site.css"),
}


class Visitor(threading.Thread):
    """Asks for a page and for the API in turn, every time on a connection of its own, from an address of its own."""

    PATHS = ("/login", "/health/ready", "/api/v1/hello")

    def __init__(self, port):
        super().__init__(daemon=True)
        self.port, self.is_over, self.times, self.trouble = port, threading.Event(), [], []

    def run(self):
        number = 0
        while not self.is_over.is_set():
            number += 1
            path = self.PATHS[number % len(self.PATHS)]
            started = time.monotonic()
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20, source_address=("127.77.0.1", 0))
            try:
                connection.request("GET", path)
                answer = Answer(connection.getresponse())
                if answer.status != (401 if path.endswith("hello") else 200):
                    self.trouble.append(f"{path}: {answer.status} {answer.text[:100]}")
            except (OSError, http.client.HTTPException) as failure:
                self.trouble.append(f"{path}: {failure!r}")
            finally:
                connection.close()
            self.times.append((time.monotonic() - started) * 1000)
            self.is_over.wait(0.02)

    def figures(self):
        self.is_over.set()
        self.join(30)
        ordered = sorted(self.times)
        return {"requests": len(ordered), "p50 ms": round(ordered[len(ordered) // 2], 1),
                "p99 ms": round(ordered[int(len(ordered) * 0.99)], 1), "longest ms": round(ordered[-1], 1), "errors": len(self.trouble)}


def slowhttptest(port, arguments, path):
    """What it says at the end: connections, and whether its own probe had answers."""
    command = ["slowhttptest", *arguments, "-c", str(CONNECTIONS), "-r", str(CONNECTIONS // 4), "-l", str(SECONDS), "-p", "5",
               "-u", f"http://127.0.0.1:{port}{path}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS + 60, check=False, stdin=subprocess.DEVNULL)
    except FileNotFoundError:
        raise Failure("there is no slowhttptest: .ci/setup attack") from None
    text = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)
    most = [int(number) for number in re.findall(r"connected:\s+(\d+)", text)]
    closed = [int(number) for number in re.findall(r"closed:\s+(\d+)", text)]
    ended = re.findall(r"Exit status: (.*)", text)
    return {"connected at most": max(most, default=0), "ended by the stack": max(closed, default=0), "open at the end":
            most[-1] if most else 0, "unavailable": len(re.findall(r"service available:\s+NO", text)),
            "available": len(re.findall(r"service available:\s+YES", text)), "ended": ended[-1].strip() if ended else text[-200:]}


def main():
    report = Attack("slow", "slowhttptest", "connections", CONNECTIONS=CONNECTIONS, SLOW_SECONDS=SECONDS)
    # The slow ones share an address: nginx' own limit on what one address may have open is a defence, and stays.
    with stack(report, is_wide=False, **UNLIMITED) as installation:
        quiet = Visitor(installation.port)
        quiet.start()
        # Long enough for a p99 that later ones are compared with.
        time.sleep(5)
        report.figures["quiet"] = quiet.figures()
        for name, (arguments, path) in KINDS.items():
            before = log_lines(installation, "nginx")
            visitor = Visitor(installation.port)
            visitor.start()
            said = slowhttptest(installation.port, arguments, path)
            noticed = visitor.figures()
            # A third of what the visitor asks, health, has no line there.
            said["requests nginx has logged"] = log_lines(installation, "nginx") - before - noticed["requests"] * 2 // 3
            report.figures[name] = {**said, **{f"others: {key}": value for key, value in noticed.items()}}
            report.tried += CONNECTIONS
            # What is answered at once is never seen as connected.
            report.expect(said["connected at most"] > 0 or said["requests nginx has logged"] > CONNECTIONS // 2, f"{name}: slowhttptest connects", said)
            report.expect(not visitor.trouble, f"{name}: others are answered", visitor.trouble[:3])
            report.expect(noticed["p99 ms"] < LONGEST_P99_MS, f"{name}: others wait no longer", noticed)
            report.expect(said["ended"] in ("Hit test time limit", "No open connections left"),
                          f"{name}: slowhttptest ends as it should", said)
            report.expect(said["unavailable"] == 0, f"{name}: its own probe is answered, too", said)
            # A body may come as slowly as a piece every 20 s: nginx bounds the pieces, and how many one address may send.
            if name == "slow head" and SECONDS >= 30:
                report.expect(said["ended"] == "No open connections left", f"{name}: all are ended by their deadline", said)
    return report.conclude(f"{len(KINDS)} kinds, {CONNECTIONS:,} connections each for {SECONDS} s.")


if __name__ == "__main__":
    run(main)
