"""What the tests of the stack share: copies of the repository's files, real processes, requests, and waiting."""

import contextlib
import html
import http.client
import http.server
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import urllib.parse

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


def free_port():
    """A port nobody listens on, from below the range that the kernel hands out to clients."""
    while True:
        port = 20_000 + int.from_bytes(os.urandom(2), "big") % 10_000
        with contextlib.suppress(OSError), socket.socket() as trial:
            trial.bind(("127.0.0.1", port))
            return port


def wait_until(condition, seconds=10, what="the condition"):
    """Answers what the condition answers as soon as that is true."""
    deadline = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not after {seconds} s")
        time.sleep(0.01)


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.fields = response.getheaders()
        self.body = response.read()

    def all(self, name):
        return [value for key, value in self.fields if key.lower() == name.lower()]

    def __getitem__(self, name):
        values = self.all(name)
        return values[0] if values else None

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)


def request(port, path, method="GET", body=None, fields=None, tls=False, timeout=10):
    """One request on a connection of its own. A dictionary as the body is sent as JSON."""
    fields = dict(fields or {})
    if isinstance(body, dict):
        body = json.dumps(body)
        fields["Content-Type"] = "application/json"
    if tls:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=timeout, context=context)
    else:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    with contextlib.closing(connection):
        connection.request(method, path, body=body, headers=fields)
        return Answer(connection.getresponse())


class Visitor:
    """Somebody with a browser: keeps cookies, and sends forms with the hidden fields of the page they stand on."""

    HIDDEN = re.compile('<input type="hidden" name="([^"]+)" value="([^"]*)"')

    def __init__(self, port, tls=False, fields=None):
        self.port, self.tls, self.fields, self.cookies = port, tls, fields or {}, {}

    def ask(self, path, method="GET", body=None, **fields):
        if self.cookies:
            fields["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = request(self.port, path, method, body, {**self.fields, **fields}, self.tls)
        for line in answer.all("Set-Cookie"):
            name, value = line.split(";")[0].split("=", 1)
            self.cookies[name] = value
        return answer

    def send(self, path, **typed):
        """The form on a page, sent to where the page is."""
        page = self.ask(path)
        hidden = {name: html.unescape(value) for name, value in self.HIDDEN.findall(page.text)}
        if "csrf_token" not in hidden:
            return page
        content = urllib.parse.urlencode(hidden | typed)
        return self.ask(path, "POST", content, **{"Content-Type": "application/x-www-form-urlencoded"})

    def sign_in(self, username, password):
        return self.send("/login", username=username, password=password)


class Upstream:
    """A server that notes what reaches it and answers what the test says."""

    def __init__(self, answer=None, port=0):
        self.seen = []
        upstream = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                upstream.seen.append((self.command, self.path, self.headers))
                status, fields, body = (answer or upstream.plain)(self)
                if status is None:
                    # Breaks off without an answer.
                    self.close_connection = True
                    return
                self.send_response(status)
                for name, value in fields.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_GET

            def log_message(self, *arguments):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *arguments):
                """A peer that goes away is no trouble."""

        self.server = Server(("127.0.0.1", port), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @staticmethod
    def plain(handler):
        return 200, {"Content-Type": "text/plain"}, b"upstream"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Nginx:
    """The repository's configuration under a real nginx, before upstreams of the test's own."""

    def __init__(self, api, web, changes=(), apps=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="gatehouse-nginx-"))
        # The workers are somebody else when root runs the tests.
        self.folder.chmod(0o755)
        self.port, self.tls_port = free_port(), free_port()
        configuration = self.folder / "nginx"
        shutil.copytree(REPOSITORY / "nginx", configuration)
        for file, old, new in changes:
            text = (configuration / file).read_text()
            assert old in text, f"{file} does not hold {old}"
            (configuration / file).write_text(text.replace(old, new))
        if apps:
            (configuration / "apps" / "test.conf").write_text(apps)
        static = self.folder / "root" / "static"
        static.mkdir(parents=True)
        (static / "site.css").write_text("body { color: black }\n" * 200)
        subprocess.run([REPOSITORY / "init/certificate", self.folder], check=True, capture_output=True)
        (configuration / "stack/upstreams.conf").write_text(
            self._upstream("gatehouse_api", api) + self._upstream("gatehouse_web", web)
        )
        (configuration / "stack/listen.conf").write_text(
            f"listen 127.0.0.1:{self.port}; listen 127.0.0.1:{self.tls_port} ssl http2;\n"
            f"ssl_certificate {self.folder}/development.pem; ssl_certificate_key {self.folder}/development.key;\n"
            f"root {self.folder}/root;\n"
        )
        self.log = open(self.folder / "log", "w")
        self.process = subprocess.Popen(
            ["nginx", "-p", f"{configuration}/", "-c", configuration / "nginx.conf", "-e", "stderr"],
            stdout=self.log, stderr=self.log, env={**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin"},
        )
        wait_until(self._listens, what="nginx listens")

    @staticmethod
    def _upstream(name, ports):
        servers = "".join(f"server 127.0.0.1:{port} max_fails=2 fail_timeout=2s;" for port in ports)
        return f"upstream {name} {{ {servers} keepalive 8; }}\n"

    def _listens(self):
        if self.process.poll() is not None:
            raise AssertionError((self.folder / "log").read_text())
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.tls_port), timeout=1):
            return True

    def get(self, path, **details):
        return request(self.port, path, **details)

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(10)
        self.log.close()
        shutil.rmtree(self.folder)


