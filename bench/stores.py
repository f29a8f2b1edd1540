"""Private Postgres and Redis for the measuring scripts and the tests from outside: each in a folder of its own.

Standard library only, like harness.py. Use a server with `with`: nothing of it remains.
"""

import glob
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile
import time

import harness
from harness import Failure


def finish(process, name, seconds):
    """What a program printed. It is ended when it takes too long, and when we are."""
    with process:
        try:
            output, errors = process.communicate(timeout=seconds)
        except BaseException as interruption:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
            if isinstance(interruption, subprocess.TimeoutExpired):
                raise Failure(f"{name} took longer than {seconds} s") from None
            raise
    if process.returncode != 0:
        raise Failure(f"{name} ended with {process.returncode}: {(errors or output or 'see above').strip()[-2000:]}")
    return output


class Store:
    """A server with its data and its socket in a folder of its own. Use it with `with`; nothing of it remains."""

    name = ""
    # To run as when we are root, which not every server wants to be.
    account = None
    # Ends it in order, and without waiting for anybody.
    stop_signal = signal.SIGTERM

    def __init__(self):
        self.process, self.identity = None, {}
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="gatehouse-bench-"))

    def __enter__(self):
        try:
            if self.account and os.geteuid() == 0:
                user = pwd.getpwnam(self.account)
                os.chown(self.folder, user.pw_uid, user.pw_gid)
                self.identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
            self.prepare()
            with open(self.folder / "log", "wb") as log:
                self.process = subprocess.Popen(
                    self.command(), cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **self.identity)
            self.wait_until_it_answers()
            self.fill()
        except BaseException as failure:
            self.__exit__()
            if isinstance(failure, (OSError, KeyError)):
                raise Failure(f"{self.name} can not be started: {failure}") from None
            raise
        return self

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def prepare(self):
        """What is to be done before it starts."""

    def fill(self):
        """What is to be done once it answers."""

    def wait_until_it_answers(self):
        deadline = time.monotonic() + 20
        while subprocess.run(self.question(), capture_output=True, timeout=10, check=False).returncode != 0:
            if self.process.poll() is not None or time.monotonic() > deadline:
                said = (self.folder / "log").read_text(errors="replace")[-2000:].strip()
                raise Failure(f"{self.name} does not answer: {said or '(it printed nothing)'}")
            time.sleep(0.02)

    def run(self, *command, seconds=60):
        """A program that comes with the server, run by the same account to its end: what it printed."""
        return finish(
            subprocess.Popen(command, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                             **self.identity),
            pathlib.Path(command[0]).name, seconds)


class Postgres(Store):
    """Reached through a socket in its folder. What it is to be told beside that are its `settings`."""

    name = account = "postgres"
    stop_signal = signal.SIGINT
    # Debian puts the programs where PATH does not look.
    programs = max(
        glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]), default="/usr/bin")

    def __init__(self, *settings):
        super().__init__()
        self.settings = settings
        self.url = self.url_of("postgres")

    def url_of(self, database):
        return f"postgresql://bench@/{database}?host={self.folder}"

    def prepare(self):
        self.run(f"{self.programs}/initdb", "--pgdata", "data", "--username", "bench", "--auth", "trust",
                 "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync")

    def command(self):
        settings = ("listen_addresses=", f"unix_socket_directories={self.folder}", *self.settings)
        return [f"{self.programs}/postgres", "-D", "data", *(f"--{setting}" for setting in settings)]

    def question(self):
        return [f"{self.programs}/pg_isready", "--quiet", "--host", str(self.folder)]

    def ask(self, statement, database="postgres", seconds=60):
        """The rows of a statement, each a list of texts."""
        text = self.run(f"{self.programs}/psql", "--host", str(self.folder), "--username", "bench", "--no-psqlrc",
                        "--quiet", "--no-align", "--tuples-only", "--field-separator", "\t", "--command", statement,
                        database, seconds=seconds)
        return [line.split("\t") for line in text.splitlines()]


class Redis(Store):
    """On a loopback port, as programs are usually told, and on a socket."""

    name = "redis-server"

    def __init__(self):
        super().__init__()
        port = harness.free_port()
        self.options = ["--bind", "127.0.0.1", "--port", str(port), "--unixsocket", f"{self.folder}/socket"]
        self.addresses = {"TCP": f"redis://127.0.0.1:{port}", "unix socket": f"unix:{self.folder}/socket"}

    def command(self):
        return [self.name, *self.options, "--save", "", "--appendonly", "no"]

    def question(self):
        return ["redis-cli", "-s", f"{self.folder}/socket", "PING"]
