"""What the attacks share: a private stack behind nginx, and a report that counts what was tried.

It is our own service, on loopback. Whatever an attack starts it also ends, and each has a limit of time in .ci/attack.
"""

import contextlib
import hashlib
import json
import os
import pathlib
import sys
import time

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
# Theirs come first: what is reused is meant, and not a file here with the same name.
sys.path[:0] = [str(HERE.parent / "Outside"), str(HERE.parent / "Stack")]
os.environ.setdefault("PROGRAMS", str(HERE.parents[1] / ".build/release"))

# pylint: disable=wrong-import-position,unused-import
from outside import ADMINISTRATOR, CHEAP_HASHES, NO_LIMITS, PASSWORD, PREFIX, RESULTS, ROOT, Client, Failure, Report, run  # noqa: E402
from support import Installation, Visitor, free_port, request, wait_until  # noqa: E402

FOLDER = RESULTS / "attack"
# nginx' net is for one address, which all of an attack comes from: where limits are not what is attacked they would only
# hide the rest.
WIDE = [("nginx/limits.conf", "rate=100r/s", "rate=100000r/s"), ("nginx/limits.conf", "rate=10r/s", "rate=100000r/s"),
        ("nginx/site.conf", "connections 256", "connections 4000")]
UNLIMITED = CHEAP_HASHES | NO_LIMITS
PARTS = ("postgres", "redis", "api-1", "web-1", "nginx")


class Attack(Report):
    """A report that also tells how many inputs were tried, of what, and how the attack was set."""

    def __init__(self, name, title, inputs="requests", **settings):
        super().__init__(name)
        self.title, self.unit, self.settings = title, inputs, settings
        self.tried, self.started, self.figures = 0, time.time(), {}

    def keep(self, outcome):
        FOLDER.mkdir(parents=True, exist_ok=True)
        programs = pathlib.Path(os.environ["PROGRAMS"])
        kept = {"title": self.title, "inputs": self.tried, "unit": self.unit, "settings": self.settings,
                "seconds": round(time.time() - self.started, 1), "figures": self.figures, **outcome,
                "programs": {name: digest(programs / name) for name in ("gatehouse-api", "gatehouse-web")}}
        (FOLDER / f"{self.name}.json").write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n")


def digest(program):
    """Which build it was: the commit alone does not say what was built of it."""
    try:
        return hashlib.sha256(program.read_bytes()).hexdigest()[:16]
    except OSError:
        return "?"


def setting(name, default):
    """A whole number from the environment."""
    return int(os.environ.get(name) or default)


@contextlib.contextmanager
def stack(report, apps=None, is_wide=True, **settings):
    """A native stack as `make start` makes it. At the end all of it must be well, and have been so throughout."""
    installation = Installation({"ADMIN_PASSWORD": PASSWORD, **settings}, apps, WIDE if is_wide else ())
    try:
        installation.run("start")
        before = {part: installation.pid(part) for part in PARTS}
        yield installation
        status = installation.run("status", check=False)
        report.expect(status.returncode == 0, "every part is well afterwards", status.stdout[-600:])
        after = {part: installation.pid(part) for part in PARTS}
        report.expect(after == before, "no part died", [before, after])
        for part in ("api-1", "web-1"):
            lines = [line for line in installation.log(part).splitlines() if " ERROR " in line or " CRITICAL " in line]
            report.expect(not lines, f"{part} logs no error", lines[:3])
    finally:
        installation.close()


def log_lines(installation, name):
    """How many requests a part has logged: `nginx` has a line for each, whatever it was."""
    return installation.log(name).count("\n")
