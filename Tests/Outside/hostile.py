#!/usr/bin/env python3
"""Anything hostile in any field of any operation gets the right 4xx in the envelope, and changes nothing.

The operations and their fields come from the OpenAPI document of the running service. After every request that is refused
the tables are as they were before; the audit alone may tell of failed sign-ins.
"""

import gzip
import json
import re
import time
import urllib.parse

from outside import ADMINISTRATOR, CHEAP_HASHES, NO_LIMITS, PASSWORD, Report, Service, run

# What injection would use. Where any text is fine (a search, a password) it is looked for, or compared, and no more.
ATTACKS = [
    "' OR '1'='1", "admin'--", "'; DROP TABLE users; --", "1; SELECT pg_sleep(5)", "\" OR \"\"=\"", "') UNION SELECT 1,2,3 --",
    "{{7*7}}", "${7*7}", "<%= 7*7 %>", "{{#users}}{{password_hash}}{{/users}}", "%s%n%x", "$(id)", "`id`", "| id",
    "<script>alert(1)</script>", "../../../../etc/passwd", "%00", "\\u0000", "a\r\nSet-Cookie: x=1",
]
# No text that any field may have.
UNTEXTS = {
    "NUL": "a\u0000b", "a control character": "a\u001bb", "10 MB": "a" * 10_000_000,
    "half of the longest content": "a" * 500_000, "many accents on one letter": "a" + "\u0301" * 100_000,
}
WRONG_TYPES = {
    "a number": 7, "a huge number": 10 ** 400, "a list": ["a"], "a deep list": None, "an object": {"$ne": ""}, "true": True,
    "a fraction": -0.5,
}
NOT_BOOLEAN = {"a text": "true", "1": 1, "0": 0, "a list": [True], "an object": {}, "a huge number": 10 ** 400}
DEEP = 100_000
# What may grow though all is refused: the trail of what was tried.
TABLES = ("users", "user_counts", "sessions", "revocations", "signing_keys", "schema_migrations")


def resolve(document, schema):
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def types_of(document, schema):
    """Empty where anything may stand: what an answer told and may be sent back, and is not looked at."""
    found = resolve(document, schema).get("type", [])
    return set(found) if isinstance(found, list) else {found}


class Target:
    """One operation, with a request that would be right."""

    def __init__(self, document, path, method, operation, user, token):
        self.path, self.method, self.id = path, method.upper(), operation["operationId"]
        self.user = user
        # Where the content says who asks, a token as well would be an answer to another question.
        self.token = None if self.id in ("login", "refresh", "logout") else token
        self.parameters = [found for found in operation.get("parameters", []) if found["in"] == "query"]
        self.takes_path = "{id}" in path
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        self.fields, self.example = {}, None
        if content:
            schema = resolve(document, content["schema"])
            self.fields = {name: types_of(document, value) for name, value in schema["properties"].items()}
            self.example = dict(self.right(name) for name in schema.get("required", self.fields))
            if self.id == "login":
                self.example["username"] = ADMINISTRATOR

    def right(self, name):
        """A value that nothing is wrong with."""
        values = {"username": "eve.new", "email": "eve.new@example.com", "refresh_token": "a", "is_admin": False,
                  "is_active": True, "email_verified": False}
        return name, values.get(name, "quince-Basalt-12-heron" if "password" in name else None)

    def address(self, identifier=None):
        return self.path.replace("{id}", identifier if identifier is not None else self.user)


def targets(document, user, token):
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield Target(document, path, method, operation, user, token)


class Attacker:
    """Asks, and looks at what is there before and after."""

    def __init__(self, report, service, client, token):
        self.report, self.service, self.client, self.token = report, service, client, token
        self.before = self.state()
        self.count = 0

    def state(self):
        """The content of all tables that are not for the record of attempts."""
        parts = " || ".join(f"(SELECT coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '') FROM {name} t)"
                            for name in TABLES)
        audit = "(SELECT count(*) FROM audit WHERE is_success)"
        return self.service.postgres.ask(f"SELECT {parts}, {audit}")

    def attack(self, what, method, path, body=None, expected=(400, 422), **options):
        self.count += 1
        options.setdefault("token", self.token)
        started = time.monotonic()
        try:
            answer = self.client.ask(method, path, body, **options)
        except (ConnectionError, OSError) as failure:
            self.report.expect(False, f"{method} {path[:80]}, {what}: no answer", failure)
            return None
        taken = time.monotonic() - started
        where = f"{method} {path[:80]}, {what}"
        self.report.expect(answer.status in expected, f"{where}: expected one of {sorted(expected)}", answer)
        self.report.expect(taken < 3, f"{where}: answered soon", taken)
        if answer.status >= 400:
            self.check_envelope(where, answer)
        return answer

    def check_envelope(self, where, answer):
        try:
            error = answer.json()["error"]
            good = {"code", "message", "details", "request_id"} == set(error) and error["code"] == error["code"].upper()
            good &= error["request_id"] == answer.fields.get("x-request-id")
        except (ValueError, KeyError, TypeError):
            good = False
        self.report.expect(good, f"{where}: the envelope", answer)
        # No answer repeats what was sent, or tells of what is behind it.
        text = answer.content.lower()
        told = [word for word in (b"pg_sleep", b"<script", b"syntax error", b"select ", b"swift", b"drop table") if word in text]
        self.report.expect(told == [], f"{where}: tells nothing", answer)

    def check_state(self, where):
        after = self.state()
        self.report.expect(after == self.before, f"{where}: nothing changed", [self.before, after])
        self.before = after


