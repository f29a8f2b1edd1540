"""Gatehouse and its peers, each started as people run it, on the same Postgres and Redis.

The peers lie in bench/peers. What they are made of is installed and built into .build/peers, once.
"""

import contextlib
import filecmp
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

import harness
from harness import Failure, Server
from service import pages_environment

PEERS = harness.ROOT / "bench" / "peers"
BUILT = harness.ROOT / ".build" / "peers"
# Longer than anything here takes.
TOKEN_LIFE = {"ACCESS_TOKEN_EXPIRE_SECONDS": "7200"}
NOT_COUNTING = {"RATE_LIMIT_ENABLED": "false"}
# So that the limiter counts, as it always does, and never refuses.
COUNTING = {f"RATE_LIMIT_PER_{unit}": "1000000" for unit in ("MINUTE", "HOUR", "DAY")} | {
    f"RATE_LIMIT_{what}": "1000000/minute,1000000/hour,1000000/day" for what in ("LOGIN", "SIGNUP", "REFRESH")}


# Every process that was seen, to look for at the end.
seen = set()


def left_running():
    """Those that still are, which nothing here leaves behind."""
    return [identifier for identifier, since in seen if is_alive(identifier, since)]


class Program(Server):
    """A server that may be several processes: what they cost together."""

    def processes(self):
        """(process id, when it began) of the one that was started and of all that it started."""
        parents = {}
        for entry in os.listdir("/proc"):
            if entry.isdecimal():
                with contextlib.suppress(OSError):
                    fields = stat_fields(entry)
                    parents[int(entry)] = (int(fields[1]), fields[19])
        found, fresh = [], [self.process.pid]
        while fresh:
            found += [(identifier, parents[identifier][1]) for identifier in fresh if identifier in parents]
            fresh = [child for child, (parent, _) in parents.items() if parent in fresh]
        return found

    def cpu_seconds(self):
        """Of all that live."""
        ticks = 0
        for identifier, _ in self.processes():
            with contextlib.suppress(OSError):
                ticks += sum(int(field) for field in stat_fields(identifier)[11:13])
        return ticks / os.sysconf("SC_CLK_TCK")

    def proportional_kib(self):
        """Resident memory, where pages that several processes share count once in all."""
        total = 0
        for identifier, _ in self.processes():
            with contextlib.suppress(OSError):
                for line in pathlib.Path(f"/proc/{identifier}/smaps_rollup").read_text().splitlines():
                    if line.startswith("Pss:"):
                        total += int(line.split()[1])
        return total

    def descriptors(self):
        return sum(len(os.listdir(f"/proc/{identifier}/fd")) for identifier, _ in self.processes())

    def __exit__(self, *failure):
        started = self.processes()
        seen.update(started)
        try:
            super().__exit__(*failure)
        finally:
            # Workers end with their master, unless that had to be killed.
            deadline = time.monotonic() + 5
            while any(is_alive(*process) for process in started) and time.monotonic() < deadline:
                time.sleep(0.01)
            for identifier, since in started:
                if is_alive(identifier, since):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(identifier, signal.SIGKILL)


def stat_fields(identifier):
    """Of proc(5), from the state on: the name before it may hold anything."""
    return pathlib.Path(f"/proc/{identifier}/stat").read_text().rpartition(")")[2].split()


def is_alive(identifier, since):
    """Whether it is still that process, and not only its remains."""
    try:
        fields = stat_fields(identifier)
    except OSError:
        return False
    return fields[19] == since and fields[0] != "Z"


# What the peers are made of.

def build_go(name, source):
    BUILT.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        ["go", "build", "-o", str(BUILT / name), "."], cwd=source, timeout=300, check=False, text=True,
        stderr=subprocess.PIPE, env=os.environ | {
            "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOCACHE": str(harness.ROOT / ".build" / "go-cache")})
    if done.returncode != 0:
        raise Failure(f"{source} can not be built (`make setup` installs its libraries): {done.stderr.strip()[-2000:]}")


def build_load():
    """What asks, for those who need no peer."""
    build_go("load", harness.ROOT / "bench" / "load")


