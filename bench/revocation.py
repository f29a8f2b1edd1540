#!/usr/bin/env python3
"""How soon a token is refused by another instance once it was revoked: at the next request, without exception.

Two instances on one Postgres and one Redis. Each try signs in, has the other instance take the token, revokes it at the
first one, and asks the other one at once. TRIES (1000) for a logout and OTHERS (100) for each other way to end a token
come from the environment.
"""

import os
import secrets
import statistics
import sys
import time

import harness
from service import CHEAP_HASHES, LARGE_LIMITS, PASSWORD, Service

TRIES = int(os.environ.get("TRIES") or 1_000)
OTHERS = int(os.environ.get("OTHERS") or 100)
HELLO = "hello"


class Trial:
    """One user, whose tokens are revoked again and again; another one after they were deleted."""

    def __init__(self, first, second):
        self.first, self.second = first, second
        self.admin = first.login()["access_token"]
        self.renew()

    def renew(self):
        self.user = self.first.make_user(self.admin)
        self.password = PASSWORD

    def tokens(self):
        """Of a new session, which the second instance knows, too."""
        tokens = self.first.login(self.user["username"], self.password)
        self.second.expect(200, "GET", HELLO, token=tokens["access_token"])
        return tokens

    def administer(self, verb):
        self.first.expect(200, "POST", f"admin/users/{self.user['id']}/{verb}", token=self.admin)


# Each way prepares what it needs, and answers what then revokes.

def logout(trial, tokens):
    return lambda: trial.first.expect(204, "POST", "auth/logout", token=tokens["access_token"])


def logout_by_refresh_token(trial, tokens):
    return lambda: trial.first.expect(204, "POST", "auth/logout", {"refresh_token": tokens["refresh_token"]})


def logout_all(trial, tokens):
    return lambda: trial.first.expect(204, "POST", "auth/logout-all", token=tokens["access_token"])


def end_session(trial, tokens):
    """From another session of the same user."""
    own = trial.tokens()["access_token"]
    found = trial.first.expect(200, "GET", "auth/sessions", token=tokens["access_token"]).json()["items"]
    ended = next(session["id"] for session in found if session["is_current"])
    return lambda: trial.first.expect(204, "DELETE", f"auth/sessions/{ended}", token=own)


def change_password(trial, _):
    """From another session, which stays."""
    own = trial.tokens()["access_token"]
    body = {"current_password": trial.password, "new_password": f"quince-{secrets.token_hex(8)}"}

    def revoke():
        trial.first.expect(204, "POST", "auth/password-change", body, token=own)
        trial.password = body["new_password"]
    return revoke


def set_password(trial, _):
    password = f"quince-{secrets.token_hex(8)}"

    def revoke():
        trial.first.expect(200, "PATCH", f"users/{trial.user['id']}", {"password": password}, trial.admin)
        trial.password = password
    return revoke


def deactivate(trial, _):
    return lambda: trial.administer("deactivate")


def change_role(trial, _):
    return lambda: trial.administer("make-admin")


def end_sessions(trial, _):
    return lambda: trial.first.expect(204, "DELETE", f"admin/users/{trial.user['id']}/sessions", token=trial.admin)


def delete(trial, _):
    return lambda: trial.first.expect(204, "DELETE", f"users/{trial.user['id']}", token=trial.admin)


def delete_for_good(trial, _):
    """The row goes, and with it everything that a foreign key leads to."""
    return lambda: trial.first.expect(204, "DELETE", f"users/{trial.user['id']}?hard=true", token=trial.admin)


# What undoes it for the next try, where that is needed.
WAYS = {
    "logout": (logout, None),
    "logout by refresh token": (logout_by_refresh_token, None),
    "logout-all": (logout_all, None),
    "session ended from another one": (end_session, None),
    "password changed in another session": (change_password, None),
    "password set by an administrator": (set_password, None),
    "deactivated": (deactivate, lambda trial: trial.administer("activate")),
    "another role": (change_role, lambda trial: trial.administer("remove-admin")),
    "sessions ended by an administrator": (end_sessions, None),
    "deleted": (delete, Trial.renew),
    "deleted, and the row with it": (delete_for_good, Trial.renew),
}


def measure(trial, name, count):
    """Milliseconds from the answer of the first instance to the refusal of the second; how many were not refused."""
    way, undo = WAYS[name]
    times, exceptions = [], 0
    for _ in range(count):
        tokens = trial.tokens()
        revoke = way(trial, tokens)
        revoke()
        answered = time.perf_counter()
        answer = trial.second.ask("GET", HELLO, token=tokens["access_token"])
        times.append((time.perf_counter() - answered) * 1_000)
        if answer.status != 401:
            exceptions += 1
            print(f"{name}: {answer!r}", file=sys.stderr, flush=True)
        if undo:
            undo(trial)
    return times, exceptions


def main():
    found = {}
    with Service(2, **CHEAP_HASHES, **LARGE_LIMITS) as service, service.client() as first, service.client(1) as second:
        trial = Trial(first, second)
        for name in WAYS:
            count = TRIES if name == "logout" else OTHERS
            times, exceptions = measure(trial, name, count)
            found[name] = {
                "tries": count, "exceptions": exceptions, "p50_ms": statistics.median(times),
                "p99_ms": harness.percentile(times, 0.99), "max_ms": max(times)}
            print(f"{name}: {count} tries, {exceptions} exceptions", file=sys.stderr, flush=True)
    good = not any(figure["exceptions"] for figure in found.values())
    where = harness.machine()
    lines = [
        "# From a revocation to the refusal elsewhere", "", harness.machine_lines(where), "",
        "Two instances on one Postgres and one Redis. A token that the second one has just taken is revoked at the first; "
        "from its answer to the refusal by the second, which is asked at once:", "",
        "| revoked by | tries | taken after all | p50 ms | p99 ms | max ms |", "|---|---:|---:|---:|---:|---:|"]
    for name, figure in found.items():
        lines.append(f"| {name} | {figure['tries']:,} | {figure['exceptions']} | {figure['p50_ms']:.2f} | "
                     f"{figure['p99_ms']:.2f} | {figure['max_ms']:.2f} |")
    lines += ["", f"Refused at the next request, always: {harness.verdict(good)}."]
    harness.write_results("revocation", {"machine": where, "ways": found, "met": good}, "\n".join(lines))
    return 0 if good else 1


harness.run(main)
