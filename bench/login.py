#!/usr/bin/env python3
"""Logins a second beside the hash alone on the same processors, and what others notice while logins saturate them.

The hash alone is libsodium's argon2id, the same that the API calls, on one thread for each processor. A login does all it
ever does: the limiter and the ledger of failed logins count it, with limits too large to be met. Hash alone, logins, and
logins with somebody else asking for /api/v1/hello at a fixed rate take turns, which change places.
ROUNDS (5), DURATION (8 s), CONNECTIONS (16) and HELLO_RATE (50/s) come from the environment.
"""

import ctypes
import ctypes.util
import os
import pathlib
import subprocess
import sys
import threading
import time

import harness
from harness import Failure
from service import ADMINISTRATOR, LARGE_LIMITS, PASSWORD, Service

ROUNDS = int(os.environ.get("ROUNDS") or 5)
DURATION = int(os.environ.get("DURATION") or 8)
CONNECTIONS = int(os.environ.get("CONNECTIONS") or 16)
HELLO_RATE = int(os.environ.get("HELLO_RATE") or 50)
# The defaults of the API: memory in KiB and passes; and what it keeps of each hash.
MEMORY, PASSES, SALT, HASH = 19_456, 2, 16, 32
THROUGHPUT_BUDGET, LATENCY_BUDGET = 0.9, 20
USERS = 50
WRK_SCRIPT = """
-- One login after the other, of all users in turn: no row of theirs is fought for.
local number = 0
request = function()
    number = number + 1
    local name = "user-" .. (number % USERS)
    return wrk.format("POST", "/api/v1/auth/login", {["Content-Type"] = "application/json"},
        '{"username":"' .. name .. '","password":"PASSWORD"}')
end
"""