def attack_bodies(attacker, target):
    """What is no JSON, or not the JSON that is asked for."""
    def post(what, body, expected=(400,), **options):
        attacker.attack(what, target.method, target.address(), body, expected, token=target.token, **options)

    right = json.dumps(target.example).encode()
    name = next(iter(target.fields))
    key = json.dumps(name).encode()
    post("invalid UTF-8 in a text", b"{" + key + b':"\xff\xfe"}')
    post("an overlong encoding", b"{" + key + b':"\xc0\xaf"}')
    post("a surrogate in UTF-8", b"{" + key + b':"\xed\xa0\x80"}')
    post("half of an escaped pair", b"{" + key + b':"\\ud800"}')
    post("a raw NUL", b"{" + key + b':"a\x00b"}')
    post("a raw line end", b"{" + key + b':"a\nb"}')
    post("NUL behind it", right + b"\x00")
    post("a byte order mark", b"\xef\xbb\xbf" + right)
    post("UTF-16", json.dumps(target.example).encode("utf-16"))
    post("half of it", right[:-1])
    post("twice", right + right)
    post("a comma too many", right[:-1] + b",}")
    post("single quotes", right.replace(b'"', b"'"))
    post("NaN", b"{" + key + b":NaN}")
    post("a number that begins with 0", b"{" + key + b":007}")
    for opening, closing in ((b"[", b"]"), (b'{"a":', b"}")):
        post("a deep value", b"{" + key + b":" + opening * DEEP + b"1" + closing * DEEP + b"}", (400, 413))
        post("a deep value without an end", b"{" + key + b":" + opening * DEEP, (400, 413))
    post("a name twice", b"{" + key + b":null," + key + b":null}", (400, 422))
    post("a name twice, escaped once", b"{" + key + b':null,"\\u%04x' % ord(name[0]) + name[1:].encode() + b'":null}',
         (400, 422))
    for root in (b"[]", b'"a"', b"7", b"true", b"null", b"[" + right + b"]"):
        post(f"{root[:9].decode()} for an object", root, (400, 422))
    post("a field nobody knows", json.dumps(target.example | {"is_root": True}).encode(), (422,))
    post("a prototype", json.dumps(target.example | {"__proto__": {"is_admin": True}}).encode(), (422,))
    post("10 MB of spaces", b" " * 10_000_000 + right, (413,))
    post("100,000 names", json.dumps({f"n{number}": 1 for number in range(50_000)}).encode(), (400, 413, 422))
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/xml", "multipart/form-data; boundary=x"):
        post(f"as {kind}", right, (400, 415), fields={"Content-Type": kind})
    post("compressed", gzip.compress(right), (400, 415), fields={"Content-Encoding": "gzip"})


def attack_fields(attacker, target):
    """One field is hostile and the others are right, unless any text is fine there: then another one is wrong, too."""
    refused = {400, 413, 422}
    # Of a token that is none, and of a name that nobody has: who asks is not let in.
    if target.id in ("login", "refresh", "logout"):
        refused |= {401}
    for name, types in target.fields.items():
        if not types:
            continue
        bad = NOT_BOOLEAN if "boolean" in types else WRONG_TYPES
        for what, value in bad.items():
            body = json.dumps(target.example | {name: value})
            if what == "a deep list":
                body = json.dumps(target.example | {name: "DEEP"}).replace('"DEEP"', "[" * 5_000 + "]" * 5_000)
            attacker.attack(f"{name} is {what}", target.method, target.address(), body.encode(), (400, 413, 422),
                            token=target.token)
        if "string" not in types:
            continue
        for what, value in UNTEXTS.items():
            attacker.attack(f"{name} is {what}", target.method, target.address(), target.example | {name: value}, refused,
                            token=target.token)
        for value in ATTACKS:
            body = target.example | {name: value}
            if "password" in name and target.id not in ("login", "changePassword"):
                body["username"] = "no name"
            if name == "new_password":
                body["current_password"] = "not this one"
            attacker.attack(f"{name} is {value!r}", target.method, target.address(), body, refused, token=target.token)


