"""gatehouse-api as it is operated: on Postgres and Redis, with one instance or several, and clients that speak JSON.

Standard library only, like harness.py.
"""

import contextlib
import http.client
import json
import os
import secrets
import subprocess

import harness
from harness import Failure, Server
from stores import Postgres, Redis

ADMINISTRATOR, PASSWORD = "admin", "plum-Granite-47-otter"
PREFIX = "/api/v1"
# Passwords that cost next to nothing, for what is not about them.
CHEAP_HASHES = {"ARGON2_MEMORY_KIB": "64", "ARGON2_ITERATIONS": "1"}
NO_LIMITS = {"RATE_LIMIT_ENABLED": "false", "LOGIN_ATTEMPTS": "0", "SESSION_LIMIT": "0"}
# The largest there are: all is counted, as it always is, so that it costs what it always costs, and nothing is refused.
LARGE_LIMITS = {f"RATE_LIMIT_PER_{unit}": "1000000" for unit in ("MINUTE", "HOUR", "DAY")} | {
    f"RATE_LIMIT_{what}": "1000000/minute,1000000/hour,1000000/day" for what in ("LOGIN", "SIGNUP", "REFRESH")} | {
    "LOGIN_ATTEMPTS": "1000000", "SESSION_LIMIT": "10000"}


# Where people would see the pages, were there an nginx in front of them.
PUBLIC_URL = "https://localhost"


def pages_environment(port, api_port, redis):
    """Of gatehouse-web, as it is operated."""
    return {
        "LOG_LEVEL": "error", "ENVIRONMENT": "production", "PUBLIC_URL": PUBLIC_URL, "WEB_LISTEN": f"127.0.0.1:{port}",
        "API_URL": f"http://127.0.0.1:{api_port}", "REDIS_URL": redis.addresses["TCP"],
        "TEMPLATES_PATH": str(harness.ROOT / "templates"),
    }


class Answer:
    """One answer: status, header fields in lower case, content."""

    def __init__(self, status, fields, content):
        self.status, self.fields, self.content = status, fields, content

    def json(self):
        return json.loads(self.content)

    def code(self):
        """What the envelope says, or None where there is none."""
        try:
            return self.json()["error"]["code"]
        except (ValueError, KeyError, TypeError):
            return None

    def __repr__(self):
        return f"{self.status} {self.content[:300].decode(errors='replace')}"


class Client:
    """One keep-alive connection to one instance; made anew when the instance closed it."""

    def __init__(self, port, timeout=20):
        self.port = port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def ask(self, method, path, body=None, token=None, fields=None):
        """`body` is sent as JSON, unless it is bytes already. A path without a slash at its beginning is one of the API."""
        fields = {name: value for name, value in (fields or {}).items()}
        if body is not None:
            fields.setdefault("Content-Type", "application/json")
            if not isinstance(body, bytes):
                body = json.dumps(body).encode()
        if token:
            fields["Authorization"] = f"Bearer {token}"
        target = path if path.startswith("/") else f"{PREFIX}/{path}"
        try:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                # Content that is too long is answered before all of it was sent.
                self.connection.request(method, target, body, fields)
            answer = self.connection.getresponse()
            return Answer(
                answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        except BaseException:
            self.connection.close()
            raise

    def expect(self, status, method, path, body=None, token=None, fields=None):
        """Asks for what has to succeed for the rest to make sense."""
        answer = self.ask(method, path, body, token, fields)
        if answer.status != status:
            raise Failure(f"{method} {path} answers {answer!r} instead of {status}")
        return answer

    def login(self, name=ADMINISTRATOR, password=PASSWORD):
        """The tokens of a new session."""
        return self.expect(200, "POST", "auth/login", {"username_or_email": name, "password": password}).json()

    def make_user(self, token, name=None, **fields):
        """A user with the password of the administrator, made by one."""
        name = name or f"user-{secrets.token_hex(6)}"
        body = {"username": name, "email": f"{name}@example.com", "password": PASSWORD} | fields
        return self.expect(201, "POST", "users", body, token).json()


class Instance:
    """One process that serves, always on the same port: it may be killed and started again."""

    def __init__(self, environment):
        self.port = harness.free_port()
        self.environment = environment | {"API_LISTEN": f"127.0.0.1:{self.port}"}
        self.server = None

    def start(self):
        self.server = Server("gatehouse-api", [str(harness.API), "serve"], self.port, self.environment)
        self.server.__enter__()

    def kill(self):
        """As a power cut ends it: nothing of what it was doing is finished."""
        self.server.process.kill()
        self.server.process.wait()

    def stop(self, *failure):
        server, self.server = self.server, None
        if server:
            server.__exit__(*(failure or (None, None, None)))

    def restart(self):
        self.stop()
        self.start()

    def client(self, **options):
        return Client(self.port, **options)


class Service:
    """Private stores with the schema, and instances that share them. Use it with `with`; it is gone at the end.

    `instances` is how many, or a list of what each of them is told beside `variables`; `settings` are of Postgres.
    """

    def __init__(self, instances=1, durable=False, settings=(), **variables):
        if not harness.API.exists():
            raise Failure(f"{harness.API} is missing: run `make build` first")
        self.own = instances if isinstance(instances, list) else [{}] * instances
        self.variables = variables
        # Where only the programs are killed, the disk need not be waited for.
        speed = () if durable else ("fsync=off", "full_page_writes=off")
        self.postgres = Postgres("shared_buffers=64MB", "max_connections=100", *speed, *settings)
        self.redis = Redis()
        self.secret = secrets.token_hex(32)
        self.stack = contextlib.ExitStack()
        self.instances = []

    def __enter__(self):
        with self.stack:
            self.stack.enter_context(self.postgres)
            self.stack.enter_context(self.redis)
            self.run("migrate")
            for variables in self.own:
                instance = Instance(self.environment() | variables)
                self.stack.push(instance.stop)
                instance.start()
                self.instances.append(instance)
            self.stack = self.stack.pop_all()
        return self

    def __exit__(self, *failure):
        self.stack.__exit__(*failure)

    def environment(self):
        return {
            "LOG_LEVEL": "error", "ENVIRONMENT": "production", "DOCS_ENABLED": "true",
            "DATABASE_URL": self.postgres.url, "REDIS_URL": self.redis.addresses["TCP"],
            "MIGRATIONS_PATH": str(harness.ROOT / "init"), "JWT_SECRET": self.secret,
            "ADMIN_USERNAME": ADMINISTRATOR, "ADMIN_PASSWORD": PASSWORD,
        } | self.variables

    def run(self, *words, **variables):
        """A command of the program on these stores: what it printed."""
        kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
        done = subprocess.run(
            [str(harness.API), *words], env=kept | self.environment() | variables, cwd=self.redis.folder,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, check=False)
        if done.returncode != 0:
            raise Failure(f"gatehouse-api {' '.join(words)}: {(done.stderr or done.stdout).strip()[-2000:]}")
        return done.stdout

    def client(self, number=0, **options):
        """A client of one of the instances."""
        return self.instances[number].client(**options)
