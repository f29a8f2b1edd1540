#!/usr/bin/env python3
"""Credential stuffing, with the limits as they are delivered: from one address and from many, at one account and at many.

A guess counts as got through when the password was looked at: the answer is 401, or 200. From one address the client claims
another one in each request, in every field that is known for it: it must not count. Addresses that do are those of
127.0.0.0/8 that it really comes from. Some of the pairs that are tried are right, as in a list that was stolen elsewhere.

ADDRESSES (60) and ACCOUNTS (60) come from the environment.
"""

import concurrent.futures
import http.client
import itertools
import json
import math
import time
import urllib.parse

from attack import CHEAP_HASHES, PASSWORD, Attack, Client, Visitor, run, setting, stack
from support import Answer

ADDRESSES, ACCOUNTS = setting("ADDRESSES", 60), setting("ACCOUNTS", 60)
# As .env.example and docs/configuration.md have them: LOGIN_ATTEMPTS, RATE_LIMIT_LOGIN in a minute, and what an address has
# of failures, which is ten times as much as an account.
FREE, LOGINS_PER_MINUTE = 5, 20
CLAIMS = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP", "X-Cluster-Client-IP",
          "X-Originating-IP", "X-Remote-Addr", "Client-IP", "Via", "X-Forwarded")
BLOCKS = itertools.count(1)


def addresses(count):
    """Of a /16 of their own each time, so that nothing is left of those before."""
    block = next(BLOCKS)
    return [f"127.{block}.{number // 250}.{number % 250 + 1}" for number in range(count)]


def claimed(number):
    """Another address in each request, in every field there is for it."""
    address = f"198.51.{number // 250 % 250}.{number % 250}"
    return {name: f"for={address}" if name == "Forwarded" else address for name in CLAIMS}


class Guesser:
    """Sends guesses and counts what came of them."""

    def __init__(self, report, installation):
        self.report, self.port = report, installation.port
        self.counted = []

    def guess(self, source, username, password, fields=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20, source_address=(source, 0))
        try:
            connection.request("POST", "/api/v1/auth/login", json.dumps({"username": username, "password": password}),
                               {"Content-Type": "application/json", **(fields or {})})
            answer = Answer(connection.getresponse())
        finally:
            connection.close()
        self.report.tried += 1
        known = answer.status in (200, 401) or (answer.status in (429, 503) and answer["Retry-After"])
        self.report.expect(known, "200, 401, or 429 with Retry-After", [answer.status, answer.text[:200]])
        return answer.status

    def all(self, name, guesses, parallel=8):
        """Makes them all; answers how many got through, how many were right, and how soon the first 429 came."""
        started = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(parallel) as pool:
            statuses = list(pool.map(lambda guess: self.guess(*guess), guesses))
        taken = time.monotonic() - started
        figures = {"guesses": len(statuses), "seconds": round(taken, 1), "got through": sum(status in (200, 401) for status in statuses),
                   "right": statuses.count(200), "first 429 at guess": statuses.index(429) + 1 if 429 in statuses else None}
        self.report.figures[name] = figures
        return statuses, figures, taken


def bound_for_account(seconds):
    """Five, then one after 1 s, one after 2 s more, and so on."""
    return FREE + int(math.log2(seconds + 1)) + 1


