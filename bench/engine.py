#!/usr/bin/env python3
"""The engine beside nginx and Go: the same small answer over 64 keep-alive connections, in interleaved rounds.

All three run at once and only one is asked at a time, so that a noisy minute of the machine meets them alike.
ROUNDS (7), DURATION (5 s) and CONNECTIONS (64) come from the environment.
"""

import contextlib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import harness
from harness import Failure, Server

ROUNDS = int(os.environ.get("ROUNDS") or 7)
DURATION = int(os.environ.get("DURATION") or 5)
CONNECTIONS = int(os.environ.get("CONNECTIONS") or 64)
WARM_UP = 2
# The least that gatehouse-api must reach, as a share of each peer.
BUDGETS = {"nginx": 0.7, "Go net/http": 1.3}


def command(port, seconds):
    return ["wrk", "--threads", "2", "--connections", str(CONNECTIONS), "--duration", f"{seconds}s", "--latency",
            f"http://127.0.0.1:{port}/health"]


def measure(server, seconds):
    return harness.run_wrk(server.name, command(server.port, seconds), seconds)


def nginx(body, folder):
    port = harness.free_port()
    text = (pathlib.Path(__file__).parent / "nginx.conf").read_text()
    # As root it would give up its rights, to a user that may not exist.
    user = "user root;" if os.geteuid() == 0 else ""
    for name, value in (("USER", user), ("PORT", str(port)), ("BODY", body)):
        text = re.sub(rf"^([^#\n]*)\b{name}\b", lambda match, value=value: match[1] + value, text, flags=re.MULTILINE)
    (folder / "nginx.conf").write_text(text)
    return Server("nginx", ["nginx", "-p", f"{folder}/", "-c", "nginx.conf", "-e", "stderr"], port)


def go(body, folder):
    port = harness.free_port()
    program = folder / "go-health"
    subprocess.run(
        ["go", "build", "-o", str(program), str(pathlib.Path(__file__).parent / "peers" / "go-health" / "main.go")],
        env=os.environ | {"GO111MODULE": "off", "GOCACHE": str(harness.ROOT / ".build" / "go-cache")},
        check=True, timeout=180)
    return Server("Go net/http", [str(program)], port, {"LISTEN": f"127.0.0.1:{port}", "BODY": body})


def answer_of(server):
    with harness.Connection(server.port) as connection:
        status, head, body = connection.get()
    if status != 200:
        raise Failure(f"{server.name} answers {status}")
    return body.decode(), len(head) + 4 + len(body)


def main():
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gatehouse-engine-")))
        gatehouse = stack.enter_context(harness.gatehouse_api())
        body, size = answer_of(gatehouse)
        if re.search(r"['\\$]", body):
            raise Failure("the body of /health can not be written into an nginx configuration as it is")
        servers = [gatehouse, stack.enter_context(nginx(body, folder)), stack.enter_context(go(body, folder))]
        sizes = {gatehouse.name: size}
        for server in servers[1:]:
            peer_body, sizes[server.name] = answer_of(server)
            if peer_body != body:
                raise Failure(f"{server.name} answers another body than gatehouse-api")
        for server in servers:
            measure(server, WARM_UP)
        runs = {server.name: [] for server in servers}
        for number in range(ROUNDS):
            # Each round begins with another one: nobody always follows the same neighbour.
            for server in servers[number % len(servers):] + servers[:number % len(servers)]:
                figure = measure(server, DURATION)
                runs[server.name].append(figure)
                print(f"round {number + 1}: {server.name} {figure['requests_per_second']:,.0f} requests/s",
                      file=sys.stderr, flush=True)
        memory = gatehouse.resident_kib()

    rates = {name: harness.spread([run["requests_per_second"] for run in found]) for name, found in runs.items()}
    latency = {name: {key: harness.spread([run[key] for run in found])["median"] for key in ("p50_ms", "p99_ms")}
               for name, found in runs.items()}
    own = rates["gatehouse-api"]["median"]
    ratios = {peer: own / rates[peer]["median"] for peer in BUDGETS}
    good = {peer: ratios[peer] >= BUDGETS[peer] for peer in BUDGETS}

    where = harness.machine()
    versions = {"nginx": harness.first_line("nginx", "-v"), "go": harness.first_line("go", "version"),
                "wrk": harness.first_line("wrk", "-v").split(" Copyright")[0]}
    lines = [
        "# The engine beside nginx and Go", "",
        harness.machine_lines(where), "",
        f"{versions['nginx']} · {versions['go']} · {versions['wrk']}", "",
        f"`{' '.join(command('PORT', DURATION))}`, {ROUNDS} interleaved rounds, each server warmed {WARM_UP} s.", "",
        "| server | requests/s, median | min | max | p50 ms | p99 ms | bytes of an answer |",
        "|---|---:|---:|---:|---:|---:|---:|"]
    for name, rate in rates.items():
        lines.append(f"| {name} | {rate['median']:,.0f} | {rate['min']:,.0f} | {rate['max']:,.0f} | "
                     f"{latency[name]['p50_ms']:.2f} | {latency[name]['p99_ms']:.2f} | {sizes[name]} |")
    lines += ["", "| gatehouse-api against | ratio of medians | budget | |", "|---|---:|---:|---|"]
    for peer, ratio in ratios.items():
        lines.append(f"| {peer} | {ratio:.2f} | {BUDGETS[peer]} | {harness.verdict(good[peer])} |")
    lines += ["", f"Resident memory of gatehouse-api after the load: {memory / 1024:.1f} MiB."]
    harness.write_results("engine", {
        "machine": where, "versions": versions, "command": " ".join(command("PORT", DURATION)), "rounds": ROUNDS,
        "runs": runs, "requests_per_second": rates, "latency_ms": latency, "answer_bytes": sizes,
        "ratios": ratios, "budgets": BUDGETS, "met": all(good.values()),
        "resident_kib_after_load": memory,
    }, "\n".join(lines))
    return 0 if all(good.values()) else 1


harness.run(main)
