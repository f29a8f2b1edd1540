#!/usr/bin/env python3
"""sqlmap on every parameter of the API and every field of every form: queries, identifiers in paths, contents, and two fields
of the head that are kept.

The operations and fields come from the OpenAPI document, the forms from the pages themselves. Each operation asks as a user of
its own where it could end the session or change who asks. A page of our own that is open to injection shows, first, that this
sqlmap finds what there is to be found.

LEVEL (2), RISK (1) and TARGETS (all: names of operations, or paths of pages, separated by commas) come from the environment.
"""

import contextlib
import html
import http.server
import json
import os
import pathlib
import re
import sqlite3
import subprocess
import tempfile
import threading
import urllib.parse

from attack import PASSWORD, ROOT, UNLIMITED, Attack, Client, Failure, Visitor, log_lines, run, setting, stack
from hostile import targets

LEVEL, RISK = setting("LEVEL", 2), setting("RISK", 1)
TARGETS = [name for name in os.environ.get("TARGETS", "").split(",") if name]
PROGRAM = ROOT / ".build/attack/sqlmap/bin/sqlmap"
LIMIT = 900
# They end a session or change who is signed in.
OF_ONESELF = {"logout", "logoutAll", "changeProfile", "changePassword", "endSession"}
PAGES = ("/login", "/signup", "/account", "/account/password", "/account/sessions", "/admin/users", "/admin/users/new", "/admin/users/{id}",
         "/admin/audit")
# What an answer told, and may be sent back with a change.
TOLD = {"id": "0192f0c1-2c5e-7a3b-9d4e-5f6071829304", "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z",
        "last_login_at": "2026-01-01T00:00:00Z"}
FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
FIELD = re.compile(r"<(?:input|select|textarea|button)\b[^>]*>")


class Open(http.server.BaseHTTPRequestHandler):
    """What must be found: a search whose words become SQL."""

    def do_GET(self):
        word = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query).get("search", [""])[0]
        with contextlib.closing(sqlite3.connect(":memory:")) as database:
            database.executescript("CREATE TABLE users (name TEXT); INSERT INTO users VALUES ('ada'), ('eve');")
            try:
                body = repr(database.execute(f"SELECT name FROM users WHERE name = '{word}'").fetchall())
                status = 200
            except (sqlite3.Error, sqlite3.Warning) as error:
                body, status = f"sqlite3.OperationalError: {error}", 500
        self.send_response(status)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass


def sqlmap(folder, url, *options):
    """What it tested and what it found, by its own words."""
    command = [
        str(PROGRAM), "-u", url, "--batch", "--disable-coloring", "--flush-session", "--output-dir", folder, "--level", str(LEVEL),
        "--risk", str(RISK), "--time-sec", "2", "--timeout", "10", "--retries", "1", "--threads", "1", "--technique", "BEUST",
        "--ignore-code", "*", "--ignore-redirects", "--skip-waf", "--answers", "follow=N,reduce=Y,quit=N,testing=Y,CSRF=Y", *options]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False, stdin=subprocess.DEVNULL, cwd=folder,
                              env={**os.environ, "HOME": folder, "PYTHONDONTWRITEBYTECODE": "1"})
    except FileNotFoundError:
        raise Failure(f"{PROGRAM} is missing: run .ci/attack sqlmap") from None
    except subprocess.TimeoutExpired:
        return None, [f"not done after {LIMIT} s"], ""
    text = done.stdout + done.stderr
    # > (custom) POST parameter 'JSON username' does not seem to be injectable
    tested = set(re.findall(r"parameter '([^']+)' does not seem to be injectable", text))
    found = re.findall(r"^.*(?:is vulnerable|appears to be '.*' injectable|identified the following injection).*$", text, re.MULTILINE)
    points = re.findall(r"^Parameter: .*$", text, re.MULTILINE)
    return tested | {point.split(": ", 1)[1].split(" (")[0] for point in points}, points or [
        line for line in found if "might" not in line] if points else [], text


def operations(client, token, port):
    """Name, address and options of each operation of the API."""
    document = client.expect(200, "GET", "openapi.json").json()
    number = 0
    victim = client.make_user(token, "victim")["id"]
    for target in targets(document, victim, token):
        number += 1
        bearer = token
        if target.id in OF_ONESELF:
            name = f"guest-{number}"
            client.make_user(token, name)
            bearer = client.login(name)["access_token"]
        user = client.make_user(token, f"victim-{number}")["id"] if target.takes_path else None
        # Once one place is marked with a star, nothing else of the address is tried.
        mark = "*" if target.takes_path else ""
        query = "&".join(f"{parameter['name']}={right(parameter)}{mark}" for parameter in target.parameters)
        path = target.path.replace("{id}", f"{user}{mark}")
        if not target.takes_path and not query and not target.example and not target.fields:
            continue
        options = ["--method", target.method, "--header", f"Authorization: Bearer {bearer}"]
        names = [parameter["name"] for parameter in target.parameters] + list(target.fields) + (["id"] if target.takes_path else [])
        if target.id == "login":
            # One name at a time: with two of them it is refused before anybody looks.
            for name in ("username", "email", "username_or_email"):
                yield f"login by {name}", f"http://127.0.0.1:{port}{path}", [
                    "--data", json.dumps({name: "ada@example.com", "password": PASSWORD}), "--header", "Content-Type: application/json",
                ], [name, "password"]
            continue
        if target.fields:
            content = dict(map(target.right, target.fields)) | target.example
            content = {name: TOLD.get(name) if value is None else value for name, value in content.items()}
            if "refresh_token" in content:
                # By its name it would be left out, as what protects a form.
                content["refresh_token"] += "*"
            options += ["--data", json.dumps(content), "--header", "Content-Type: application/json"]
        yield target.id, f"http://127.0.0.1:{port}{path}{'?' + query if query else ''}", options, names
    # What is kept of the head of a login, for the audit.
    yield "login, fields of the head", f"http://127.0.0.1:{port}/api/v1/auth/login", [
        "--data", '{"username":"nobody.here","password":"wrong"}', "--header", "Content-Type: application/json", "--header",
        "User-Agent: curl*", "--header", "X-Device-Token: abc*", "--header", "X-Request-ID: abc*"], ["User-Agent", "X-Device-Token", "X-Request-ID"]