def bound_for_address(seconds):
    """A sliding window of a minute."""
    return LOGINS_PER_MINUTE * (1 + int(seconds // 60))


def through_pages(report, installation, name, sources, username, count):
    """Guesses by the form of the sign-in: statuses of the pages. 200 or 401 or 422 show that it was wrong, 429 that it waits."""
    statuses = []
    for number in range(count):
        visitor = SourcedVisitor(installation.port, sources[number % len(sources)], claimed(number))
        answer = visitor.sign_in(username, f"wrong-guess-{number}")
        statuses.append(answer.status)
        report.tried += 1
    report.figures[name] = {"guesses": count, "answers": {str(status): statuses.count(status) for status in sorted(set(statuses))}}
    return statuses


class SourcedVisitor(Visitor):
    """A browser with an address of its own."""

    def __init__(self, port, source, fields):
        super().__init__(port, fields=fields)
        self.source = source

    def ask(self, path, method="GET", body=None, **fields):
        if self.cookies:
            fields["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20, source_address=(self.source, 0))
        try:
            connection.request(method, path, body, {**self.fields, **fields})
            answer = Answer(connection.getresponse())
        finally:
            connection.close()
        for line in answer.all("Set-Cookie"):
            name, value = line.split(";")[0].split("=", 1)
            self.cookies[name] = value
        return answer


def count_failures(client, token):
    """How many failed guesses the audit has: what was looked at, whoever says what to whom."""
    query = urllib.parse.urlencode({"action": "login.failed", "page_size": 1})
    return client.expect(200, "GET", f"admin/audit?{query}", token=token).json()["total"]


def attack(report, installation, client, token):
    guesser = Guesser(report, installation)
    names = itertools.count()

    def users(count):
        made = []
        for _ in range(count):
            name = f"person-{next(names)}"
            # nginx' net is for administrators, too: ten in a second.
            time.sleep(0.1)
            client.make_user(token, name)
            made.append(name)
        return made

    # One address, one account; the client says it is another one each time.
    [target] = users(1)
    [source] = addresses(1)
    _, figures, taken = guesser.all("one address, one account", [
        (source, target, f"wrong-guess-{number}", claimed(number)) for number in range(60)], 1)
    report.expect(figures["got through"] <= bound_for_account(taken), "one account is guessed at slowly", figures)
    report.expect(figures["first 429 at guess"] == FREE + 1, "and from the sixth guess on", figures)

    # 64 at once, from as many addresses: they share the same five.
    [target] = users(1)
    _, figures, taken = guesser.all("64 guesses at once at one account, each from its own address", [
        (address, target, f"wrong-guess-{number}") for number, address in enumerate(addresses(64))], 64)
    report.expect(figures["got through"] <= bound_for_account(taken), "guesses at once share the same five", figures)

    # Many addresses, one account.
    [target] = users(1)
    before = count_failures(client, token)
    guesses = [(address, target, f"wrong-guess-{number}-{round_}") for round_ in range(3)
               for number, address in enumerate(addresses(ADDRESSES))]
    _, figures, taken = guesser.all(f"{ADDRESSES} addresses, one account", guesses)
    report.expect(figures["got through"] <= bound_for_account(taken), "many addresses gain nothing at one account", figures)
    failures = count_failures(client, token) - before
    report.expect(failures == figures["got through"], "the audit knows of as many", [failures, figures])

    # The same account by its other name, and by the pages: it stays one account.
    statuses, _, _ = guesser.all("the same account by its e-mail address", [
        (address, f"{target}@example.com", "wrong-guess") for address in addresses(5)], 1)
    report.expect(statuses.count(401) <= 1, "an e-mail address is no second account", statuses)
    before = count_failures(client, token)
    statuses = through_pages(report, installation, "the same account by the pages", addresses(5), target, 5)
    report.expect(count_failures(client, token) <= before + 1, "pages are no second way", statuses)
    report.expect(set(statuses) <= {200, 401, 422, 429}, "pages answer as they should", statuses)

    # An account of its own by the pages alone, from one address and from many.
    [target] = users(1)
    started, before = time.monotonic(), count_failures(client, token)
    through_pages(report, installation, "one account by the pages, from 20 addresses", addresses(20), target, 40)
    failures = count_failures(client, token) - before
    report.figures["one account by the pages, from 20 addresses"]["got through"] = failures
    report.expect(1 <= failures <= bound_for_account(time.monotonic() - started), "by the pages it is five, too", failures)

    # One address, many accounts, one guess each, every tenth right.
    targets = users(ACCOUNTS)
    [source] = addresses(1)
    _, figures, taken = guesser.all(f"one address, {ACCOUNTS} accounts, one pair in ten right", [
        (source, name, PASSWORD if number % 10 == 9 else f"wrong-guess-{number}", claimed(number))
        for number, name in enumerate(targets)], 1)
    report.expect(figures["got through"] <= bound_for_address(taken), "one address tries 20 in a minute", figures)
    report.expect(figures["first 429 at guess"] == LOGINS_PER_MINUTE + 1, "and the next is refused", figures)
    report.expect(1 <= figures["right"] <= LOGINS_PER_MINUTE // 10 * (1 + int(taken // 60)), "of the right ones as many", figures)

    # Names that nobody has: refused in the same way, at the same guess.
    [source] = addresses(1)
    _, figures, _ = guesser.all("one address, names that nobody has", [
        (source, f"nobody-{number}", "wrong-guess") for number in range(30)], 1)
    report.expect(figures["first 429 at guess"] == LOGINS_PER_MINUTE + 1, "unknown names count alike", figures)
    _, figures, _ = guesser.all("many addresses, one name that nobody has", [
        (address, "nobody-at-all", f"wrong-guess-{address}") for address in addresses(12)], 1)
    report.expect(figures["first 429 at guess"] == FREE + 1, "an unknown name waits as an account does", figures)

    # Many addresses, many accounts: known to be open, five for each account and 20 for each address. How much is told.
    targets = users(ACCOUNTS)
    sources = addresses(ADDRESSES)
    guesses = [(sources[(number + round_) % len(sources)], name, f"wrong-guess-{round_}")
               for round_ in range(8) for number, name in enumerate(targets)]
    _, figures, taken = guesser.all(f"{ADDRESSES} addresses, {ACCOUNTS} accounts", guesses)
    report.expect(figures["got through"] <= min(ACCOUNTS * bound_for_account(taken), ADDRESSES * bound_for_address(taken)),
                  "five for each account, 20 for each address", figures)

    # The owner, who has signed in here before, is not held up by any of it. Nor is a stranger let in by it.
    [owner] = users(1)
    home = addresses(1)[0]
    report.expect(guesser.guess(home, owner, PASSWORD) == 200, "the owner signs in")
    guesser.all("an account whose owner signs in meanwhile", [
        (address, owner, f"wrong-guess-{address}") for address in addresses(30)])
    report.expect(guesser.guess(home, owner, PASSWORD) == 200, "the owner signs in all the same")
    report.expect(guesser.guess(addresses(1)[0], owner, PASSWORD) == 429, "a stranger with the right password waits")


def main():
    report = Attack("stuffing", "Credential stuffing", "guesses", ADDRESSES=ADDRESSES, ACCOUNTS=ACCOUNTS)
    # With hashes that cost little there are more guesses in the time: the limits are what is attacked.
    with stack(report, is_wide=False, **CHEAP_HASHES) as installation:
        with Client(installation.port) as client:
            token = client.login()["access_token"]
            attack(report, installation, client, token)
    got = sum(figures.get("got through", 0) for figures in report.figures.values())
    report.figures["in all"] = {"guesses": report.tried, "got through": got}
    return report.conclude(f"Of {report.tried:,} guesses {got:,} got through to a password.")


if __name__ == "__main__":
    run(main)