def hash_alone():
    """Hashes a second of libsodium on as many threads as there are processors. It does not hold Python's lock."""
    name = ctypes.util.find_library("sodium")
    if not name:
        raise Failure("libsodium is missing")
    library = ctypes.CDLL(name)
    if library.sodium_init() < 0:
        raise Failure("libsodium does not start")
    argon2id, algorithm = library.crypto_pwhash_argon2id, library.crypto_pwhash_argon2id_alg_argon2id13()
    argon2id.argtypes = [ctypes.c_void_p, ctypes.c_ulonglong, ctypes.c_char_p, ctypes.c_ulonglong, ctypes.c_char_p,
                         ctypes.c_ulonglong, ctypes.c_size_t, ctypes.c_int]
    password, salt = PASSWORD.encode(), os.urandom(SALT)
    finished = []

    def work(end):
        output = ctypes.create_string_buffer(HASH)
        count = 0
        started = now = time.perf_counter()
        while now < end:
            if argon2id(output, HASH, password, len(password), salt, PASSES, MEMORY * 1_024, algorithm) != 0:
                return
            count += 1
            now = time.perf_counter()
        # Each thread by its own clock: the last hash of one may end after that of the other.
        finished.append(count / (now - started))

    processors = len(os.sched_getaffinity(0))
    end = time.perf_counter() + DURATION
    threads = [threading.Thread(target=work, args=(end,)) for _ in range(processors)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(finished) != processors:
        raise Failure("libsodium refused to hash")
    return {"per_second": sum(finished)}


def logins(service, script, seconds=None):
    seconds = seconds or DURATION
    port = service.instances[0].port
    figure = harness.run_wrk("gatehouse-api", [
        "wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--duration", f"{seconds}s", "--timeout", "10s",
        "--latency", "--script", str(script), f"http://127.0.0.1:{port}"], seconds)
    return {"per_second": figure["requests_per_second"], "p50_ms": figure["p50_ms"], "p99_ms": figure["p99_ms"]}


def hello_meanwhile(service, script, token):
    """Milliseconds of requests for hello at a fixed rate while logins go on, each from when it was due."""
    port = service.instances[0].port
    text = f"GET /api/v1/hello HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
    found = {}

    def load():
        try:
            found["logins"] = logins(service, script)
        except (Failure, subprocess.SubprocessError) as failure:
            found["failure"] = failure

    thread = threading.Thread(target=load)
    thread.start()
    times = []
    with harness.Connection(port) as connection:
        connection.get(text)
        # The logins have begun by then, and not ended.
        start = time.perf_counter() + 0.5
        count = int((DURATION - 1) * HELLO_RATE)
        for number in range(count):
            due = start + number / HELLO_RATE
            time.sleep(max(0, due - time.perf_counter()))
            status, _, _ = connection.get(text)
            times.append((time.perf_counter() - due) * 1_000)
            if status != 200:
                raise Failure(f"/api/v1/hello answers {status} while logins go on")
    thread.join()
    if "failure" in found:
        raise Failure(str(found["failure"]))
    return {"per_second": found["logins"]["per_second"], "hello_ms": times}


def main():
    with Service(1, durable=True, **LARGE_LIMITS) as service, service.client() as client:
        admin = client.login()["access_token"]
        for number in range(USERS):
            client.make_user(admin, f"user-{number}")
        script = pathlib.Path(service.redis.folder) / "login.lua"
        script.write_text(WRK_SCRIPT.replace("USERS", str(USERS)).replace("PASSWORD", PASSWORD))
        logins(service, script, 2)
        subjects = {
            "hash alone": hash_alone,
            "logins": lambda: logins(service, script),
            "logins with hello": lambda: hello_meanwhile(service, script, client.login(ADMINISTRATOR)["access_token"]),
        }
        runs = {name: [] for name in subjects}
        names = list(subjects)
        for number in range(ROUNDS):
            first = number % len(names)
            for name in names[first:] + names[:first]:
                runs[name].append(subjects[name]())
                print(f"round {number + 1}: {name} {runs[name][-1]['per_second']:.1f}/s", file=sys.stderr, flush=True)
        memory = service.instances[0].server.resident_kib()

    rates = {name: harness.spread([run["per_second"] for run in found]) for name, found in runs.items()}
    ratios = [own["per_second"] / alone["per_second"] for own, alone in zip(runs["logins"], runs["hash alone"])]
    ratio = harness.spread(ratios)["median"]
    times = [taken for run in runs["logins with hello"] for taken in run["hello_ms"]]
    hello = {"p50_ms": harness.percentile(times, 0.5), "p99_ms": harness.percentile(times, 0.99), "max_ms": max(times),
             "requests": len(times)}
    good = {"throughput": ratio >= THROUGHPUT_BUDGET, "hello": hello["p99_ms"] < LATENCY_BUDGET}
    where = harness.machine()
    lines = [
        "# Logins, and others meanwhile", "", harness.machine_lines(where), "",
        f"argon2id with {MEMORY:,} KiB, {PASSES} passes. {ROUNDS} interleaved rounds of {DURATION} s; "
        f"wrk with {CONNECTIONS} connections, Postgres and Redis on the same processors.", "",
        "| | per second, median | min | max |", "|---|---:|---:|---:|"]
    labels = {"hash alone": f"libsodium alone, {where['cores']} threads", "logins": "logins",
              "logins with hello": f"logins, with {HELLO_RATE} hello a second beside them"}
    for name, label in labels.items():
        rate = rates[name]
        lines.append(f"| {label} | {rate['median']:.1f} | {rate['min']:.1f} | {rate['max']:.1f} |")
    lines += [
        "", "| figure | value | budget | |", "|---|---:|---:|---|",
        f"| logins against the hash alone, median of the rounds | {ratio:.2f} | {THROUGHPUT_BUDGET} | "
        f"{harness.verdict(good['throughput'])} |",
        f"| p99 of /api/v1/hello while logins saturate the machine | {hello['p99_ms']:.1f} ms | {LATENCY_BUDGET} ms | "
        f"{harness.verdict(good['hello'])} |",
        "", f"Hello meanwhile: p50 {hello['p50_ms']:.2f} ms, max {hello['max_ms']:.1f} ms, {hello['requests']:,} requests, "
        f"each counted from when it was due. Resident memory of gatehouse-api afterwards: {memory / 1024:.1f} MiB."]
    for run in runs["logins with hello"]:
        del run["hello_ms"]
    harness.write_results("login", {
        "machine": where, "rounds": ROUNDS, "seconds": DURATION, "connections": CONNECTIONS, "runs": runs, "rates": rates,
        "ratio": ratio, "ratios": ratios, "hello": hello,
        "budgets": {"throughput": THROUGHPUT_BUDGET, "hello_p99_ms": LATENCY_BUDGET}, "met": all(good.values()),
    }, "\n".join(lines))
    return 0 if all(good.values()) else 1


harness.run(main)
