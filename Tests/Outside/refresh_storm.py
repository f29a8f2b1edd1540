#!/usr/bin/env python3
"""One refresh token, presented 64 times at once to two instances, which are killed in the middle of some rounds.

Never two live successors, and never is a winner logged out. Under the policy `replay` everybody gets the same successor.
ROUNDS (1000), for each policy, and KILL_EVERY (5) come from the environment; SEED repeats a run's moments of killing.
"""

import json
import os
import random
import selectors
import socket
import time

from outside import CHEAP_HASHES, NO_LIMITS, PREFIX, Connection, Report, Service, run

ROUNDS = int(os.environ.get("ROUNDS") or 1_000)
KILL_EVERY = int(os.environ.get("KILL_EVERY") or 5)
PARALLEL = 64
SEED = int(os.environ.get("SEED") or random.SystemRandom().randrange(1 << 32))


class Storm:
    """Connections to both instances, kept from one round to the next."""

    def __init__(self, service):
        self.service = service
        self.connections = {}

    def connect(self):
        for number in range(PARALLEL):
            if number not in self.connections:
                self.connections[number] = Connection(self.instance(number).port)

    def close(self):
        for connection in self.connections.values():
            connection.socket.close()
        self.connections.clear()

    def blow(self, refresh_token, victims=(), delay=0.0):
        """(status, body) of those that got an answer, after `victims` were killed in the middle of it."""
        self.connect()
        body = json.dumps({"refresh_token": refresh_token}).encode()
        request = (f"POST {PREFIX}/auth/refresh HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                   f"Content-Length: {len(body)}\r\n\r\n").encode() + body
        # The order is another each time, or the same instance would always be first.
        order = random.sample(sorted(self.connections), PARALLEL)
        # All but the last byte first: then what starts the storm is 64 single bytes, and it starts at once.
        for number in order:
            self.connections[number].socket.sendall(request[:-1])
        for number in order:
            self.connections[number].socket.sendall(request[-1:])
        if victims:
            # Busy, as a sleep would be far longer than the moments it has to choose among.
            end = time.perf_counter() + delay
            while time.perf_counter() < end:
                pass
            for victim in victims:
                victim.server.process.kill()
            for victim in victims:
                victim.server.process.wait()
        answers = self.collect()
        for number, connection in list(self.connections.items()):
            if self.instance(number) in victims:
                connection.socket.close()
                del self.connections[number]
        return answers

    def instance(self, number):
        return self.service.instances[number % len(self.service.instances)]

    def collect(self):
        answers = []
        with selectors.DefaultSelector() as selector:
            for number, connection in self.connections.items():
                selector.register(connection.socket, selectors.EVENT_READ, number)
            deadline = time.monotonic() + 20
            while selector.get_map() and time.monotonic() < deadline:
                for key, _ in selector.select(1):
                    selector.unregister(key.fileobj)
                    connection = self.connections[key.data]
                    try:
                        status, _, content = connection.read_answer()
                        answers.append((status, json.loads(content)))
                    except (ConnectionError, socket.timeout):
                        connection.socket.close()
                        del self.connections[key.data]
        return answers


def works(clients, access_token):
    """Whether a token is taken by every instance."""
    return all(client.ask("GET", "hello", token=access_token).status == 200 for client in clients)


def storms(report, service, policy):
    """All rounds of one policy; answers how many had a kill, after some answers, and without an answer for the winner."""
    storm = Storm(service)
    clients = [service.client(number) for number in range(len(service.instances))]
    admin = clients[0].login()["access_token"]
    name = clients[0].make_user(admin)["username"]
    tokens = clients[0].login(name)
    kills, cut, unanswered, usual = 0, 0, 0, 0.02
    for number in range(ROUNDS):
        victims = []
        if number % KILL_EVERY == KILL_EVERY - 1:
            victims = random.sample(service.instances, random.choice((1, 1, 2)))
            kills += 1
        started = time.perf_counter()
        # Any moment of those that a round without a kill takes.
        answers = storm.blow(tokens["refresh_token"], victims, random.uniform(0, usual))
        if not victims:
            usual = 0.8 * usual + 0.2 * (time.perf_counter() - started)
        for victim in victims:
            victim.restart()
            clients[service.instances.index(victim)].connection.close()
        cut += 0 < len(answers) < PARALLEL
        where = f"{policy}, round {number}{' with a kill' if victims else ''}"
        if not judge(report, where, policy, answers, bool(victims)):
            tokens = clients[0].login(name)
            continue
        won = [body for status, body in answers if status == 200]
        if won:
            tokens = random.choice(won)
            report.expect(works(clients, tokens["access_token"]), f"{where}: the winner is signed in")
            continue
        # Whoever won has died with the answer. The session lives, whether or not the token was exchanged.
        unanswered += 1
        report.expect(works(clients, tokens["access_token"]), f"{where}: nobody was logged out")
        again = clients[0].ask("POST", "auth/refresh", {"refresh_token": tokens["refresh_token"]})
        if policy == "replay":
            report.expect(again.status == 200, f"{where}: a lost answer is given again", again)
        else:
            report.expect(again.status in (200, 401), f"{where}: refused, or exchanged now", again)
        tokens = again.json() if again.status == 200 else clients[0].login(name)
    # The last winner's token is exchanged once more, and no session but those that were begun here was ended.
    answer = clients[1].ask("POST", "auth/refresh", {"refresh_token": tokens["refresh_token"]})
    report.expect(answer.status == 200, f"{policy}: the last winner goes on", answer)
    ended = service.postgres.ask("SELECT count(*) FROM sessions WHERE revoked_at IS NOT NULL")
    report.expect(ended == [["0"]], f"{policy}: no session was ended", ended)
    thefts = service.postgres.ask("SELECT count(*) FROM audit WHERE action = 'refresh.reused'")
    report.expect(thefts == [["0"]], f"{policy}: no theft was noted", thefts)
    storm.close()
    for client in clients:
        client.connection.close()
    return kills, cut, unanswered


def judge(report, where, policy, answers, had_kill):
    """Whether the answers of one round are as they should be."""
    statuses = [status for status, _ in answers]
    successors = {body["refresh_token"] for status, body in answers if status == 200}
    good = report.expect(len(successors) <= 1, f"{where}: never two successors", statuses)
    if policy == "reject":
        good &= report.expect(statuses.count(200) <= 1, f"{where}: never two winners", statuses)
        good &= report.expect(set(statuses) <= {200, 401}, f"{where}: won or refused", statuses)
    else:
        # Also of those that were killed beside others: who was answered at all has the successor.
        good &= report.expect(set(statuses) <= {200}, f"{where}: everybody gets the successor", statuses)
    if not had_kill:
        good &= report.expect(len(answers) == PARALLEL, f"{where}: everybody is answered", statuses)
        good &= report.expect(len(successors) == 1, f"{where}: somebody wins", statuses)
    return good


def main():
    report = Report("refresh_storm")
    random.seed(SEED)
    told = []
    for policy in ("reject", "replay"):
        variables = CHEAP_HASHES | NO_LIMITS | {"REFRESH_REUSE_POLICY": policy}
        with Service(2, **variables) as service:
            kills, cut, unanswered = storms(report, service, policy)
            told.append(f"{policy}: kill -9 in {kills} of {ROUNDS} rounds, {cut} times in the middle of the answers, "
                        f"{unanswered} times with the winner's lost")
    return report.conclude(f"{PARALLEL} refreshes at once; {'; '.join(told)} (SEED={SEED}).")


run(main)
