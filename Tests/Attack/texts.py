#!/usr/bin/env python3
"""Texts that take long to compare, wherever a text can stand: heaps of combining marks in the wrong order, and others.

Who compares texts by their normal form sorts the marks behind a character, in a time that grows with their square. Tried is each
member, parameter and name of the OpenAPI document, each field that somebody reads, and each form of the pages, through nginx; and
the fields, of which nginx writes some anew, at both programs' own sockets as well; and a list of devices that call themselves so.
Heaps of marks have to be refused, no answer may take longer than LONGEST, and none may be a failure of the server.
"""

import html
import json
import re
import socket
import time
import urllib.parse

from attack import ADMINISTRATOR, PASSWORD, UNLIMITED, Attack, Client, Visitor, run, stack

# As long as is taken: one byte more would be too much before anybody looks at the text.
FORM_BYTES, MEMBER_BYTES, SOCKET_FIELD_BYTES, FIELD_BYTES, PARAMETER_BYTES = 60_000, 15_000, 30_000, 7_000, 1_200
LONGEST = 0.25
DEVICES = 60
IDENTIFIER = "0190163d-8694-739b-aea5-966c26f8ad91"
# What is repeated: the marks of the first stand in the wrong order altogether.
TEXTS = {
    "marks that have to be sorted": None, "marks in order": "\u0301", "joiners": "\u200d", "flags": "\U0001f1e6", "jamo": "\u1100",
    "variants": "\ufe0f", "conjuncts": "\u0915\u094d", "prefixes": "\u0600", "families": "\U0001f469\u200d",
    "as many marks as may be": "a" + "\u0301" * 15 + "\u0323" * 15,
}
HEAPS = ("marks that have to be sorted", "marks in order")
FIELDS = (
    "Authorization", "Origin", "Referer", "If-None-Match", "If-Match", "If-Range", "Range", "If-Modified-Since", "Accept",
    "Accept-Encoding", "Accept-Language", "Content-Type", "Cookie", "X-Request-ID", "Traceparent", "X-Forwarded-For",
    "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded", "Connection", "Transfer-Encoding", "Expect", "User-Agent",
    "Sec-Fetch-Site", "X-Device-Token", "X-Original-URI", "X-Real-IP", "Upgrade", "TE", "Access-Control-Request-Method",
    "Access-Control-Request-Headers")
# What makes somebody read on.
BEGINNINGS = {"Authorization": ("Bearer ", "Basic "), "If-None-Match": ('"', "*"), "If-Match": ('"',), "If-Range": ('"',),
              "Range": ("bytes=",), "Cookie": ("gatehouse-session=", "a=1; "), "Content-Type": ("application/json; a=",),
              "Connection": ("close, ",), "Transfer-Encoding": ("chunked, ", ", chunked"), "Origin": ("https://",)}
NAMES = re.compile(r'<(?:input|select|textarea)[^>]* name="([^"]+)"')


