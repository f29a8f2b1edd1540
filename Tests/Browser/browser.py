"""What the tests in a browser share: one stack behind nginx with real stores, one Chromium, and people in front of it."""

import atexit
import contextlib
import functools
import itertools
import os
import pathlib
import re
import signal
import sys
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Stack"))

from playwright.sync_api import sync_playwright  # noqa: E402

from support import Installation, Upstream, request, wait_until  # noqa: E402, F401

PASSWORD = "plum-Granite-47-otter"
# No limit that is not what a test is about, hashes that cost next to nothing, and no long wait for an API that stalls.
SETTINGS = {
    "RATE_LIMIT_ENABLED": "false", "LOGIN_ATTEMPTS": "0", "ARGON2_MEMORY_KIB": "64", "ARGON2_ITERATIONS": "1",
    "API_TIMEOUT": "2s",
}
NGINX = [("nginx/limits.conf", "rate=100r/s", "rate=10000r/s"), ("nginx/limits.conf", "rate=10r/s", "rate=1000r/s")]
numbers = itertools.count(1)


class Stack(Installation):
    """The stack that all tests share, as an administrator of it sees it."""

    def __init__(self):
        super().__init__(SETTINGS, changes=NGINX)
        self.origin = f"http://127.0.0.1:{self.port}"
        self.token = None

    def api(self, method, path, body=None, status=200):
        """One call of the API by the administrator. What it answers is what has to succeed for the rest to make sense."""
        if not self.token:
            self.token = self.sign_in()["access_token"]
        answer = self.get(f"/api/v1/{path}", method=method, body=body, fields={"Authorization": f"Bearer {self.token}"})
        assert answer.status == status, f"{method} {path}: {answer.status} {answer.text}"
        return answer.json if answer.body else None

    def user(self, name=None, **fields):
        """Somebody new, with PASSWORD."""
        name = name or f"person{next(numbers)}"
        return self.api("POST", "users", {
            "username": name, "email": f"{name}@example.com", "password": PASSWORD, **fields,
        }, status=201)

    def signed_in(self, name, agent=None):
        """The cookies of somebody who has signed in by the form, for tests that begin after that."""
        fields = {"User-Agent": agent} if agent else {}
        page = self.get("/login", fields=fields)
        jar = dict(line.split(";")[0].split("=", 1) for line in page.all("Set-Cookie"))
        fields |= {
            "Cookie": "; ".join(f"{key}={value}" for key, value in jar.items()), "Origin": self.origin,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
        form = {"username": name, "password": PASSWORD, "csrf_token": token}
        answer = self.get("/login", method="POST", fields=fields, body=urllib.parse.urlencode(form))
        assert answer.status == 303, answer.text
        jar |= dict(line.split(";")[0].split("=", 1) for line in answer.all("Set-Cookie"))
        return [{"name": key, "value": value, "url": self.origin} for key, value in jar.items()]

    def kill(self, part):
        """As a crash ends it. The supervisor has started it again when this returns."""
        killed = self.pid(part)
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: self.pid(part) not in (None, killed), what=f"{part} is started again")
        wait_until(self.is_well, what=f"the stack is well after {part} was killed")

    def is_well(self):
        with contextlib.suppress(OSError):
            return (
                self.get("/health/ready", timeout=2).text.count('"ok"') == 3
                and self.get("/login", timeout=2).status == 200
            )

    @contextlib.contextmanager
    def stalled(self, part):
        """A part that takes what is sent to it and answers nothing."""
        stopped = self.pid(part)
        os.kill(stopped, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(stopped, signal.SIGCONT)
            wait_until(self.is_well, what=f"the stack is well after {part} stalled")


@functools.cache
def stack():
    """Started by the first who asks, ended with the process."""
    # What `atexit` does, a limit of time must not leave out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    made = Stack()
    atexit.register(made.close)
    made.run("start")
    return made


@functools.cache
def playwright():
    started = sync_playwright().start()
    atexit.register(started.stop)
    return started


@functools.cache
def chromium(keeps_pages=False):
    """With `keeps_pages` it shows a page as it was left when somebody goes back, which Playwright switches off."""
    launched = playwright().chromium.launch(
        executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        args=["--no-sandbox"] if os.geteuid() == 0 else [],
        ignore_default_args=["--disable-back-forward-cache"] if keeps_pages else [],
    )
    atexit.register(launched.close)
    return launched


class Visitor:
    """Somebody in front of a browser of their own, and the page they see. Without JavaScript, unless it is asked for."""

    def __init__(self, keeps_pages=False, **options):
        options = {"java_script_enabled": False, "base_url": stack().origin, **options}
        self.context = chromium(keeps_pages).new_context(**options)
        self.context.set_default_timeout(15_000)
        self.requested, self.complaints = [], []
        self.context.on("request", lambda sent: self.requested.append(sent.url))
        self.context.on("console", self._note)
        self.page = self.context.new_page()
        self.answer = None
        self.page.on("response", self._see)

    def _note(self, message):
        # A page with a status of 400 and more is an answer like any other.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.complaints.append(message.text)

    def _see(self, response):
        if response.request.is_navigation_request():
            self.answer = response

    def close(self):
        self.context.close()

    # What they do.

    def open(self, address):
        self.page.goto(address)
        return self

    def type(self, label, text):
        self.page.get_by_label(label, exact=True).fill(text)
        return self

    def press(self, button):
        self.page.get_by_role("button", name=button, exact=True).click()
        return self

    def follow(self, link):
        self.page.get_by_role("link", name=link, exact=True).click()
        return self

    def sign_in(self, name, password=PASSWORD):
        self.open("/login").type("Username or e-mail", name).type("Password", password)
        return self.press("Sign in")

    def sign_out(self):
        return self.press("Sign out")

    # What they see.

    @property
    def path(self):
        """With the query."""
        parts = urllib.parse.urlsplit(self.page.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    @property
    def origin(self):
        return "{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(self.page.url))

    @property
    def status(self):
        return self.answer.status

    @property
    def text(self):
        return self.page.locator("body").inner_text()

    @property
    def heading(self):
        return self.page.locator("h1").inner_text()

    @property
    def flash(self):
        """What the page says of what was just done, or None."""
        found = self.page.locator(".flash")
        return found.inner_text() if found.count() else None

    @property
    def problems(self):
        """The lines of the summary above the form."""
        return self.page.locator(".problems li").all_inner_texts()

    def value(self, label):
        return self.page.get_by_label(label, exact=True).input_value()

    def column(self, number):
        """The cells of a column of the table, from 1."""
        return self.page.locator(f"tbody tr > :nth-child({number})").all_inner_texts()

    def cookie(self, name="gatehouse"):
        return next((cookie for cookie in self.context.cookies() if cookie["name"] == name), None)


class BrowserTestCase(unittest.TestCase):
    """Closes every browser of a test, and looks at what it has loaded and complained of."""

    maxDiff = None

    def setUp(self):
        self.visitors = []
        # Other sites that the test has somebody visit.
        self.elsewhere = set()
        self.stack = stack()

    def tearDown(self):
        for visitor in self.visitors:
            visitor.close()
            for address in visitor.requested:
                known = [self.stack.origin, *self.elsewhere]
                self.assertTrue(any(address.startswith(origin + "/") for origin in known), f"{address} was asked for")
            self.assertEqual(visitor.complaints, [])

    def visitor(self, **options):
        made = Visitor(**options)
        self.visitors.append(made)
        return made

    def person(self, name=None, **options):
        """Somebody who is signed in: the user of that name, or a new one."""
        name = name or self.stack.user()["username"]
        visitor = self.visitor(**options)
        visitor.context.add_cookies(self.stack.signed_in(name, options.get("user_agent")))
        visitor.open("/")
        self.assertEqual(visitor.path, "/", visitor.text)
        visitor.name = name
        return visitor

    def administrator(self):
        name = self.stack.user(is_admin=True)["username"]
        return self.person(name)

    def assertSignedOut(self, visitor):
        """At the sign-in, with nothing on the page that is for who is signed in."""
        self.assertEqual(visitor.page.url.split("?")[0], f"{self.stack.origin}/login")
        self.assertEqual(visitor.heading, "Sign in")
        self.assertEqual(visitor.page.get_by_role("button", name="Sign out").count(), 0)