def right(parameter):
    schema = parameter["schema"]
    known = {"page": "1", "page_size": "5", "since": "2026-01-01T00:00:00Z", "until": "2027-01-01T00:00:00Z"}
    return known.get(parameter["name"]) or str((schema.get("enum") or [schema.get("default", "ada")])[0] if "boolean" not in str(
        schema.get("type")) else "true")


def forms(visitor, port, user):
    """Name, address and options of each form on each page, with the hidden fields and the cookies of who looks at it."""
    for pattern in PAGES:
        path = pattern.replace("{id}", user)
        guest = pattern in ("/login", "/signup")
        who = Visitor(port) if guest else visitor
        page = who.ask(path)
        if page.status != 200:
            raise Failure(f"{path} answers {page.status}")
        seen = set()
        for head, inside in FORM.findall(page.text):
            attributes = dict(re.findall(r'(\w+)="([^"]*)"', head))
            action = html.unescape(attributes.get("action", path))
            method = attributes.get("method", "get").upper()
            fields = {}
            for tag in FIELD.findall(inside):
                found = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
                if found.get("name"):
                    fields[found["name"]] = html.unescape(found.get("value", "")) or "ada"
            # Leaves the session as it is for the forms after this one.
            if action.startswith("/logout") or (method, action) in seen or not set(fields) - {"csrf_token"}:
                continue
            seen.add((method, action))
            content = urllib.parse.urlencode(fields)
            cookies = "; ".join(f"{key}={value}" for key, value in who.cookies.items())
            options = ["--cookie", cookies, "--skip", "csrf_token"]
            url = f"http://127.0.0.1:{port}{action}"
            if method == "POST":
                options += ["--data", content]
            else:
                url += ("&" if "?" in url else "?") + content
            yield f"{method} {action.replace(user, '{id}')} on {pattern}", url, options, [key for key in fields if key != "csrf_token"]


def control(folder):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Open)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        _, found, text = sqlmap(folder, f"http://127.0.0.1:{server.server_address[1]}/?search=ada")
    finally:
        server.shutdown()
        server.server_close()
    if not found:
        raise Failure(f"sqlmap does not find what is open: {text[-600:]}")


def main():
    report = Attack("sqlmap", "sqlmap on every parameter and every form", LEVEL=LEVEL, RISK=RISK, **({"TARGETS": TARGETS} if TARGETS else {}))
    parameters, asked = 0, 0
    with stack(report, **UNLIMITED) as installation, tempfile.TemporaryDirectory(prefix="gatehouse-sqlmap-") as folder:
        control(folder)
        with Client(installation.port) as client:
            token = client.login()["access_token"]
            user = client.make_user(token, "shown-to-forms")["id"]
            visitor = Visitor(installation.port)
            if visitor.sign_in("admin", PASSWORD).status != 303:
                raise Failure("the administrator can not sign in to the pages")
            everything = [*operations(client, token, installation.port), *forms(visitor, installation.port, user)]
            for name, url, options, names in everything:
                if TARGETS and name not in TARGETS and not any(url.split("?")[0].endswith(wanted) for wanted in TARGETS):
                    continue
                before = log_lines(installation, "nginx")
                tested, found, text = sqlmap(folder, url, *options, "--dbms", "PostgreSQL")
                requests = log_lines(installation, "nginx") - before
                report.tried += requests
                asked += 1
                parameters += len(tested or ())
                report.figures[name] = {"fields": names, "tested": len(tested or ()), "requests": requests}
                report.expect(not found, f"{name}: nothing is open to injection", found)
                # Each of a list counts for itself: identifiers and marked fields have names of sqlmap's own.
                report.expect(tested and len(tested) >= len(names) and requests > 20, f"{name}: sqlmap has tested it", text[-300:])
    report.expect(parameters > 0, "parameters were tested", parameters)
    return report.conclude(f"{asked} operations and forms, {parameters} parameters, at level {LEVEL} and risk {RISK}.")


if __name__ == "__main__":
    run(main)
