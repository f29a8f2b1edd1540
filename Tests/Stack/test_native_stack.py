"""The native stack as an operator sees it: `make start` and the others, with the real programs, Postgres, Redis, nginx."""

import base64
import contextlib
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from support import REPOSITORY, Answer, Installation, Upstream, Visitor, free_port, request, wait_until

PARTS = ["postgres", "redis", "api-1", "web-1", "nginx"]


class RunningStackTests(unittest.TestCase):
    """What needs a running stack and leaves it as it was. The tests share one."""

    @classmethod
    def setUpClass(cls):
        cls.app = Upstream()
        apps = f"""
            location /programs/ {{ include snippets/protect-api.conf; proxy_pass http://127.0.0.1:{cls.app.port}; }}
            location /pages/ {{ include snippets/protect-pages.conf; proxy_pass http://127.0.0.1:{cls.app.port}; }}
        """
        cls.stack = Installation(
            {"API_INSTANCES": "2", "WEB_INSTANCES": "2", "RATE_LIMIT_ENABLED": "false", "PASSWORD_REQUIRE_UPPERCASE": "true",
             "PASSWORD_REQUIRE_DIGIT": "true", "PASSWORD_REQUIRE_SYMBOL": "true"},
            apps,
            changes=[("nginx/limits.conf", "rate=100r/s", "rate=10000r/s"), ("nginx/limits.conf", "rate=10r/s", "rate=1000r/s")],
        )
        cls.started = cls.stack.run("start").stdout

    @classmethod
    def tearDownClass(cls):
        cls.stack.close()
        cls.app.close()

    def test_start_says_where_it_is_and_how_to_sign_in(self):
        self.assertIn(f"http://localhost:{self.stack.port}", self.started)
        password = self.stack.setting("ADMIN_PASSWORD")
        self.assertIn(password, self.started)
        self.assertTrue(self.stack.sign_in("admin", password)["user"]["is_admin"])

    def test_the_settings_hold_fresh_secrets_that_nobody_else_reads(self):
        self.assertEqual(os.stat(self.stack.folder / ".env").st_mode & 0o777, 0o600)
        names = ["JWT_SECRET", "POSTGRES_PASSWORD", "POSTGRES_APP_PASSWORD", "REDIS_PASSWORD"]
        secrets = [self.stack.setting(name) for name in names]
        self.assertEqual(len(set(secrets)), len(names))
        for secret in secrets:
            self.assertRegex(secret, "^[0-9a-f]{64}$")
        for log in (self.stack.folder / ".run/logs").iterdir():
            for secret in [*secrets, self.stack.setting("ADMIN_PASSWORD")]:
                self.assertNotIn(secret, log.read_text(), log.name)
        # Arguments are seen by every user of the machine.
        for pid in self.stack.processes():
            arguments = pathlib.Path(f"/proc/{pid}/cmdline").read_text()
            for secret in secrets:
                self.assertNotIn(secret, arguments)

    def test_nothing_runs_as_root(self):
        owners = {os.stat(f"/proc/{pid}").st_uid for pid in self.stack.processes()}
        self.assertEqual(len(owners), 1)
        self.assertNotEqual(owners, {0})

    def test_only_nginx_listens_on_ports_and_only_on_this_machine(self):
        own = self.stack.processes()
        listening = set()
        for line in subprocess.run(["ss", "-Hltnp"], check=True, capture_output=True, text=True).stdout.splitlines():
            if any(f"pid={pid}," in line for pid in own):
                listening.add(line.split()[3])
        self.assertEqual(listening, {f"127.0.0.1:{self.stack.port}", f"127.0.0.1:{self.stack.tls_port}"})

    def test_a_second_start_changes_nothing(self):
        before = self.stack.processes()
        self.assertIn("Already running", self.stack.run("start").stdout)
        self.assertEqual(set(before) - set(self.stack.processes()), set())

    def test_status_shows_each_part_and_is_content(self):
        status = self.stack.run("status").stdout
        for part in [*PARTS, "api-2", "web-2", "supervisor"]:
            self.assertRegex(status, rf"(?m)^{part} +\d+ +\d.* healthy ")
        self.assertIn(f"http://127.0.0.1:{self.stack.port}", status)

    def test_logs_show_all_parts_or_one(self):
        every = self.stack.run("logs", FOLLOW="0").stdout
        for part in PARTS:
            self.assertRegex(every, rf"(?m)^{part} +\| ")
        one = self.stack.run("logs", FOLLOW="0", PART="web").stdout
        self.assertIn("service=web", one)
        self.assertNotIn("service=api", one)
        wrong = self.stack.run("logs", check=False, FOLLOW="0", PART="wbe")
        self.assertNotEqual(wrong.returncode, 0)
        self.assertIn("web-1", wrong.stdout)

    def test_an_address_that_a_client_claims_is_in_no_log_and_no_session(self):
        claimed = "203.0.113.77"
        fields = {"X-Forwarded-For": claimed, "X-Real-IP": claimed, "Forwarded": f"for={claimed}"}
        answer = self.stack.get(
            "/api/v1/auth/login", method="POST", fields=fields,
            body={"username": "admin", "password": self.stack.setting("ADMIN_PASSWORD")},
        )
        bearer = {"Authorization": "Bearer " + answer.json["access_token"], **fields}
        self.assertEqual(self.stack.get("/api/v1/hello", fields=bearer).status, 200)
        self.assertNotIn(claimed, self.stack.get("/api/v1/auth/sessions", fields=bearer).text)
        audit = self.stack.get("/api/v1/admin/audit", fields=bearer).text
        self.assertIn("127.0.0.1", audit)
        self.assertNotIn(claimed, audit)
        identifier = answer["X-Request-ID"]
        line = wait_until(
            lambda: re.search(f".*{identifier}.*", self.stack.log("api-1") + self.stack.log("api-2")), what="the log line"
        ).group()
        self.assertIn("client=127.0.0.1", line)
        for log in (self.stack.folder / ".run/logs").iterdir():
            self.assertNotIn(claimed, log.read_text(), log.name)

    def test_security_fields_stand_on_the_programs_answers_once(self):
        for path in ["/", "/health", "/api/v1/hello", "/api/v1/nothing"]:
            answer = request(self.stack.tls_port, path, tls=True)
            for name in ["X-Frame-Options", "X-Content-Type-Options", "Content-Security-Policy", "Referrer-Policy",
                         "Strict-Transport-Security", "X-Request-ID"]:
                self.assertEqual(len(answer.all(name)), 1, f"{name} of {path}")

    def test_what_a_page_loads_comes_from_disk_and_may_be_kept(self):
        page = self.stack.get("/login")
        self.assertEqual(page.status, 200)
        addresses = re.findall(r'"(/static/[^"]+)"', page.text)
        self.assertGreater(len(addresses), 0)
        for address in addresses:
            answer = self.stack.get(address)
            self.assertEqual((answer.status, answer["Cache-Control"]), (200, "public, max-age=31536000, immutable"))
        self.assertNotIn("/static/", self.stack.log("web-1"))

    def test_static_files_are_read_from_the_templates(self):
        self.assertEqual(self.stack.get("/static/test.css?v=1").text, "body { color: black }\n")

    def test_a_protected_application_gets_who_it_is_until_the_session_is_revoked(self):
        forged = {"X-Auth-User-Id": "1", "X-Auth-Username": "root", "X-Auth-Roles": "admin"}
        refused = self.stack.get("/programs/x", fields=forged)
        self.assertEqual((refused.status, refused.json["error"]["code"]), (401, "AUTHENTICATION_ERROR"))
        self.assertEqual(self.app.seen, [])

        tokens = self.stack.sign_in()
        bearer = {"Authorization": "Bearer " + tokens["access_token"]}
        self.assertEqual(self.stack.get("/programs/x", fields={**forged, **bearer}).status, 200)
        fields = self.app.seen[-1][2]
        self.assertEqual(fields.get_all("X-Auth-User-Id"), [tokens["user"]["id"]])
        self.assertEqual(fields.get_all("X-Auth-Username"), ["admin"])
        self.assertEqual(len(fields.get_all("X-Auth-Roles")), 1)

        self.assertEqual(self.stack.get("/api/v1/auth/logout", method="POST", fields=bearer).status, 204)
        # Whichever instance is asked.
        for _ in range(8):
            self.assertEqual(self.stack.get("/programs/x", fields=bearer).status, 401)
            self.assertEqual(self.stack.get("/api/v1/hello", fields=bearer).status, 401)
        self.assertEqual(len(self.app.seen), 1)

    def test_a_protected_page_sends_to_the_sign_in_and_back_and_is_closed_once_the_session_is_revoked(self):
        forged = {"X-Auth-User-Id": "1", "X-Auth-Username": "root", "X-Auth-Roles": "admin"}
        visitor = Visitor(self.stack.port, fields=forged)
        seen = len(self.app.seen)
        refused = visitor.ask("/pages/x?a=1")
        self.assertIn(refused.status, (302, 303))
        self.assertEqual(len(self.app.seen), seen)

        answer = visitor.send(refused["Location"], username="admin", password=self.stack.setting("ADMIN_PASSWORD"))
        self.assertEqual((answer.status, answer["Location"]), (303, "/pages/x?a=1"))
        self.assertEqual(visitor.ask(answer["Location"]).text, "upstream")
        _, path, fields = self.app.seen[-1]
        self.assertEqual(path, "/pages/x?a=1")
        self.assertEqual(fields.get_all("X-Auth-Username"), ["admin"])
        self.assertEqual(fields.get_all("X-Auth-User-Id"), [self.stack.sign_in()["user"]["id"]])
        self.assertEqual(fields.get_all("X-Auth-Roles"), ["admin,user"])
        self.assertNotIn("gatehouse=", fields["Cookie"] or "")

        bearer = {"Authorization": "Bearer " + self.stack.sign_in()["access_token"]}
        self.assertEqual(self.stack.get("/api/v1/auth/logout-all", method="POST", fields=bearer).status, 204)
        seen = len(self.app.seen)
        for _ in range(8):
            self.assertIn(visitor.ask("/pages/x").status, (302, 303))
        self.assertEqual(len(self.app.seen), seen)

    def ask_as_the_web_does(self, path, fields):
        """Over the socket that leads to all instances."""
        connection = http.client.HTTPConnection("localhost", timeout=10)
        connection.sock = socket.socket(socket.AF_UNIX)
        with contextlib.closing(connection):
            connection.sock.connect(str(self.stack.folder / ".run/sockets/api"))
            connection.request("GET", path, headers=fields)
            return Answer(connection.getresponse())

    def test_an_instance_that_is_killed_costs_requests_that_may_be_repeated_nothing(self):
        bearer = {"Authorization": "Bearer " + self.stack.sign_in()["access_token"]}
        for ask in [self.stack.get, self.ask_as_the_web_does]:
            with self.subTest(ask.__name__):
                self.kill_an_instance_under_load("api-2", lambda: ask("/api/v1/hello", fields=bearer).status)

    def test_an_instance_of_the_pages_that_is_killed_costs_nobody_a_page(self):
        visitor = Visitor(self.stack.port)
        self.assertEqual(visitor.sign_in("admin", self.stack.setting("ADMIN_PASSWORD")).status, 303)

        def read():
            page = visitor.ask("/hello")
            return 200 if "hello world" in page.text else page.status

        self.kill_an_instance_under_load("web-2", read)

    def test_what_the_web_says_of_its_client_reaches_the_api(self):
        bearer = {"Authorization": "Bearer " + self.stack.sign_in()["access_token"], "X-Forwarded-For": "198.51.100.4"}
        answer = self.ask_as_the_web_does("/api/v1/hello", bearer)
        line = wait_until(
            lambda: re.search(f".*{answer['X-Request-ID']}.*", self.stack.log("api-1") + self.stack.log("api-2")),
            what="the log line",
        ).group()
        self.assertIn("client=198.51.100.4", line)

    def kill_an_instance_under_load(self, part, ask):
        with Load(ask) as load:
            wait_until(lambda: len(load.answers) > 20, what="the load runs")
            killed = self.stack.pid(part)
            os.kill(killed, signal.SIGKILL)
            wait_until(lambda: self.stack.pid(part) not in (None, killed), what="the supervisor acts")
            seen = len(load.answers)
            wait_until(lambda: len(load.answers) > seen + 20, what="the load goes on")
        self.assertEqual(set(load.answers), {200})