def text(kind, size):
    """As long as fits."""
    piece = TEXTS[kind]
    if piece is None:
        return "\u0301" * (size // 4) + "\u0323" * (size // 4)
    return piece * (size // len(piece.encode()))


class Asker:
    """Sends bytes as they are to a port or a socket, and notes how long the first line of the answer takes."""

    def __init__(self, report, host):
        self.report, self.host, self.slowest = report, host, 0

    def ask(self, what, place, method, path, fields=(), body=b"", refused=False):
        """`refused`: with 400, as a text that is none."""
        connection_field = [] if any(name == "Connection" for name, _ in fields) else ["Connection: close"]
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}", *connection_field]
        lines += [f"{name}: {value}" for name, value in fields]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        self.report.tried += 1
        began, answer = time.perf_counter(), b""
        with socket.socket(socket.AF_UNIX if isinstance(place, str) else socket.AF_INET) as connection:
            connection.settimeout(20)
            try:
                connection.connect(place if isinstance(place, str) else ("127.0.0.1", place))
                connection.sendall("\r\n".join([*lines, "", ""]).encode() + body)
                while b"\r\n" not in answer and (part := connection.recv(4_096)):
                    answer += part
            except OSError as error:
                # Refused before all of it was sent, or not answered: then the error stands for the answer.
                answer = answer or str(error).encode()
        took = time.perf_counter() - began
        self.slowest = max(self.slowest, took)
        line = answer.partition(b"\r\n")[0].decode(errors="replace")
        self.report.expect(took < LONGEST, f"{what} is answered at once", round(took, 3))
        self.report.expect(re.match(r"HTTP/1\.1 ([234]|50[13])", line) is not None, f"{what} is answered, and is no failure of ours", line)
        if refused:
            self.report.expect(line.startswith("HTTP/1.1 400"), f"{what} is refused", line)


def resolved(document, part):
    while "$ref" in part:
        kind, name = part["$ref"].split("/")[-2:]
        part = document["components"][kind][name]
    return part


def operations(asker, place, document, token, kind):
    """Each member of each body, and each parameter."""
    own = {"Authorization": f"Bearer {token}"}.items()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method not in ("get", "post", "put", "patch", "delete"):
                continue
            what = f"{kind}, {method.upper()} {path}"
            plain = re.sub(r"\{[^}]*\}", IDENTIFIER, path)
            body = operation.get("requestBody", {}).get("content", {}).get("application/json")
            members = list(resolved(document, body["schema"]).get("properties", {})) if body else []
            long = text(kind, MEMBER_BYTES)
            bodies = [{name: "abcdefgh" for name in members} | {member: beginning + long}
                      for member in members for beginning in ("", "a@")]
            for value in bodies + ([{long: 1}] if members else []):
                asker.ask(what, place, method.upper(), plain, [*own, ("Content-Type", "application/json")],
                          json.dumps(value, ensure_ascii=False).encode(), kind in HEAPS)
            short = urllib.parse.quote(text(kind, PARAMETER_BYTES))
            for parameter in (resolved(document, one) for one in operation.get("parameters", [])):
                if parameter["in"] == "query":
                    asker.ask(f"{what}?{parameter['name']}", place, method.upper(), f"{plain}?{parameter['name']}={short}", own,
                              refused=kind in HEAPS)
            if "{" in path:
                asker.ask(what, place, method.upper(), re.sub(r"\{[^}]*\}", short, path), own, refused=kind in HEAPS)


def heads(asker, place, path, kind, size):
    """At a program's own socket all fields arrive as they were sent."""
    long, is_direct = text(kind, size), isinstance(place, str)
    for name in FIELDS:
        for beginning in ("", *BEGINNINGS.get(name, ())):
            value = long + beginning if beginning.startswith(",") else beginning + long + ('"' if beginning == '"' else "")
            asker.ask(f"{kind}, {name} of {path}", place, "GET", path, [(name, value)], refused=is_direct and kind in HEAPS)
    asker.ask(f"{kind}, a path", place, "GET", f"{path}/{urllib.parse.quote(text(kind, PARAMETER_BYTES))}")


def devices(asker, place, client, kind):
    """Sessions of devices that call themselves so, and the list of them."""
    name = f"devices-{list(TEXTS).index(kind)}"
    client.make_user(client.login()["access_token"], name)
    body = json.dumps({"username": name, "password": PASSWORD}).encode()
    for _ in range(DEVICES):
        asker.ask(f"{kind}, a device", place, "POST", "/api/v1/auth/login", [
            ("Content-Type", "application/json"), ("User-Agent", text(kind, FIELD_BYTES))], body, kind in HEAPS)
    token = client.login(name)["access_token"]
    asker.ask(f"{kind}, a list of devices", place, "GET", "/api/v1/auth/sessions", {"Authorization": f"Bearer {token}"}.items())


def forms(asker, place, visitor, kind, paths):
    """Each field of the form on a page, and one that nobody knows, with what a browser sends beside it."""
    long = text(kind, FORM_BYTES)
    short = urllib.parse.quote(text(kind, PARAMETER_BYTES))
    for path in paths:
        page = visitor.ask(path)
        asker.report.expect(page.status == 200, f"there is a form at {path}", page)
        hidden = {name: html.unescape(value) for name, value in visitor.HIDDEN.findall(page.text)}
        names = list(dict.fromkeys(NAMES.findall(page.text)))
        fields = [("Content-Type", "application/x-www-form-urlencoded"), ("Origin", f"http://127.0.0.1:{visitor.port}"),
                  ("Cookie", "; ".join(f"{name}={value}" for name, value in visitor.cookies.items()))]
        sent = {name: urllib.parse.quote(hidden.get(name, "abcdefgh")) for name in names}
        for content in [*({**sent, name: long} for name in names), {long: "1", **sent}]:
            asker.ask(f"{kind}, a form at {path}", place, "POST", path, fields,
                      "&".join(f"{name}={value}" for name, value in content.items()).encode(), kind in HEAPS)
        for name in names:
            asker.ask(f"{kind}, {name} in the query of {path}", place, "GET", f"{path}?{name}={short}", fields[2:])


def main():
    report = Attack("texts", "Texts that take long to compare")
    with stack(report, **UNLIMITED) as installation:
        asker = Asker(report, f"127.0.0.1:{installation.port}")
        with Client(installation.port) as client:
            token = client.login()["access_token"]
            document = client.ask("GET", "/api/v1/openapi.json").json()
        member = Visitor(installation.port)
        member.sign_in(ADMINISTRATOR, PASSWORD)
        for kind in TEXTS:
            with Client(installation.port) as client:
                devices(asker, installation.port, client, kind)
            operations(asker, installation.port, document, token, kind)
            for part, paths in (("api-1", ("/api/v1/hello", "/api/v1/openapi.json")), ("web-1", ("/login", "/static/site.css"))):
                for path in paths:
                    heads(asker, installation.port, path, kind, FIELD_BYTES)
                    heads(asker, str(installation.folder / ".run/sockets" / part), path, kind, SOCKET_FIELD_BYTES)
            forms(asker, installation.port, Visitor(installation.port), kind, ("/login", "/signup"))
            forms(asker, installation.port, member, kind, ("/account", "/account/password", "/admin/users/new"))
        report.figures["slowest answer, ms"] = round(asker.slowest * 1_000)
    return report.conclude(f"{len(TEXTS)} kinds of text; no answer may take {LONGEST * 1_000:.0f} ms.")


if __name__ == "__main__":
    run(main)