def attack_addresses(attacker, target):
    method = target.method
    # Of operations that send nothing it is only the path, and the query, that can be hostile.
    body = target.example
    if target.takes_path:
        for value in [*ATTACKS, "0", "-1", "1" * 5_000, "null", "../users", "01a1fe88-c0d1-7c54-bccb-a39c696e6c5g",
                      "{01a1fe88-c0d1-7c54-bccb-a39c696e6c53}", "\u0000", "\U0001f600"]:
            address = target.address(urllib.parse.quote(value, safe=""))
            attacker.attack(f"the identifier {value[:40]!r}", method, address, body, (400, 404, 422))
        attacker.attack("an identifier that is no UTF-8", method, target.address("%ff%fe"), body, (400, 404, 422))
    for parameter in target.parameters:
        name = parameter["name"]
        schema = parameter["schema"]
        is_text = schema.get("type") == "string" and not {"enum", "format"} & set(schema)
        for value in [*ATTACKS, "-1", "99999999999999999999", "1e3", "a" * 5_000, "\u0000", "\U0001f600"]:
            query = urllib.parse.urlencode({name: value})
            is_fine = is_text and len(value) < 300 and re.search(schema.get("pattern", ""), value)
            expected = {400, 422} | ({200, 204} if is_fine else set())
            attacker.attack(f"{name}={value[:40]!r}", method, f"{target.address()}?{query}", body, expected)
        right = {"page": "1", "page_size": "1"}.get(name, "true")
        attacker.attack(f"{name} twice", method, f"{target.address()}?{name}={right}&{name}={right}", body, (400, 422))
        attacker.attack(f"{name} no UTF-8", method, f"{target.address()}?{name}=%ff%fe", body, (400, 422))
    if target.parameters:
        attacker.attack("a parameter nobody knows", method, f"{target.address()}?admin=1", body, (400, 422))


def attack_heads(attacker):
    """What stands in a field of the head, where it is kept or compared."""
    for value in ATTACKS[:16]:
        for name in ("User-Agent", "X-Request-ID", "X-Forwarded-For", "X-Device-Token", "Origin", "Accept", "If-None-Match"):
            attacker.attack(f"{name}: {value!r}", "POST", "auth/login",
                            {"username": "nobody.here", "password": "not this one"}, (401, 400, 403), fields={name: value},
                            token=None)
        attacker.attack(f"Bearer {value!r}", "GET", "hello", expected=(400, 401), token=value)


def is_password(text):
    """Long enough, without control characters, and nothing that is tried first."""
    return len(text) >= 8 and text.isprintable() and not text.startswith("admin")


def taken_as_they_are(report, client, token):
    """Where any text is fine it is text: a password of SQL is a password, and a search for it finds nobody."""
    for number, text in enumerate(attack for attack in ATTACKS if is_password(attack)):
        user = client.ask("POST", "users", {"username": f"odd-{number}", "email": f"odd-{number}@example.com",
                                            "password": text}, token)
        if not report.expect(user.status == 201, f"the password {text!r} is one", user):
            continue
        for typed, status in ((text, 200), (text + "'", 401)):
            answer = client.ask("POST", "auth/login", {"username": f"odd-{number}", "password": typed})
            report.expect(answer.status == status, f"the password {typed!r}", answer)
        found = client.expect(200, "GET", f"users?{urllib.parse.urlencode({'search': text})}", token=token).json()
        report.expect(found["total"] == 0, f"a search for {text!r} finds nobody", found)
    answer = client.ask("GET", "hello", token=token)
    report.expect(answer.status == 200, "whoever asked is still signed in", answer)


def main():
    report = Report("hostile")
    with Service(1, **CHEAP_HASHES, **NO_LIMITS) as service, service.client() as client:
        token = client.login()["access_token"]
        user = client.make_user(token, "victim")["id"]
        document = client.expect(200, "GET", "openapi.json").json()
        attacker = Attacker(report, service, client, token)
        attacked = 0
        for target in targets(document, user, token):
            if target.fields:
                attack_bodies(attacker, target)
                attacker.check_state(f"{target.id}, bodies")
                attack_fields(attacker, target)
                attacker.check_state(f"{target.id}, fields")
            attack_addresses(attacker, target)
            attacker.check_state(f"{target.id}, addresses")
            attacked += 1
        attack_heads(attacker)
        attacker.check_state("fields of the head")
        taken_as_they_are(report, client, token)
        service.instances[0].restart()
        answer = service.client().ask("POST", "auth/login", {"username": ADMINISTRATOR, "password": PASSWORD})
        report.expect(answer.status == 200, "it starts again, and takes the administrator", answer)
    return report.conclude(f"{attacked} operations, {attacker.count:,} hostile requests.")


if __name__ == "__main__":
    run(main)