def build():
    """Everything that has to be installed or compiled."""
    build_load()
    build_go("go-api", PEERS / "go")
    wanted, environment = PEERS / "requirements.txt", BUILT / "python"
    installed = environment / "requirements.txt"
    if installed.exists() and filecmp.cmp(wanted, installed, shallow=False):
        return
    print("peers: installing the Python packages of bench/peers/requirements.txt", file=sys.stderr, flush=True)
    shutil.rmtree(environment, ignore_errors=True)
    subprocess.run(["python3", "-m", "venv", str(environment)], check=True, timeout=120)
    subprocess.run([str(environment / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", "--requirement",
                    str(wanted)], check=True, timeout=600)
    # Last, so that an installation that broke off is begun anew.
    shutil.copy(wanted, installed)


def python(name):
    return str(BUILT / "python" / "bin" / name)


# Each of the programs, as a function that starts one on the stores of a service.

def gatehouse_api(service, **variables):
    port = harness.free_port()
    environment = service.environment() | TOKEN_LIFE | variables | {"API_LISTEN": f"127.0.0.1:{port}"}
    return Program("gatehouse-api", [str(harness.API), "serve"], port, environment)


def gatehouse_web(service, api, **variables):
    if not harness.WEB.exists():
        raise Failure(f"{harness.WEB} is missing: run `make build` first")
    port = harness.free_port()
    return Program("gatehouse-web", [str(harness.WEB), "serve"], port, pages_environment(
        port, api.port, service.redis) | variables)


def peer_environment(service, port):
    return TOKEN_LIFE | {
        "LISTEN": f"127.0.0.1:{port}", "DATABASE_URL": service.postgres.url, "JWT_SECRET": service.secret,
        "REDIS_URL": service.redis.addresses["TCP"],
        # Compiled once, as an installed program is, and not into the sources.
        "PYTHONPYCACHEPREFIX": str(BUILT / "bytecode")}


def gunicorn(name, application, port, environment):
    folder = PEERS / "flask"
    return Program(name, [python("gunicorn"), "--config", str(folder / "gunicorn.conf.py"), "--pythonpath", str(folder),
                          application], port, environment)


def flask_api(service):
    port = harness.free_port()
    return gunicorn("Flask, the API", "api:app", port, peer_environment(service, port))


def flask_web(service, api):
    port = harness.free_port()
    return gunicorn("Flask, the pages", "web:app", port, peer_environment(service, port) | {
        "API_URL": f"http://127.0.0.1:{api.port}", "SECRET_KEY": service.secret})


def fastapi_api(service):
    port = harness.free_port()
    return Program("FastAPI", [
        python("uvicorn"), "--app-dir", str(PEERS / "fastapi"), "app:app", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "2", "--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning",
        "--backlog", "4096"], port, peer_environment(service, port))


def go_api(service):
    port = harness.free_port()
    return Program("Go net/http", [str(BUILT / "go-api")], port, peer_environment(service, port))


class Contestant:
    """Who takes part: how its programs are started, and what they are once they run."""

    def __init__(self, name, api, web=None):
        self.name, self.start_api, self.start_web = name, api, web
        self.api = self.web = None

    @contextlib.contextmanager
    def running(self, service):
        with contextlib.ExitStack() as stack:
            self.api = stack.enter_context(self.start_api(service))
            if self.start_web:
                self.web = stack.enter_context(self.start_web(service, self.api))
            yield self
        self.api = self.web = None

    @property
    def programs(self):
        return [program for program in (self.api, self.web) if program]


GATEHOUSE, COUNTING_GATEHOUSE, FLASK, FASTAPI, GO = (
    "Gatehouse", "Gatehouse, counting requests", "Flask + gunicorn", "FastAPI + uvicorn", "Go net/http")


def all_contestants():
    """The peers count nobody's requests: beside them stands Gatehouse without that, and once more as people run it."""
    return [
        Contestant(GATEHOUSE, lambda service: gatehouse_api(service, **NOT_COUNTING), gatehouse_web),
        Contestant(COUNTING_GATEHOUSE, lambda service: gatehouse_api(service, **COUNTING), gatehouse_web),
        Contestant(FLASK, flask_api, flask_web),
        Contestant(FASTAPI, fastapi_api),
        Contestant(GO, go_api),
    ]