class SettingsTests(unittest.TestCase):
    """What may stand in `.env`, all of it at once, on a stack that the tests share."""

    @classmethod
    def setUpClass(cls):
        cls.metrics = free_port()
        cls.closed = pathlib.Path(tempfile.mkdtemp(prefix="gatehouse-secrets-"))
        cls.addClassCleanup(shutil.rmtree, cls.closed)
        key = subprocess.run(
            ["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"], check=True, capture_output=True,
        ).stdout.decode()
        cls.password = "plum-Granite-47-otter"
        for name, text in {
            "JWT_SECRET": os.urandom(32).hex() + "\n", "POSTGRES_APP_PASSWORD": "it's \\ \"odd\" @/%\n",
            "ADMIN_PASSWORD": cls.password, "JWT_PRIVATE_KEY": key,
        }.items():
            # Root's own, where root runs the tests: the account of the stack can read neither folder nor file.
            (cls.closed / name).write_text(text)
            (cls.closed / name).chmod(0o600)
        cls.stack = Installation({"API_INSTANCES": "2", "BIND": "::"})
        cls.origin = f"https://localhost:{cls.stack.tls_port}"
        example = cls.stack.folder / ".env.example"
        settings = {
            **{f"{file.name}_FILE": file for file in cls.closed.iterdir()}, "JWT_ALGORITHM": "ES256",
            # What a stack has of its own.
            "DATABASE_URL": "postgresql://nobody@nowhere/nothing", "REDIS_URL_FILE": "/nowhere", "API_URL": "http://nowhere",
            "TRUSTED_PROXIES": "none", "WEB_LISTEN": "0.0.0.0:1",
            "METRICS_LISTEN": f"127.0.0.1:{cls.metrics}", "HTTP_MAX_BODY": "2MiB", "HSTS_MAX_AGE": "1h",
            "DATABASE_POOL_SIZE": "32", "EVENT_LOOPS": "2", "PUBLIC_URL": cls.origin,
            # Signing up is limited, other things are not in the way.
            "RATE_LIMIT_SIGNUP": "3/minute", "RATE_LIMIT_PER_MINUTE": "5000", "RATE_LIMIT_PER_HOUR": "5000",
        }
        example.write_text(example.read_text() + "".join(f"{name}={value}\n" for name, value in settings.items()))
        # An `.env` that somebody has copied, as everybody does.
        shutil.copy(example, cls.stack.folder / ".env")
        (cls.stack.folder / ".env").chmod(0o644)
        cls.addClassCleanup(cls.stack.close)
        cls.started = cls.stack.run("start").stdout

    def ask(self, path, **details):
        return request(self.stack.tls_port, path, tls=True, **details)

    def sign_in(self):
        answer = self.ask("/api/v1/auth/login", method="POST", body={"username": "admin", "password": self.password})
        self.assertEqual(answer.status, 200, answer.text)
        return answer

    def test_settings_that_others_could_read_are_closed(self):
        self.assertEqual(os.stat(self.stack.folder / ".env").st_mode & 0o777, 0o600)

    def test_secrets_may_be_in_files_that_the_account_can_not_read(self):
        token = self.sign_in().json["access_token"]
        header = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))
        self.assertEqual(header["alg"], "ES256")
        self.assertEqual(len(self.ask("/.well-known/jwks.json").json["keys"]), 1)
        for file in (self.stack.folder / ".run/secrets").iterdir():
            self.assertEqual(os.stat(file).st_mode & 0o777, 0o600, file)
        settings = (self.stack.folder / ".run/.env").read_text()
        for file in self.closed.iterdir():
            self.assertNotRegex(settings, rf"(?m)^{file.name}")

    def test_the_stack_has_its_own_stores_and_addresses_whatever_env_says(self):
        self.assertIn("DATABASE_URL is not heeded", self.started)
        self.assertIn("REDIS_URL is not heeded", self.started)
        self.stack.run("status")

    def test_the_address_of_a_client_is_believed_from_nginx_alone(self):
        identifier = self.sign_in()["X-Request-ID"]
        line = wait_until(
            lambda: re.search(f".*{identifier}.*", self.stack.log("api-1") + self.stack.log("api-2")), what="the log line"
        ).group()
        self.assertIn("client=127.0.0.1", line)

    def test_nobody_gets_around_a_limit_by_another_address_that_they_claim(self):
        def claims(number):
            address = f"203.0.113.{number}"
            return {"X-Forwarded-For": address, "X-Real-IP": address, "Forwarded": f"for={address}"}

        statuses = []
        for number in range(5):
            name = f"claims-{number}"
            body = {"username": name, "email": f"{name}@example.com", "password": self.password}
            statuses.append(self.ask("/api/v1/auth/signup", method="POST", body=body, fields=claims(number)).status)
        self.assertEqual(statuses, [201, 201, 201, 429, 429])
        # The pages say whom they ask for, and what they say comes from nginx too.
        visitor = Visitor(self.stack.tls_port, tls=True, fields={**claims(9), "Host": f"localhost:{self.stack.tls_port}"})
        page = visitor.send("/signup", username="claims-9", email="claims-9@example.com", password=self.password)
        self.assertEqual(page.status, 429, page.text)
        self.assertEqual(visitor.sign_in("admin", self.password).status, 303)
        bearer = {"Authorization": "Bearer " + self.sign_in().json["access_token"]}
        audit = self.ask("/api/v1/admin/audit?page_size=100", fields=bearer).text
        self.assertIn("127.0.0.1", audit)
        self.assertNotIn("203.0.113.", audit)
        self.assertNotIn("203.0.113.", self.ask("/api/v1/auth/sessions", fields=bearer).text)
        for log in (self.stack.folder / ".run/logs").iterdir():
            self.assertNotIn("203.0.113.", log.read_text(), log.name)

    def test_each_process_has_a_port_for_its_metrics(self):
        for number in range(3):
            self.assertIn("# TYPE", request(self.metrics + number, "/metrics").text)

    def test_all_addresses_are_those_of_both_families(self):
        for address in ["127.0.0.1", "::1"]:
            for port in [self.stack.port, self.stack.tls_port]:
                socket.create_connection((address, port), timeout=2).close()

    def test_nginx_takes_up_what_is_set(self):
        for length, passes in [(1_500_000, True), (2_200_000, False)]:
            answer = self.ask("/api/v1/auth/login", method="POST", body={"username": "a" * length, "password": "x"})
            identifier = answer["X-Request-ID"]
            line = wait_until(lambda: re.search(f".*{identifier}", self.stack.log("nginx")), what="the log line").group()
            self.assertEqual("unix:" in line, passes, line)
        for path in ["/static/test.css", "/health"]:
            self.assertEqual(self.ask(path).all("Strict-Transport-Security"), ["max-age=3600; includeSubDomains"])
        answer = self.stack.get("/login?next=/account")
        self.assertEqual((answer.status, answer["Location"]), (308, f"{self.origin}/login?next=/account"))

    def test_postgres_takes_as_many_connections_as_the_programs_may_make(self):
        arguments = pathlib.Path(f"/proc/{self.stack.pid('postgres')}/cmdline").read_text().split("\0")
        # Two instances, two loops each, 32 and the one that watches for each of these, and some for others.
        self.assertIn("max_connections=152", arguments)