class Postgres:
    """A server of its own with the database `gatehouse`, without the schema, reached over a socket in its folder."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="gatehouse-postgres-"))
        # It refuses to run as root.
        self.user = "postgres" if os.geteuid() == 0 else None
        if self.user:
            shutil.chown(self.folder, self.user)
        self.programs = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        self.run("initdb", "-D", self.folder / "data", "-U", "gatehouse", "-A", "trust", "-E", "UTF8", "--no-sync")
        self.run(
            "pg_ctl", "-D", self.folder / "data", "-l", self.folder / "log", "-w", "start",
            "-o", f"-c listen_addresses= -c fsync=off -c unix_socket_directories={self.folder}",
        )
        self.environment = {"PGHOST": str(self.folder), "POSTGRES_USER": "gatehouse", "POSTGRES_DB": "gatehouse"}
        self.url = f"postgresql://gatehouse@/gatehouse?host={urllib.parse.quote(str(self.folder), safe='')}"
        self.ask("CREATE DATABASE gatehouse", database="postgres")

    def run(self, program, *words):
        # Not captured: the server would keep the pipe.
        subprocess.run([self.programs / program, *words], check=True, stdout=subprocess.DEVNULL, user=self.user, cwd="/")

    def ask(self, statement, database="gatehouse"):
        """The rows, each as one text."""
        return subprocess.run(
            ["psql", "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "gatehouse", "-d", database, "-c", statement],
            env={**os.environ, **self.environment}, check=True, text=True, stdout=subprocess.PIPE,
        ).stdout.splitlines()

    def close(self):
        self.run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder)


class Installation:
    """A copy of what an operator has, in a folder and on ports of its own, with programs that are built already."""

    def __init__(self, settings=None, apps=None, changes=()):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="gatehouse-stack-"))
        self.folder.chmod(0o755)
        for name in ["init", "nginx", "templates", ".ci"]:
            if (REPOSITORY / name).exists():
                shutil.copytree(REPOSITORY / name, self.folder / name)
        shutil.copy(REPOSITORY / ".env.example", self.folder)
        (self.folder / "docs").mkdir()
        shutil.copy(REPOSITORY / "docs/configuration.md", self.folder / "docs")
        (self.folder / "templates/static").mkdir(parents=True, exist_ok=True)
        (self.folder / "templates/static/test.css").write_text("body { color: black }\n")
        if apps:
            (self.folder / "nginx/apps/test.conf").write_text(apps)
        for file, old, new in changes:
            text = (self.folder / file).read_text()
            assert old in text, f"{file} does not hold {old}"
            (self.folder / file).write_text(text.replace(old, new))
        self.port, self.tls_port = free_port(), free_port()
        self.settings = {"HTTP_PORT": str(self.port), "HTTPS_PORT": str(self.tls_port), **(settings or {})}

    # Seconds that a command may take.
    patience = 120

    def environment(self):
        """Nothing of the caller's own settings."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "STACK": "native",
            "PROGRAMS": os.environ.get("PROGRAMS", str(REPOSITORY / ".build/debug")),
            **self.settings,
        }

    def run(self, command, check=True, **settings):
        """One of the commands behind `make`."""
        result = subprocess.run(
            [self.folder / "init/stack", command], env={**self.environment(), **settings}, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=self.patience,
        )
        if check and result.returncode != 0:
            raise AssertionError(f"{command} failed with {result.returncode}:\n{result.stdout}")
        return result

    def get(self, path, **details):
        return request(self.port, path, **details)

    def log(self, name):
        file = self.folder / f".run/logs/{name}.log"
        # What somebody asked for may be no text, and nginx writes it as it came.
        return file.read_text(errors="backslashreplace") if file.exists() else ""

    def pid(self, part):
        with contextlib.suppress(OSError, ValueError, IndexError):
            return int((self.folder / f".run/pids/{part}").read_text().split()[0])

    def processes(self):
        """Every process that works in .run, whoever its parent is."""
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                place = os.readlink(entry / "cwd")
                if entry.name.isdigit() and place.startswith(str(self.folder / ".run")):
                    found.append(int(entry.name))
        return found

    def setting(self, name):
        for line in (self.folder / ".env").read_text().splitlines():
            if line.startswith(name + "="):
                return line.split("=", 1)[1]

    def sign_in(self, username="admin", password=None):
        answer = self.get(
            "/api/v1/auth/login", method="POST",
            body={"username": username, "password": password or self.setting("ADMIN_PASSWORD")},
        )
        assert answer.status == 200, answer.text
        return answer.json

    def close(self):
        if (self.folder / ".run").exists():
            self.run("stop", check=False)
        shutil.rmtree(self.folder)
