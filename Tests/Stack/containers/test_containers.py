"""The stack in containers, with a real engine. Apart from the others, because the images take minutes to build."""

import os
import pathlib
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from support import REPOSITORY, Installation, request, wait_until  # noqa: E402
from test_native_stack import Load  # noqa: E402
from test_readme import BLOCKS  # noqa: E402

# As the README has it.
BACKUP = next(lines for lines in BLOCKS if lines[0].startswith("init/compose/compose "))


class ContainerInstallation(Installation):
    """A copy of the repository, with a project of its own in the engine."""

    def __init__(self, settings):
        super().__init__({
            "STACK": "compose", **{name: os.environ[name] for name in ["DOCKER_HOST", "DOCKER_CONFIG", "DOCKER_BUILDKIT"] if name in os.environ}, **settings,
        })
        for name in ["Package.swift", "Containerfile", "compose.yaml", ".containerignore", ".dockerignore"]:
            shutil.copy(REPOSITORY / name, self.folder)
        for name in ["Sources", "Tests"]:
            shutil.copytree(REPOSITORY / name, self.folder / name, ignore=shutil.ignore_patterns("__pycache__"))

    # The images are built at the first start.
    patience = 1_500

    def compose(self, *words):
        return subprocess.run(
            [self.folder / "init/compose/compose", *words], env={**os.environ, **self.settings}, text=True, check=True,
            stdout=subprocess.PIPE, stdin=subprocess.DEVNULL,
        ).stdout

    def close(self):
        self.compose("down", "--volumes", "--remove-orphans")
        shutil.rmtree(self.folder)


class ContainerTests(unittest.TestCase):
    def test_the_life_of_an_installation(self):
        stack = ContainerInstallation({
            "API_INSTANCES": "2", "WEB_INSTANCES": "2", "LOG_LEVEL": "debug", "HTTP_MAX_BODY": "2MiB", "HSTS_MAX_AGE": "1h",
        })
        try:
            self.life(stack)
        finally:
            stack.close()

    def life(self, stack):
        # Within one window the load is refused, and refusals are not what this is about.
        (stack.folder / ".env.example").write_text(
            (stack.folder / ".env.example").read_text() + "\nRATE_LIMIT_ENABLED=false\n"
        )
        self.assertIn(f"http://localhost:{stack.port}", stack.run("start").stdout)
        stack.run("status")
        tokens = stack.sign_in()
        bearer = {"Authorization": "Bearer " + tokens["access_token"]}

        with self.subTest("what is set for once is in force in the containers"):
            said = stack.compose("exec", "-T", "api", "/usr/bin/gatehouse-api", "config")
            self.assertIn("LOG_LEVEL=debug ", said)
            said = stack.compose("exec", "-T", "nginx", "cat", "/etc/gatehouse/nginx/stack/settings.conf")
            self.assertIn("client_max_body_size 2m;", said)
            answer = request(stack.tls_port, "/static/test.css", tls=True)
            self.assertEqual(answer["Strict-Transport-Security"], "max-age=3600; includeSubDomains")

        with self.subTest("what a client claims about its address is not believed"):
            sessions = stack.get("/api/v1/auth/sessions", fields={**bearer, "X-Forwarded-For": "203.0.113.9"})
            self.assertNotIn("203.0.113.9", stack.compose("logs", "api"))
            self.assertEqual(sessions.status, 200)

        with self.subTest("nginx reaches neither Postgres nor Redis"):
            for address in ["postgres:5432", "redis:6379"]:
                with self.assertRaises(subprocess.CalledProcessError):
                    stack.compose("exec", "-T", "nginx", "curl", "-s", "-m", "2", f"telnet://{address}")

        with self.subTest("the images hold no shell and do not run as root"):
            with self.assertRaises(subprocess.CalledProcessError):
                stack.compose("exec", "-T", "api", "sh", "-c", "true")
            container = stack.compose("ps", "-q", "api").split()[0]
            process = subprocess.run(
                ["docker", "inspect", "--format", "{{.State.Pid}}", container], check=True, text=True, capture_output=True,
                env={**os.environ, **stack.settings},
            ).stdout.strip()
            self.assertEqual(os.stat(f"/proc/{process}").st_uid, 65532)

        with self.subTest("an instance that is killed costs requests that may be repeated nothing"):
            with Load(lambda: stack.get("/api/v1/hello", fields=bearer).status) as load:
                wait_until(lambda: len(load.answers) > 20, what="the load runs")
                os.kill(int(process), 9)
                seen = len(load.answers)
                wait_until(lambda: len(load.answers) > seen + 40, what="the load goes on")
            self.assertEqual(set(load.answers), {200})

        with self.subTest("what was backed up comes back"):
            for name, lines in [("before", BACKUP[:1]), ("after", BACKUP[1:])]:
                body = {"username": name, "email": f"{name}@example.com", "password": "plum-Granite-47-otter"}
                self.assertEqual(stack.get("/api/v1/users", method="POST", body=body, fields=bearer).status, 201)
                for line in lines:
                    subprocess.run(
                        ["bash", "-euo", "pipefail", "-c", line], cwd=stack.folder, env={**os.environ, **stack.settings}, check=True,
                    )
            stack.run("restart")
            names = {user["username"] for user in stack.get("/api/v1/users", fields=bearer).json["items"]}
            self.assertEqual(names, {"admin", "before"})

        with self.subTest("a second start on the old volume applies a new migration and keeps what there was"):
            stack.run("stop")
            (stack.folder / "init/9999_trial.sql").write_text(
                "CREATE TABLE trial (id integer);\n"
                "INSERT INTO schema_migrations (version, name) VALUES (9999, '9999_trial') ON CONFLICT DO NOTHING;\n"
            )
            stack.run("start")
            self.assertIn("applied  9999_trial", stack.compose("logs", "migrate"))
            self.assertEqual(stack.get("/api/v1/hello", fields=bearer).status, 200)

        stack.run("stop")
        self.assertEqual(stack.compose("ps", "-q").split(), [])


if __name__ == "__main__":
    unittest.main()
