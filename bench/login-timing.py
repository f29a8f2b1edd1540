#!/usr/bin/env python3
"""Whether the time a refused login takes tells that the user exists: it must not.

Wrong passwords for users there are and for names there are not, one after the other in random order, on an otherwise idle
service with the passwords' real cost, where every failure is counted against account and address, as it always is.
SAMPLES (2000) of each, and SEED, come from the environment.
"""

import os
import random
import secrets
import statistics
import sys
import time

import harness
from harness import Failure
from service import LARGE_LIMITS, Service

SAMPLES = int(os.environ.get("SAMPLES") or 2_000)
SEED = int(os.environ.get("SEED") or random.SystemRandom().randrange(1 << 32))
USERS = 20
# Of the larger of both medians.
BUDGET = 0.02
# The last one counts the address down, whoever is asked for.
VARYING = ("x-request-id", "date", "ratelimit")
KINDS = ("known", "unknown", "known by e-mail", "unknown by e-mail")


def sample(client, name):
    """Milliseconds of one refused login."""
    body = {"username_or_email": name, "password": f"wrong-{secrets.token_hex(8)}"}
    started = time.perf_counter()
    answer = client.ask("POST", "auth/login", body)
    taken = (time.perf_counter() - started) * 1_000
    if answer.status != 401 or answer.code() != "AUTHENTICATION_ERROR":
        raise Failure(f"a wrong password is answered {answer!r}")
    fields = {name: value for name, value in answer.fields.items() if name not in VARYING}
    return taken, (fields, answer.json()["error"] | {"request_id": ""})


def difference(first, second):
    medians = statistics.median(first), statistics.median(second)
    return (medians[0] - medians[1]) / max(medians)


def main():
    random.seed(SEED)
    with Service(1, **LARGE_LIMITS) as service, service.client() as client:
        admin = client.login()["access_token"]
        # Names of one length and one make, whoever has them.
        known = [client.make_user(admin, f"user-{secrets.token_hex(6)}")["username"] for _ in range(USERS)]
        unknown = [f"user-{secrets.token_hex(6)}" for _ in range(USERS)]
        names = {"known": known, "unknown": unknown}
        names |= {f"{kind} by e-mail": [f"{name}@example.com" for name in names[kind]] for kind in ("known", "unknown")}
        times, answers = {kind: [] for kind in KINDS}, []
        for _ in range(SAMPLES):
            # In pairs, as what disturbs one of them would then disturb the other.
            for kind in random.sample(KINDS[:2] if random.random() < 0.5 else KINDS[2:], 2):
                taken, answer = sample(client, random.choice(names[kind]))
                times[kind].append(taken)
                if answer not in answers:
                    answers.append(answer)
    both = {kind: times[kind] + times[f"{kind} by e-mail"] for kind in ("known", "unknown")}
    found = difference(both["known"], both["unknown"])
    # What chance alone makes of samples that are all of one kind: the figure above can not be told from less than that.
    halves = random.sample(both["known"], len(both["known"]))
    chance = difference(halves[::2], halves[1::2])
    good = {"time": abs(found) < BUDGET, "answer": len(answers) == 1}
    if not good["answer"]:
        print(*answers[:4], sep="\n", file=sys.stderr)
    where = harness.machine()
    lines = [
        "# The time of a refused login", "", harness.machine_lines(where), "",
        f"{SAMPLES:,} samples of users there are and as many of names there are not, half of each by e-mail address, in "
        "random order on one connection.", "",
        "| | samples | median ms | p10 | p90 |", "|---|---:|---:|---:|---:|"]
    for kind in KINDS:
        lines.append(f"| {kind} | {len(times[kind]):,} | {statistics.median(times[kind]):.3f} | "
                     f"{harness.percentile(times[kind], 0.1):.3f} | {harness.percentile(times[kind], 0.9):.3f} |")
    lines += [
        "", "| figure | value | budget | |", "|---|---:|---:|---|",
        f"| difference of the medians, known against unknown | {found:+.2%} | {BUDGET:.0%} | {harness.verdict(good['time'])} |",
        f"| the same of two random halves of the known | {chance:+.2%} | | |",
        f"| different answers, but for {', '.join(VARYING)} | {len(answers)} | 1 | {harness.verdict(good['answer'])} |"]
    harness.write_results("login-timing", {
        "machine": where, "samples": SAMPLES, "seed": SEED, "difference": found, "chance": chance, "answers": len(answers),
        "medians_ms": {kind: statistics.median(times[kind]) for kind in KINDS}, "budget": BUDGET,
        "met": all(good.values())}, "\n".join(lines))
    return 0 if all(good.values()) else 1


harness.run(main)
