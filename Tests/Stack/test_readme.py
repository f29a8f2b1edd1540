"""The README, followed to the letter: each command it shows is run here, but for those that .ci/readme runs."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from support import REPOSITORY, Installation, Upstream, request
from test_compose import FakeInstallation

TEXT = (REPOSITORY / "README.md").read_text()
# Blocks of commands, each a list of lines. The one that .ci/readme runs is marked.
BLOCKS = [
    match.group(2).splitlines()
    for match in re.finditer(r"(<!-- run by .ci/readme -->\n)?```sh\n(.*?)```", TEXT, re.DOTALL) if not match.group(1)
]
# What takes minutes, or runs these tests: that the target is there has to do.
LONG = {
    "make test", "make check", "make test-browser", "make test-sanitized", "make test-outside", "make attack", "make fuzz", "make screenshots",
    "make bench",
}


def block(language, *words):
    """The one block that has these words."""
    found = [text for name, text in re.findall(r" *```(\w*)\n(.*?)```", TEXT, re.DOTALL)
             if name == language and all(word in text for word in words)]
    assert len(found) == 1, words
    return found[0]


class ReadmeTests(unittest.TestCase):
    def setUp(self):
        self.done = set()

    def follow(self, stack, *lines, **settings):
        """Runs lines of the README in the folder of an installation, as its operator does."""
        for line in lines:
            self.assertTrue(any(line in lines for lines in BLOCKS), line)
            self.done.add(line)
            # As it says: root puts these words before what is for the user who runs the stack.
            command = re.sub("^(?=pg_)", "runuser -u postgres -- ", line) if os.geteuid() == 0 else line
            environment = {**stack.environment(), "FOLLOW": "0", **settings}
            result = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", command], cwd=stack.folder, env=environment, text=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120,
            )
            self.assertEqual(result.returncode, 0, f"{line}:\n{result.stdout}")
        return result.stdout

    def checkout(self, origin):
        """An installation that can be pulled into."""
        stack = Installation({"ARGON2_MEMORY_KIB": "64", "ARGON2_ITERATIONS": "1"})
        self.addCleanup(stack.close)
        shutil.copy(REPOSITORY / "Makefile", stack.folder)
        shutil.copy(REPOSITORY / ".gitignore", stack.folder)
        for line in ["init --quiet --initial-branch=main", "add --all", "commit --quiet --message=first",
                     f"remote add origin {origin}", "push --quiet --set-upstream origin main"]:
            self.git(stack.folder, *line.split())
        return stack

    @staticmethod
    def git(folder, *words):
        subprocess.run(["git", "-c", "user.name=test", "-c", "user.email=test@example.com", *words], cwd=folder, check=True)

    def test_every_command_does_what_it_says(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="gatehouse-origin-"))
        self.addCleanup(shutil.rmtree, folder)
        self.git(folder, "init", "--quiet", "--bare", "--initial-branch=main", "origin")
        stack = self.checkout(folder / "origin")

        with self.subTest("run it"):
            said = self.follow(stack, "make start")
            self.assertIn("Gatehouse is ready", said)
            self.assertIn(stack.setting("ADMIN_PASSWORD"), said)
            self.follow(stack, "make status", "make logs", "make restart")
            stack.sign_in()

        with self.subTest("back up and restore"):
            bearer = {"Authorization": "Bearer " + stack.sign_in()["access_token"]}

            def make(name):
                body = {"username": name, "email": f"{name}@example.com", "password": "plum-Granite-47-otter"}
                self.assertEqual(stack.get("/api/v1/users", method="POST", body=body, fields=bearer).status, 201)

            def names(of, fields):
                return {user["username"] for user in of.get("/api/v1/users", fields=fields).json["items"]}

            make("before")
            # Nothing of what comes after it.
            self.follow(stack, *self.lines("pg_dump -h"))
            make("after")
            self.follow(stack, *self.lines("pg_restore -h"))
            bearer = {"Authorization": "Bearer " + stack.sign_in()["access_token"]}
            self.assertEqual(names(stack, bearer), {"admin", "before"})
            make("after-that")

            # On another machine, with what was kept.
            other = Installation()
            self.addCleanup(other.close)
            shutil.copy(REPOSITORY / "Makefile", other.folder)
            shutil.copy(stack.folder / ".env", other.folder / ".env")
            shutil.copy(stack.folder / "gatehouse.dump", other.folder)
            other.run("start")
            self.follow(other, *self.lines("pg_restore -h"))
            bearer = {"Authorization": "Bearer " + other.sign_in()["access_token"]}
            self.assertEqual(names(other, bearer), {"admin", "before"})
            other.run("stop")

        with self.subTest("upgrade"):
            newer = folder / "newer"
            self.git(folder, "clone", "--quiet", "origin", "newer")
            (newer / "init/9999_trial.sql").write_text(
                "CREATE TABLE trial (id integer);\n"
                "INSERT INTO schema_migrations (version, name) VALUES (9999, '9999_trial') ON CONFLICT DO NOTHING;\n"
            )
            for words in [["add", "--all"], ["commit", "--quiet", "--message=a table"], ["push", "--quiet"]]:
                self.git(newer, *words)
            self.follow(stack, *self.lines("git pull"))
            self.assertIn("applied  9999_trial", stack.log("migrate"))
            stack.sign_in()

        with self.subTest("protect your own application"):
            app = Upstream()
            self.addCleanup(app.close)
            text = block("nginx", "protect-pages.conf", "protect-api.conf")
            (stack.folder / "nginx/apps/my-app.conf").write_text(text.replace("127.0.0.1:3000", f"127.0.0.1:{app.port}"))
            self.follow(stack, "make restart")
            refused = stack.get("/my-app/api/x")
            self.assertEqual((refused.status, refused.json["error"]["code"]), (401, "AUTHENTICATION_ERROR"))
            bearer = {"Authorization": "Bearer " + stack.sign_in()["access_token"]}
            self.assertEqual(stack.get("/my-app/api/x", fields=bearer).text, "upstream")
            self.assertEqual(app.seen[-1][2]["X-Auth-Username"], "admin")

        with self.subTest("deploy it"):
            subprocess.run([REPOSITORY / "init/certificate", folder], check=True, capture_output=True)
            settings = dict(line.strip().split("=", 1) for line in block("", "ENVIRONMENT=production").splitlines() if "=" in line)
            # But for the places where a test has none.
            settings |= {
                "BIND": "127.0.0.1", "HTTP_PORT": str(stack.port), "HTTPS_PORT": str(stack.tls_port),
                "TLS_CERTIFICATE": str(folder / "development.pem"), "TLS_CERTIFICATE_KEY": str(folder / "development.key"),
            }
            with open(stack.folder / ".env", "a") as file:
                file.writelines(f"{name}={value}\n" for name, value in settings.items())
            said = self.follow(stack, "make restart")
            self.assertIn("https://accounts.example.com", said)
            self.assertEqual(stack.get("/login")["Location"], "https://accounts.example.com/login")
            self.assertEqual(request(stack.tls_port, "/login", tls=True).status, 200)

        self.follow(stack, "make stop")
        self.assertEqual(stack.processes(), [])

        for line in LONG:
            subprocess.run([*line.split(), "--dry-run"], cwd=REPOSITORY, check=True, capture_output=True)
        everything = {line for lines in BLOCKS for line in lines}
        containers = {line for line in everything if line.startswith("init/compose/compose ")}
        self.assertEqual(everything - self.done - LONG - containers, set())

    @staticmethod
    def lines(beginning):
        """The one block that begins so."""
        found = [lines for lines in BLOCKS if lines[0].startswith(beginning)]
        assert len(found) == 1, beginning
        return found[0]

    def test_the_commands_for_containers_reach_the_engine(self):
        # With a real one: containers/.
        stack = FakeInstallation()
        self.addCleanup(stack.close)
        stack.run("start")
        calls = len(stack.engine.composed())
        self.follow(stack, *self.lines("init/compose/compose "))
        words = [words for _, words in stack.engine.composed()[calls:] if words != ["version"]]
        self.assertEqual([call[:4] for call in words], [["exec", "-T", "postgres", "pg_dump"], ["exec", "-T", "postgres", "pg_restore"]])


if __name__ == "__main__":
    unittest.main()
