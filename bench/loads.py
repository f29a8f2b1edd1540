"""What the contestants are asked for, and the two ways to ask: as fast as they answer, and at a fixed rate.

As fast as they answer it is wrk, at a fixed rate bench/load, which counts from when a request was due.
"""

import contextlib
import html
import http.client
import json
import pathlib
import re
import subprocess
import threading
import urllib.parse

import population
from contestants import BUILT
from harness import Failure
from service import PASSWORD, PREFIX, Client

CONNECTIONS = {"login": 16}
USUAL_CONNECTIONS = 64
API_WORKS = {"hello": "hello", "me": "auth/me", "users": "users?page=1&page_size=20"}
PAGE_WORKS = {"dashboard": "/", "users page": "/admin/users"}
# Who asks, by number: administrators for the lists, others for the rest, and others again to sign in over and over.
ADMINISTRATORS, MEMBERS, COMERS = range(1, population.ADMINISTRATORS + 1), range(17, 81), range(101, 1_001)
USERS = COMERS.stop - 1
WRK_SCRIPT = """
-- Sends whole requests in turn.
local requests = {%s}
local number = 0
request = function()
    number = number %% #requests + 1
    return requests[number]
end
"""


# The text of requests.

def request(method, path, body=None, **fields):
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    if body is not None:
        lines += [f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", body or ""])


def get(path, token):
    return request("GET", f"{PREFIX}/{path}", Authorization=f"Bearer {token}")


def login(name):
    body = json.dumps({"username": name, "password": PASSWORD})
    return request("POST", f"{PREFIX}/auth/login", body, Content_Type="application/json")


def logins(numbers):
    return [login(population.username(number)) for number in numbers]


def sign_in(client, name):
    """The tokens of a new session."""
    return client.expect(200, "POST", "auth/login", {"username": name, "password": PASSWORD}).json()


def sign_in_to_pages(port, name):
    """What a browser then sends as Cookie."""
    cookies = {}
    browser = http.client.HTTPConnection("127.0.0.1", port, timeout=20)

    def visit(method, path, **form):
        fields = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}
        if form:
            fields["Content-Type"] = "application/x-www-form-urlencoded"
        browser.request(method, path, urllib.parse.urlencode(form) if form else None, fields)
        answer = browser.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or []:
            key, _, value = line.partition(";")[0].partition("=")
            cookies[key] = value
        return answer, answer.read().decode()

    with contextlib.closing(browser):
        _, page = visit("GET", "/login")
        token = html.unescape(re.search(r'name="csrf_token" value="([^"]*)"', page)[1])
        answer, page = visit("POST", "/login", username=name, password=PASSWORD, csrf_token=token)
    if answer.status != 303 or answer.headers["Location"] != "/":
        raise Failure(f"nobody can sign in to the pages: {answer.status} {page[:300]}")
    return "; ".join(f"{name}={value}" for name, value in cookies.items() if value)


class Works:
    """The requests for each work of a contestant, with tokens and cookies that it gave out itself."""

    def __init__(self, contestant):
        port = contestant.api.port
        with Client(port) as client:
            def tokens(numbers):
                return [sign_in(client, population.username(number))["access_token"] for number in numbers]
            members, administrators = tokens(MEMBERS), tokens(ADMINISTRATORS)
        self.requests = {
            name: [get(path, token) for token in (administrators if name == "users" else members)]
            for name, path in API_WORKS.items()}
        self.requests["login"] = logins(COMERS)
        self.ports = {name: port for name in self.requests}
        if contestant.web:
            port = contestant.web.port
            def cookies(numbers):
                return [sign_in_to_pages(port, population.username(number)) for number in numbers]
            members, administrators = cookies(MEMBERS), cookies(ADMINISTRATORS)
            for name, path in PAGE_WORKS.items():
                who = administrators if name == "users page" else members
                self.requests[name] = [request("GET", path, Cookie=cookie) for cookie in who]
                self.ports[name] = port


# Asking.

class Asker:
    """Keeps in a folder what the programs that ask have to read."""

    def __init__(self, folder):
        self.folder, self.count = pathlib.Path(folder), 0

    def file(self, text, kind):
        self.count += 1
        path = self.folder / f"{self.count}.{kind}"
        path.write_text(text)
        return path

    def script(self, requests):
        """For wrk. Its strings take what JSON has for a return, a line feed, a quote and a backslash."""
        return self.file(WRK_SCRIPT % ",\n".join(json.dumps(text) for text in requests), "lua")

    def texts(self, requests):
        return self.file(json.dumps(requests), "json")

    def wrk(self, name, port, script, connections, seconds):
        """As fast as it goes: requests, requests a second, latency; and what was not answered well, in words."""
        done = subprocess.run(
            ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s", "--timeout", "30s",
             "--latency", "--script", str(script), f"http://127.0.0.1:{port}"],
            capture_output=True, text=True, timeout=seconds + 60, check=False)
        text = done.stdout + done.stderr
        rate = re.search(r"Requests/sec:\s+([\d.]+)", text)
        count = re.search(r"(\d+) requests in", text)
        if done.returncode != 0 or not rate or not count:
            raise Failure(f"wrk could not measure {name}: {text.strip()}")
        units = {"us": 0.001, "ms": 1, "s": 1_000}
        latency = {share: float(number) * units[unit] for share, number, unit in re.findall(
            r"^\s+(50|99)%\s+([\d.]+)(us|ms|s)\s*$", text, re.MULTILINE)}
        trouble = re.findall(r"^\s*(Non-2xx or 3xx responses: \d+|Socket errors: .*)$", text, re.MULTILINE)
        if int(count[1]) == 0:
            trouble.append(f"nothing was answered within {seconds} s")
        return {"requests": int(count[1]), "requests_per_second": float(rate[1]), "p50_ms": latency.get("50"),
                "p99_ms": latency.get("99"), "trouble": "; ".join(trouble)}

    def command(self, mode, seconds, **options):
        """How one run of bench/load is started."""
        words = [f"-{name.replace('_', '-')}={value}" for name, value in options.items()]
        return [str(BUILT / "load"), mode, f"-seconds={seconds}", *words]

    def load(self, mode, seconds, **options):
        """One run of bench/load: what it reports."""
        done = subprocess.run(self.command(mode, seconds, **options), capture_output=True, text=True, timeout=seconds + 90,
                              check=False)
        if done.returncode != 0:
            raise Failure(f"load {mode}: {(done.stderr or done.stdout).strip()[-2000:]}")
        return json.loads(done.stdout)

    def open_rate(self, port, texts, rate, connections, seconds, **options):
        """At a fixed rate: latency, from when each request was due."""
        return self.load("open", seconds, address=f"127.0.0.1:{port}", requests=texts, rate=rate,
                         connections=connections, **options)


def at_the_same_time(task, other):
    """What both answer."""
    found = {}

    def run():
        try:
            found["answer"] = task()
        except (Failure, subprocess.SubprocessError, OSError) as failure:
            found["failure"] = failure

    thread = threading.Thread(target=run)
    thread.start()
    try:
        answer = other()
    finally:
        thread.join()
    if "failure" in found:
        raise Failure(str(found["failure"]))
    return found["answer"], answer