class Load:
    """A few clients that ask without a pause, for as long as the block lasts."""

    def __init__(self, ask, clients=3):
        self.ask, self.answers, self.ended = ask, [], threading.Event()
        self.threads = [threading.Thread(target=self.run) for _ in range(clients)]

    def run(self):
        while not self.ended.is_set():
            try:
                self.answers.append(self.ask())
            except (OSError, http.client.HTTPException) as error:
                self.answers.append(type(error).__name__)
            # Light: the machine has more to do than this.
            self.ended.wait(0.005)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *reason):
        self.ended.set()
        for thread in self.threads:
            thread.join()


@unittest.skipUnless(os.geteuid() == 0, "only root runs the stack as somebody else")
class AccountTests(unittest.TestCase):
    """Where root can not start the stack without running something as root."""

    def refusal(self, installation):
        try:
            refused = installation.run("start", check=False)
            self.assertNotEqual(refused.returncode, 0)
            self.assertEqual(installation.processes(), [])
            return refused.stdout
        finally:
            installation.close()

    def test_a_folder_that_only_root_may_enter_is_refused_with_the_way_out(self):
        closed = Installation()
        closed.folder.chmod(0o700)
        said = self.refusal(closed)
        self.assertIn("can not read", said)
        self.assertIn("/srv", said)

    def test_what_belongs_to_root_is_not_run_as_root(self):
        made_for_containers = Installation()
        (made_for_containers.folder / ".run").mkdir(0o700)
        self.assertIn("belongs to root", self.refusal(made_for_containers))


