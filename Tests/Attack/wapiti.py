#!/usr/bin/env python3
"""wapiti on the pages: once as a stranger, once as an administrator who is signed in.

What would end the session, or delete who is signed in, is left out by address; nothing is asked but the stack, so modules that
need a server elsewhere, or lists that they load, are left out as well. So is `ldap`: there is no directory here, and it takes any
two answers that differ for a finding, which those with a form do by their masked `csrf_token`.
A page of our own that repeats what it is sent shows, first, that this wapiti finds what there is to be found.

CRAWL_SECONDS (600), for each of both, of which each module has a tenth to attack, and MODULES, come from the environment.
"""

import html
import http.server
import json
import os
import pathlib
import subprocess
import tempfile
import threading
import urllib.parse

from attack import PASSWORD, ROOT, UNLIMITED, Attack, Client, Failure, Visitor, free_port, log_lines, run, setting, stack

SECONDS = setting("CRAWL_SECONDS", 600)
MODULES = os.environ.get("MODULES") or (
    "backup,cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,methods,permanentxss,redirect,shellshock,sql,timesql,"
    "upload,xss")
PROGRAM = ROOT / ".build/attack/wapiti/bin/wapiti"
# What wapiti says of plain http on loopback, which `make start` serves for development.
BY_HTTP = {
    "Secure Flag cookie": "no https here, and a cookie with this flag would not come back",
    "HTTP Strict Transport Security (HSTS)": "has a meaning by https alone, and is sent there",
    "Unencrypted Channels": "no https here",
}


class Echo(http.server.BaseHTTPRequestHandler):
    """What must be found: a page that repeats its query as it is."""

    def do_GET(self):
        word = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query).get("q", [""])[0]
        body = f"<html><body><p>{word}</p><form action='/'><input name='q' value='{html.escape(word)}'></form></body></html>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def wapiti(folder, address, modules, *options, seconds=SECONDS):
    """Kind and description of each finding, and how many addresses it has crawled."""
    folder = pathlib.Path(tempfile.mkdtemp(dir=folder))
    output = folder / "found.json"
    nowhere = f"http://127.0.0.1:{free_port()}/"
    command = [
        str(PROGRAM), "-u", address, "-m", modules, "-f", "json", "-o", str(output), "--no-bugreport", "--flush-session", "--store-session",
        str(folder / "session"), "--store-config", str(folder / "config"), "--max-scan-time", str(seconds), "--max-attack-time",
        str(max(10, seconds // 10)), "-d", "6", "--max-links-per-page", "60", "--max-files-per-dir", "60", "--scope", "folder", "--tasks", "4", "-t", "10", "-v", "1",
        "--endpoint", nowhere, "--dns-endpoint", "127.0.0.1", *options]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds * 3 + 600, check=False, stdin=subprocess.DEVNULL,
                              cwd=folder, env={**os.environ, "HOME": str(folder), "PYTHONDONTWRITEBYTECODE": "1"})
    except FileNotFoundError:
        raise Failure(f"{PROGRAM} is missing: run .ci/attack wapiti") from None
    except subprocess.TimeoutExpired:
        raise Failure(f"wapiti was not done after {seconds * 3 + 600} s") from None
    try:
        told = json.loads(output.read_text())
    except (OSError, ValueError):
        raise Failure(f"wapiti wrote nothing that can be read: {done.stdout[-600:]}{done.stderr[-600:]}") from None
    found = [(kind, f"{entry['method']} {entry['path']} {entry.get('parameter') or ''}: {entry['info']}")
             for part in ("vulnerabilities", "anomalies") for kind, entries in told[part].items() for entry in entries]
    return found, told["infos"].get("crawled_pages_nbr", 0)


def control(folder):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        found, _ = wapiti(folder, f"http://127.0.0.1:{server.server_address[1]}/?q=a", "xss", seconds=60)
    finally:
        server.shutdown()
        server.server_close()
    if not any("Scripting" in kind for kind, _ in found):
        raise Failure(f"wapiti does not find what is open: {found}")


def main():
    report = Attack("wapiti", "wapiti on the pages", CRAWL_SECONDS=SECONDS, MODULES=MODULES)
    with stack(report, **UNLIMITED) as installation, tempfile.TemporaryDirectory(prefix="gatehouse-wapiti-") as folder:
        control(folder)
        address = f"http://127.0.0.1:{installation.port}/"
        with Client(installation.port) as client:
            admin = client.login()
            for number in range(5):
                client.make_user(admin["access_token"], f"person-{number}")
        visitor = Visitor(installation.port)
        if visitor.sign_in("admin", PASSWORD).status != 303:
            raise Failure("the administrator can not sign in to the pages")
        cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
        leaving = [f"{address}logout", f"{address}account/sessions/*", f"{address}admin/users/{admin['user']['id']}/*", f"{address}login*"]
        excluded = [word for pattern in leaving for word in ("-x", pattern)]
        for name, options in (("a stranger", ["-s", f"{address}login", "-s", f"{address}signup"]),
                              ("an administrator", ["-C", cookies, "-s", f"{address}admin/users", *excluded])):
            before = log_lines(installation, "nginx")
            found, crawled = wapiti(folder, address, MODULES, *options)
            requests = log_lines(installation, "nginx") - before
            report.tried += requests
            kinds = {kind: sum(other == kind for other, _ in found) for kind, _ in found}
            report.figures[name] = {"requests": requests, "pages": crawled, "told": kinds}
            report.expect(crawled > 3, f"{name}: pages were found", crawled)
            for kind, sentence in found:
                report.expect(kind in BY_HTTP, f"{name}: {kind}", sentence)
        report.expect(visitor.ask("/admin/users").status == 200, "the administrator is still signed in")
    return report.conclude(f"{len(MODULES.split(','))} modules, as a stranger and as an administrator.")


if __name__ == "__main__":
    run(main)