class AccidentTests(unittest.TestCase):
    """What goes wrong. Each test leaves a stack that can be started."""

    @classmethod
    def setUpClass(cls):
        # Hashes that cost nothing, and no limits: signing in is part of the load.
        cls.stack = Installation(
            {"RATE_LIMIT_ENABLED": "false", "SESSION_LIMIT": "0", "ARGON2_MEMORY_KIB": "64", "ARGON2_ITERATIONS": "1"},
            changes=[("nginx/limits.conf", "rate=100r/s", "rate=10000r/s"), ("nginx/limits.conf", "rate=10r/s", "rate=1000r/s")],
        )

    @classmethod
    def tearDownClass(cls):
        cls.stack.close()

    def tearDown(self):
        self.stack.run("stop")
        self.assertEqual(self.stack.processes(), [])

    def assertNothingListens(self):
        for port in [self.stack.port, self.stack.tls_port]:
            with self.assertRaises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()

    def test_stop_ends_everything_and_data_outlives_it(self):
        self.stack.run("start")
        tokens = self.stack.sign_in()
        self.assertIn("Stopped", self.stack.run("stop").stdout)
        self.assertEqual(self.stack.processes(), [])
        self.assertNothingListens()
        self.assertIn("Nothing was running", self.stack.run("stop").stdout)
        status = self.stack.run("status", check=False)
        self.assertNotEqual(status.returncode, 0)
        self.assertIn("not running", status.stdout)
        started = time.monotonic()
        said = self.stack.run("start").stdout
        self.assertLess(time.monotonic() - started, 5)
        self.assertNotIn(self.stack.setting("ADMIN_PASSWORD"), said)
        bearer = {"Authorization": "Bearer " + tokens["access_token"]}
        self.assertEqual(self.stack.get("/api/v1/hello", fields=bearer).status, 200)

    def test_a_port_that_is_taken_is_named_with_the_way_out(self):
        for name, port in [("HTTP_PORT", self.stack.port), ("HTTPS_PORT", self.stack.tls_port)]:
            with socket.create_server(("127.0.0.1", port)):
                refused = self.stack.run("start", check=False)
            self.assertNotEqual(refused.returncode, 0)
            self.assertIn(f"Port {port} on 127.0.0.1 is taken", refused.stdout)
            self.assertIn(f"set {name}", refused.stdout)
            self.assertEqual(self.stack.processes(), [])

    def test_a_record_of_a_process_that_is_somebody_elses_now_harms_nobody(self):
        self.stack.run("start")
        self.stack.run("stop")
        with subprocess.Popen(["sleep", "60"], start_new_session=True) as stranger:
            try:
                start = pathlib.Path(f"/proc/{stranger.pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
                pids = self.stack.folder / ".run/pids"
                (pids / "nginx").write_text(f"{stranger.pid} 1\n")
                # Even one that seems to be right: it does not work here.
                (pids / "postgres").write_text(f"{stranger.pid} {start}\n")
                (pids / "supervisor").write_text(f"{stranger.pid} {start}\n")
                (self.stack.folder / ".run/postgres/postmaster.pid").write_text(f"{stranger.pid}\n")
                self.stack.run("stop")
                self.stack.run("start")
                self.stack.run("status")
                self.assertIsNone(stranger.poll())
            finally:
                stranger.kill()

    def test_what_stands_in_a_record_is_never_run(self):
        self.stack.run("start")
        settings = self.stack.folder / ".run/settings"
        trace = self.stack.folder / "ran"
        kept = settings.read_text()
        for value in [f"PATH[$(touch {trace})0]", f"$(touch {trace})", f"`touch {trace}`"]:
            settings.write_text(re.sub("(?m)=.*$", lambda _: f"={value}", kept))
            # What can not be meant is not heeded, and the setting counts.
            self.stack.run("status")
            self.assertFalse(trace.exists(), value)
        (self.stack.folder / ".run/pids" / f"api-1 $(touch {trace.name})").write_text("1 1\n")
        self.stack.run("stop")
        self.assertFalse(trace.exists())

    @unittest.skipUnless(os.geteuid() == 0, "whoever is not root runs the stack as themselves")
    def test_root_follows_no_link_that_the_account_has_laid(self):
        self.stack.run("start")
        self.stack.run("stop")
        run = self.stack.folder / ".run"
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            kept = folder / "nginx"
            kept.write_text("root's own")
            kept.chmod(0o600)
            for path in ["logs/supervisor.log", "certificates/development.pem", "postgres/postmaster.pid"]:
                with self.subTest(path):
                    link = run / path
                    link.unlink(missing_ok=True)
                    link.symlink_to(kept)
                    said = self.stack.run("start", check=False).stdout
                    self.assertNotIn("root's own", said)
                    self.assertEqual(kept.read_text(), "root's own")
                    self.assertNotIn("root's own", (run / "certificates/certificate.pem").read_text())
                    self.stack.run("stop")
                    link.unlink(missing_ok=True)
            with self.subTest("records"):
                (run / "pids").rename(run / "pids.kept")
                (run / "pids").symlink_to(folder)
                self.stack.run("stop", check=False)
                self.assertTrue(kept.exists())
                (run / "pids").unlink()
                (run / "pids.kept").rename(run / "pids")
        self.stack.run("start")

    def test_no_pipe_and_nothing_endless_that_the_account_has_laid_holds_a_command_up(self):
        self.stack.run("start")
        self.stack.run("stop")
        run = self.stack.folder / ".run"
        (run / "compose").mkdir(exist_ok=True)
        self.addCleanup(shutil.rmtree, run / "compose")
        owner = run.stat()
        for lay in [os.mkfifo, lambda path: path.symlink_to("/dev/zero")]:
            for command in [{"command": "status", "STACK": ""}, {"command": "status"}, {"command": "stop"}, {"command": "start"}]:
                with self.subTest(command, lay=lay):
                    for name in ["settings", "stack", "pids/supervisor", "pids/api-1", "compose/project"]:
                        # The supervisor itself writes its record.
                        if (command["command"], name) == ("start", "pids/supervisor"):
                            continue
                        (run / name).unlink(missing_ok=True)
                        lay(run / name)
                        os.chown(run / name, owner.st_uid, owner.st_gid, follow_symlinks=False)
                    began = time.monotonic()
                    result = self.stack.run(**command, check=command["command"] in ["stop", "start"])
                    self.assertLess(time.monotonic() - began, 30, result.stdout)
                    if command["command"] == "start":
                        self.stack.run("status")
                        self.stack.run("stop")

    @unittest.skipUnless(os.geteuid() == 0, "whoever is not root may read it")
    def test_logs_show_nothing_of_roots_own(self):
        self.stack.run("start")
        with tempfile.NamedTemporaryFile("w") as kept:
            kept.write("root's own")
            kept.flush()
            link = self.stack.folder / ".run/logs/link.log"
            link.symlink_to(kept.name)
            try:
                for part in [{}, {"PART": "link"}]:
                    self.assertNotIn("root's own", self.stack.run("logs", check=False, FOLLOW="0", **part).stdout)
            finally:
                link.unlink()

    def test_what_a_killed_supervisor_left_is_taken_over_by_the_next_start(self):
        self.stack.run("start")
        os.kill(self.stack.pid("supervisor"), signal.SIGKILL)
        os.kill(self.stack.pid("nginx"), signal.SIGKILL)
        left = set(self.stack.processes())
        self.assertNotEqual(self.stack.run("status", check=False).returncode, 0)
        self.stack.run("start")
        self.assertEqual(left & set(self.stack.processes()), set())
        self.stack.run("status")

    def test_what_a_killed_supervisor_left_is_ended_by_stop(self):
        self.stack.run("start")
        os.kill(self.stack.pid("supervisor"), signal.SIGKILL)
        self.stack.run("stop")
        self.assertEqual(self.stack.processes(), [])
        self.assertNothingListens()

    def test_stop_ends_what_no_record_tells_of(self):
        pids = self.stack.folder / ".run/pids"

        def empty():
            # As when the disk was full.
            for record in pids.iterdir():
                record.write_text("")

        def lose():
            for record in pids.iterdir():
                record.unlink()

        for spoil, supervised in [(empty, True), (lose, True), (empty, False), (lose, False)]:
            with self.subTest(spoil.__name__, supervised=supervised):
                self.stack.run("start")
                supervisor = self.stack.pid("supervisor")
                spoil()
                if not supervised:
                    os.kill(supervisor, signal.SIGKILL)
                self.stack.run("stop")
                self.assertEqual(self.stack.processes(), [])
                # The supervisor remembers, and Postgres was asked.
                if supervised:
                    self.assertIn("database system is shut down", self.stack.log("postgres").splitlines()[-1])

    def test_stop_ends_backends_that_outlive_postgres(self):
        self.stack.run("start")
        postgres = self.stack.pid("postgres")
        children = [int(pid) for pid in pathlib.Path(f"/proc/{postgres}/task/{postgres}/children").read_text().split()]
        for child in children:
            os.kill(child, signal.SIGSTOP)
        os.kill(self.stack.pid("supervisor"), signal.SIGKILL)
        os.kill(postgres, signal.SIGKILL)
        self.assertTrue(set(children) & set(self.stack.processes()))
        self.stack.run("stop")
        self.assertEqual(self.stack.processes(), [])

    def test_stop_tells_who_had_to_be_killed(self):
        self.stack.run("start", SHUTDOWN_TIMEOUT="0s")
        os.kill(self.stack.pid("web-1"), signal.SIGSTOP)
        self.assertRegex(self.stack.run("stop").stdout, r"\Aweb-1 did not end within \d+ s and is killed\nStopped\.\n\Z")
        self.stack.run("start")
        self.assertEqual(self.stack.run("stop").stdout, "Stopped.\n")

    def test_no_second_postgres_is_started_beside_what_can_not_be_killed(self):
        # Nothing can be killed while the file is there, as if it hung in the kernel.
        fresh = Installation(changes=[
            ("init/native/processes.sh", """sh -c 'kill "$@" 2""", """sh -c '[ "$1" = -KILL ] && [ -e '"$root/stuck"' ] || kill "$@" 2"""),
            ("init/native/processes.sh", "tries < 200", "tries < 5"),
            ("init/native/supervise", "longest_delay=30", "longest_delay=1"),
        ])
        lock = fresh.folder / ".run/postgres/postmaster.pid"
        stuck = fresh.folder / "stuck"

        def strike():
            """Kills Postgres, and answers which backends are left."""
            postgres = fresh.pid("postgres")
            children = [int(pid) for pid in pathlib.Path(f"/proc/{postgres}/task/{postgres}/children").read_text().split()]
            stuck.touch()
            for child in children:
                os.kill(child, signal.SIGSTOP)
            os.kill(postgres, signal.SIGKILL)
            return set(children)

        def servers():
            return {pid for pid in fresh.processes() if pathlib.Path(f"/proc/{pid}/comm").read_text().strip() == "postgres"}

        try:
            fresh.run("start")
            first = lock.read_text()
            left = strike()
            # It is tried again and again, and meanwhile other parts are looked after.
            wait_until(lambda: fresh.log("supervisor").count("can not be killed") > 2, 30, "it is tried again")
            killed = fresh.pid("nginx")
            os.kill(killed, signal.SIGKILL)
            wait_until(lambda: "nginx is started again when" in fresh.log("supervisor"), 10, "nginx' workers are waited for")
            self.assertEqual((lock.read_text(), servers()), (first, left))
            stuck.unlink()
            wait_until(lambda: fresh.run("status", check=False).returncode == 0, 20, "all is well again")
            self.assertFalse(left & servers())

            left = strike()
            os.kill(fresh.pid("supervisor"), signal.SIGKILL)
            first = lock.read_text()
            for command, said in [("stop", "Not all could be stopped"), ("start", "Nothing was started"), ("restart", "Not all")]:
                refused = fresh.run(command, check=False)
                self.assertNotEqual(refused.returncode, 0)
                self.assertIn(said, refused.stdout)
                self.assertIn("can not be killed", refused.stdout)
                self.assertEqual((lock.read_text(), servers()), (first, left))
            stuck.unlink()
            fresh.run("start")
            fresh.run("status")
        finally:
            stuck.unlink(missing_ok=True)
            fresh.close()

    def test_nobodys_shell_is_ended_because_it_is_there(self):
        self.stack.run("start")
        with subprocess.Popen(["sleep", "60"], cwd=self.stack.folder / ".run/logs") as shell:
            try:
                self.stack.run("stop")
                self.assertIsNone(shell.poll())
            finally:
                shell.kill()

    def programs(self, **replaced):
        """A folder of programs, some of them shell scripts that know the real one as `real`."""
        real = pathlib.Path(os.environ.get("PROGRAMS", REPOSITORY / ".build/debug"))
        folder = self.stack.folder / "programs"
        folder.mkdir(exist_ok=True)
        for name in ["gatehouse-api", "gatehouse-web"]:
            script = replaced.get(name.replace("-", "_"), 'exec "$real" "$@"')
            (folder / name).write_text(f"#!/bin/sh\nreal={real / name}\n{script}\n")
            (folder / name).chmod(0o755)
        return str(folder)

    def test_a_start_that_hangs_can_be_stopped(self):
        hangs = self.programs(gatehouse_api='if [ "$1" = migrate ]; then exec sleep 600; fi; exec "$real" "$@"')
        with ThreadPoolExecutor(1) as pool:
            starting = pool.submit(self.stack.run, "start", check=False, PROGRAMS=hangs)
            wait_until(lambda: self.stack.pid("migrate"), 30, "the migration hangs")
            began = time.monotonic()
            self.stack.run("stop")
            self.assertLess(time.monotonic() - began, 8)
            self.assertEqual(self.stack.processes(), [])
            self.assertNotEqual(starting.result().returncode, 0)

    def test_start_does_not_call_a_sick_stack_running(self):
        self.stack.run("start")
        redis = self.stack.pid("redis")
        os.kill(redis, signal.SIGSTOP)
        try:
            sick = self.stack.run("start", check=False, START_TIMEOUT="1")
            self.assertNotEqual(sick.returncode, 0)
            self.assertIn("redis does not answer", sick.stdout)
            self.assertNotIn("Already running", sick.stdout)
            with ThreadPoolExecutor(1) as pool:
                waiting = pool.submit(self.stack.run, "start")
                wait_until(lambda: "redis-cli" in self.commands(), what="it asks how Redis is")
                os.kill(redis, signal.SIGCONT)
                self.assertIn("Already running", waiting.result().stdout)
        finally:
            os.kill(redis, signal.SIGCONT)

    @staticmethod
    def commands():
        names = set()
        for entry in pathlib.Path("/proc").glob("[0-9]*/comm"):
            with contextlib.suppress(OSError):
                names.add(entry.read_text().strip())
        return names

    def test_what_can_not_be_built_leaves_what_runs_alone(self):
        self.stack.run("start")
        before = set(self.stack.processes())
        (self.stack.folder / "Makefile").write_text("build:\n\t@echo no compiler today; false\n")
        failed = self.stack.run("restart", check=False, PROGRAMS="")
        self.assertNotEqual(failed.returncode, 0)
        self.assertIn("no compiler today", failed.stdout)
        self.assertEqual(before - set(self.stack.processes()), set())
        self.stack.run("status")
        self.stack.run("restart")
        self.assertEqual(before & set(self.stack.processes()), set())

    def test_a_first_start_that_was_broken_off_is_begun_again(self):
        fresh = Installation()
        try:
            fresh.run("start")
            fresh.run("stop")
            # As if initdb had been killed: no data folder, and half of one beside it.
            run = fresh.folder / ".run"
            (run / "postgres").rename(run / "postgres.new")
            (run / "postgres.new/PG_VERSION").unlink()
            fresh.run("start")
            fresh.run("status")
        finally:
            fresh.close()

    def test_what_keeps_a_part_from_starting_is_shown(self):
        failed = self.stack.run("start", check=False, JWT_ISSUER="x", ACCESS_TOKEN_EXPIRE_SECONDS="soon")
        self.assertNotEqual(failed.returncode, 0)
        self.assertIn("ACCESS_TOKEN_EXPIRE_SECONDS", failed.stdout)
        self.assertEqual(self.stack.processes(), [])

    def test_production_names_every_weak_setting_of_both_programs_before_anything_is_made(self):
        fresh = Installation()
        try:
            weak = {
                "JWT_SECRET": "changeme-changeme-changeme-changeme", "CORS_ORIGINS": "*", "COOKIE_SECURE": "false",
                "PUBLIC_URL": "http://accounts.example.com", "POSTGRES_APP_PASSWORD": "gatehouse", "ADMIN_PASSWORD": "Password-12345",
                "LOG_LEVEL": "loud",
            }
            refused = fresh.run("start", check=False, ENVIRONMENT="production", **weak)
            self.assertNotEqual(refused.returncode, 0)
            for name in [*weak.keys() - {"POSTGRES_APP_PASSWORD"}, "DATABASE_URL"]:
                with self.subTest(name):
                    self.assertIn(f"{name}: ", refused.stdout)
            for value in [weak["JWT_SECRET"], weak["ADMIN_PASSWORD"]]:
                self.assertNotIn(value, refused.stdout)
            self.assertFalse((fresh.folder / ".run/postgres").exists())
            self.assertEqual(fresh.processes(), [])
        finally:
            fresh.close()

    def test_every_part_that_is_killed_is_back_within_two_seconds(self):
        self.stack.run("start")
        token = self.stack.sign_in()["access_token"]
        bearer = {"Authorization": "Bearer " + token}
        acknowledged, tokens, visitors = [], [], []
        password = self.stack.setting("ADMIN_PASSWORD")

        def sign_in():
            answer = self.stack.get(
                "/api/v1/auth/login", method="POST", body={"username": "admin", "password": password}, timeout=5,
            )
            if answer.status == 200:
                tokens.append(answer.json["access_token"])

        def visit():
            visitor = Visitor(self.stack.port)
            if visitor.sign_in("admin", password).status == 303:
                visitors.append(visitor)

        def write():
            name = f"user{time.monotonic_ns()}"
            body = {"username": name, "email": f"{name}@example.com", "password": "Correct-horse-7-battery"}
            status = self.stack.get("/api/v1/users", method="POST", body=body, fields=bearer).status
            if status == 201:
                acknowledged.append(name)
            return status

        with Load(write, clients=2), Load(sign_in, clients=1), Load(visit, clients=1):
            wait_until(lambda: min(len(acknowledged), len(tokens), len(visitors)) > 3, what="the load runs")
            for part in [*PARTS, "nginx", "api-1"]:
                killed = self.stack.pid(part)
                os.kill(killed, signal.SIGKILL)
                began = time.monotonic()
                wait_until(lambda: self.stack.pid(part) not in (None, killed), 2, f"{part} is started again")
                # Postgres has its own log to go through before it is ready.
                patience = (10 if part == "postgres" else 2) - (time.monotonic() - began)
                wait_until(self.is_well, patience, f"the stack is well after {part} was killed")
                seen = [len(acknowledged), len(tokens), len(visitors)]
                wait_until(
                    lambda: all(now > then for now, then in zip([len(acknowledged), len(tokens), len(visitors)], seen)),
                    what="the load goes on",
                )
                self.assertRegex(self.stack.log("supervisor"), rf"{part} \(pid {killed}\) has ended with signal KILL")
        found = set()
        page, pages = 1, 1
        while page <= pages:
            answer = self.stack.get(f"/api/v1/users?page_size=100&page={page}", fields=bearer).json
            found |= {user["username"] for user in answer["items"]}
            page, pages = page + 1, answer["pages"]
        self.assertEqual(set(acknowledged) - found, set())
        # Nor is a session lost that somebody was told of.
        refused = [token for token in tokens if self.stack.get(
            "/api/v1/hello", fields={"Authorization": f"Bearer {token}"}).status != 200]
        self.assertEqual(len(refused), 0, f"of {len(tokens)}")
        strangers = [visitor for visitor in visitors if "hello world" not in visitor.ask("/hello").text]
        self.assertEqual(len(strangers), 0, f"of {len(visitors)}")

    def is_well(self):
        with contextlib.suppress(OSError):
            return (
                self.stack.get("/health/ready", timeout=1).text.count('"ok"') == 3
                and self.stack.get("/login", timeout=1).status == 200
            )


if __name__ == "__main__":
    unittest.main()
