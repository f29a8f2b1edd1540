"""The commands for the containers, before engines that only note what they are told. The real ones: containers/."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from support import REPOSITORY, Installation, Postgres, Upstream

# Answers as an engine does and writes down each call, with the project it was for. `absent` holds the names of those that
# are not installed, or whose daemon is away.
ENGINE = """#!/bin/sh
here=${0%/*} name=${0##*/}
while read -r gone; do
    case "$name $* " in "$gone "*) exit 1 ;; esac
done <"$here/absent"
printf '%s' "${COMPOSE_PROJECT_NAME:-}" >>"$here/calls"
printf '\\t%s' "$name" "$@" >>"$here/calls"
echo >>"$here/calls"
case "$1 $2" in
    # As if each service ran in a container that has its name.
    'ps -q') if [ -e "$here/runs" ]; then echo "$*" | sed -E 's/.*compose.service=//'; fi ;;
    inspect*) echo healthy ;;
    'compose up') echo "$DATABASE_CONNECTIONS $PROGRAM_PATIENCE $PUBLISHED_ON" >"$here/told" ;;
    'compose run')
        for word; do if [ "$before" = -T ]; then program=$word; fi; before=$word; done
        if [ -e "$here/config" ]; then echo "$program says $(cat "$here/config")" >&2; exit 1; fi ;;
esac
"""


class FakeEngine:
    """Takes the place of every engine there may be."""

    def __init__(self, folder, absent=()):
        self.folder = folder
        folder.mkdir()
        for name in ["podman", "podman-compose", "docker", "docker-compose"]:
            (folder / name).write_text(ENGINE)
            (folder / name).chmod(0o755)
        self.lacks(*absent)

    def lacks(self, *names):
        (self.folder / "absent").write_text("".join(f"{name}\n" for name in names))

    @property
    def path(self):
        return f"{self.folder}:{os.environ['PATH']}"

    def calls(self):
        lines = (self.folder / "calls").read_text().splitlines() if (self.folder / "calls").exists() else []
        return [line.split("\t") for line in lines]

    def composed(self):
        """(project, words) of each call of compose."""
        return [(project, words[1:]) for project, name, *words in self.calls() if name == "docker" and words[:1] == ["compose"]]


class FakeInstallation(Installation):
    def __init__(self, **settings):
        super().__init__({"STACK": "compose", **settings})
        self.engine = FakeEngine(self.folder / "engines", absent=["podman", "podman-compose"])
        self.settings["PATH"] = self.engine.path
        # What is published, answering that it is ready.
        self.published = Upstream(port=self.port)
        (self.engine.folder / "runs").touch()

    def close(self):
        self.published.close()
        super().close()


class EngineTests(unittest.TestCase):
    """Which of the four there may be is taken."""

    def found(self, *absent):
        with tempfile.TemporaryDirectory() as folder:
            engine = FakeEngine(pathlib.Path(folder) / "engines", absent)
            script = f'source {REPOSITORY}/init/compose/engine.sh; find_engine || exit 1; echo "$engine: ${{compose[*]}}"'
            return subprocess.run(
                ["bash", "-c", script], env={"PATH": engine.path}, text=True, capture_output=True,
            ).stdout.strip()

    def test_the_first_whose_engine_answers_is_taken(self):
        for absent, found in [
            ([], "podman: podman compose"),
            (["podman compose"], "podman: podman-compose"),
            (["podman"], "docker: docker compose"),
            # Podman is there and nobody runs containers for it.
            (["podman info"], "docker: docker compose"),
            (["podman compose", "podman-compose", "docker compose"], "docker: docker-compose"),
            (["podman compose", "podman-compose", "docker info"], ""),
            (["podman", "docker"], ""),
            (["podman", "podman-compose", "docker", "docker-compose"], ""),
        ]:
            self.assertEqual(self.found(*absent), found, absent)


class DatabaseTests(unittest.TestCase):
    """What compose.yaml has done to the database, by the same programs before a real one."""

    COMPOSE = (REPOSITORY / "compose.yaml").read_text()

    def setUp(self):
        self.postgres = Postgres()
        self.addCleanup(self.postgres.close)
        self.stack = FakeInstallation()
        self.addCleanup(self.stack.close)

    def service(self, name):
        """The text of a service, and what it has in its environment."""
        text = re.search(rf"(?ms)^  {name}:\n(.*?)(?=^  \S|^\S)", self.COMPOSE).group(1)
        lines = re.search(r"(?m)^    environment:\n((?:      .*\n)+)", text).group(1)
        return text, dict(re.findall(r'(?m)^      (\w+): "?(.*?)"?$', lines))

    def first_boot(self):
        text, environment = self.service("postgres")
        mounted = dict(re.findall(r"- \./(\S+):(/\S+?):ro", text))
        folder = {inside: self.stack.folder / outside for outside, inside in mounted.items()}
        password = self.stack.folder / "password"
        password.write_text("a password")
        scripts = [path for inside, path in folder.items() if inside.startswith("/docker-entrypoint-initdb.d/")]
        # The image runs every file there, and sources what it may not run.
        self.assertEqual(scripts, [self.stack.folder / "init/compose/first_boot.sh"])
        return subprocess.run(
            scripts, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env={
                "PATH": os.environ["PATH"], **self.postgres.environment, "POSTGRES_APP_PASSWORD_FILE": str(password),
                "MIGRATIONS_PATH": str(folder[environment["MIGRATIONS_PATH"]]),
            },
        )

    def migrate(self):
        """With what the service is given by `make start`, and none of the files that it does not mount."""
        text, environment = self.service("migrate")
        settings = self.stack.folder / ".run/compose/settings.env"
        given = dict(line.split("=", 1) for line in settings.read_text().splitlines() if re.match(r"\w+=", line))
        secrets = re.search(r"secrets: \[(.*)\]", text).group(1).split(", ")
        mounted = {f"/run/secrets/{name}": str(self.stack.folder / ".run/compose" / name) for name in secrets}
        (self.stack.folder / ".run/compose/owner_database_url").write_text(self.postgres.url)
        environment = {name: mounted.get(value, value) for name, value in {**given, **environment}.items()}
        program = pathlib.Path(self.stack.environment()["PROGRAMS"]) / "gatehouse-api"
        result = subprocess.run(
            [program, "migrate"], env={**environment, "MIGRATIONS_PATH": str(REPOSITORY / "init")}, cwd=self.stack.folder / ".run",
            text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        self.assertEqual(result.returncode, 0, result.stdout)

    def applied(self):
        return self.postgres.ask("SELECT name FROM schema_migrations ORDER BY version")

    FILES = sorted(path.stem for path in (REPOSITORY / "init").glob("*.sql"))

    def test_a_first_boot_makes_the_schema_and_migrate_finds_it_whole(self):
        booted = self.first_boot()
        self.assertEqual(booted.returncode, 0, booted.stdout)
        self.assertEqual(self.applied(), self.FILES)
        self.assertEqual(self.postgres.ask("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'gatehouse_api'"), ["t"])
        self.stack.run("start")
        self.migrate()
        self.assertEqual(self.postgres.ask("SELECT count(*) FROM schema_migrations WHERE checksum = ''"), ["0"])

    def test_what_a_first_boot_that_is_killed_has_left_out_is_added_by_migrate(self):
        self.stack.run("start")
        for name in self.FILES:
            with self.subTest(name):
                file = self.stack.folder / f"init/{name}.sql"
                kept = file.read_text()
                # All is done but the file's own note of it, which comes last.
                last = kept.rindex("INSERT INTO schema_migrations")
                file.write_text(kept[:last] + "\\! kill -9 $PPID\n" + kept[last:])
                self.assertNotEqual(self.first_boot().returncode, 0)
                file.write_text(kept)
                self.migrate()
                self.assertEqual(self.applied(), self.FILES)
                self.postgres.ask("DROP DATABASE gatehouse", database="postgres")
                self.postgres.ask("CREATE DATABASE gatehouse", database="postgres")

    def test_migrate_needs_no_key_that_only_the_api_gets(self):
        key = subprocess.run(
            ["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"], check=True, capture_output=True, text=True,
        ).stdout
        (self.stack.folder / "key.pem").write_text(key)
        self.stack.run("start", JWT_ALGORITHM="ES256", JWT_PRIVATE_KEY_FILE=str(self.stack.folder / "key.pem"))
        self.assertIn("JWT_PRIVATE_KEY_FILE=/run/secrets/", (self.stack.folder / ".run/compose/settings.env").read_text())
        self.migrate()
        self.assertEqual(self.applied(), self.FILES)


class ComposeTests(unittest.TestCase):
    def test_status_asks_by_labels_which_every_compose_gives(self):
        for absent in [["podman", "podman-compose"], ["podman compose", "docker"]]:
            stack = self.add()
            stack.engine.lacks(*absent)
            stack.run("start")
            stack.run("status")
            # No compose is asked for the containers of one service: podman-compose can not tell.
            for _, name, *words in stack.engine.calls():
                self.assertNotEqual(words[-3:-1], ["ps", "-q"], name)
            (stack.engine.folder / "runs").unlink()
            sick = stack.run("status", check=False)
            self.assertNotEqual(sick.returncode, 0)
            self.assertIn("api is not running", sick.stdout)

    def add(self, **settings):
        stack = FakeInstallation(**settings)
        self.addCleanup(stack.close)
        return stack

    def test_two_checkouts_never_touch_each_others_containers(self):
        names = []
        for stack in [self.add(), self.add()]:
            stack.run("start")
            stack.run("status")
            stack.run("stop")
            # Not even when somebody's shell works for another project.
            subprocess.run(
                [stack.folder / "init/compose/remove"], check=True,
                env={**os.environ, "PATH": stack.engine.path, "COMPOSE_PROJECT_NAME": "somebody-elses"},
            )
            projects = {project for project, words in stack.engine.composed() if words != ["version"]}
            self.assertEqual(len(projects), 1)
            names += projects
        self.assertNotEqual(names[0], names[1])
        for name in names:
            self.assertRegex(name, "^gatehouse-[0-9a-f]{8}$")

    def written(self, stack, name):
        return (stack.folder / ".run/compose" / name).read_text()

    def test_the_containers_get_settings_without_secrets_and_the_environment_wins(self):
        stack = self.add()
        key = stack.folder / "key.pem"
        key.write_text("-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----\n")
        with open(stack.folder / ".env.example", "a") as example:
            example.write(
                f"LOG_LEVEL=warning\nSIGNUP=closed\nDATABASE_URL=postgresql://nowhere/x\nJWT_PRIVATE_KEY_FILE={key}\n"
                "API_INSTANCES=3\nDATABASE_POOL_SIZE=50\nEVENT_LOOPS=2\nSHUTDOWN_TIMEOUT=30s\n"
            )
        stack.run(
            "start", LOG_LEVEL="debug", API_TIMEOUT="3s", POSTGRES_APP_PASSWORD="a/b@c", HTTP_MAX_BODY="3MiB", HSTS_MAX_AGE="0",
            PUBLIC_URL="https://accounts.example.com",
        )
        settings = self.written(stack, "settings.env").splitlines()
        # Of two lines for a name every compose takes the last.
        self.assertGreater(settings.index("LOG_LEVEL=debug"), settings.index("LOG_LEVEL=warning"))
        self.assertIn("SIGNUP=closed", settings)
        self.assertIn("API_TIMEOUT=3s", settings)
        names = [line.split("=")[0] for line in settings if "=" in line and not line.startswith("#")]
        self.assertFalse({"JWT_SECRET", "DATABASE_URL", "POSTGRES_APP_PASSWORD", "API_INSTANCES", "HTTP_PORT"} & set(names))
        # No path of the host, which no container knows.
        self.assertIn("JWT_PRIVATE_KEY_FILE=/run/secrets/jwt_private_key", settings)
        self.assertNotIn(str(key), self.written(stack, "settings.env"))
        self.assertEqual(self.written(stack, "jwt_private_key"), key.read_text().strip())
        self.assertEqual(self.written(stack, "database_url").strip(), "postgresql://gatehouse_api:a%2Fb%40c@postgres/gatehouse")
        self.assertEqual(
            self.written(stack, "nginx_settings.conf").splitlines(),
            ["client_max_body_size 3m;", 'set $https_origin "https://accounts.example.com";', 'set $configured_hsts "";'],
        )
        # Three instances, two loops each, 50 and the one that watches for each of these, and some for others.
        told = (stack.engine.folder / "told").read_text().split()
        self.assertEqual(told, ["326", "32", "127.0.0.1:"])

    def test_wrong_settings_are_all_told_and_nothing_is_started(self):
        stack = self.add()
        (stack.engine.folder / "config").write_text("JWT_SECRET: is weak")
        refused = stack.run("start", check=False)
        self.assertNotEqual(refused.returncode, 0)
        for program in ["api", "web"]:
            self.assertIn(f"{program} says JWT_SECRET: is weak", refused.stdout)
        self.assertFalse([words for _, words in stack.engine.composed() if words[0] in ["up", "exec"]])
        # Nobody is told that it runs in containers when it does not.
        self.assertFalse((stack.folder / ".run/stack").exists())

    def test_a_mistake_leaves_what_running_containers_have_mounted_as_it_is(self):
        stack = self.add()
        stack.run("start")

        def files():
            return {path.name: path.read_bytes() for path in (stack.folder / ".run/compose").iterdir()}

        before = files()
        for mistake in [
            {"JWT_SECRET_FILE": "/dev/null"}, {"ADMIN_PASSWORD_FILE": "/nowhere"}, {"HTTP_MAX_BODY": "much"}, {"HSTS_MAX_AGE": "long"},
            {"TLS_CERTIFICATE": "/nowhere"}, {"TLS_CERTIFICATE_KEY": "/nowhere"},
        ]:
            with self.subTest(mistake):
                # Something else to write, too.
                refused = stack.run("start", check=False, **mistake, LOG_LEVEL="debug", POSTGRES_APP_PASSWORD="another")
                self.assertNotEqual(refused.returncode, 0)
                self.assertIn(next(iter(mistake)), refused.stdout)
                self.assertEqual(files(), before)

    def test_one_stack_is_not_started_beside_the_other(self):
        stack = self.add()
        stack.run("start")
        # As a user who is not root has it: both stacks in one folder.
        if os.geteuid() == 0:
            subprocess.run(["chown", "-R", "postgres:", stack.folder / ".run"], check=True)
        refused = stack.run("start", check=False, STACK="native")
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("STACK=compose make stop", refused.stdout)
        if os.geteuid() == 0:
            subprocess.run(["chown", "-R", "root:", stack.folder / ".run"], check=True)
        self.assertEqual((stack.folder / ".run/stack").read_text().strip(), "compose")
        stack.run("stop")

        calls = len(stack.engine.composed())
        shutil.copy("/bin/sleep", stack.folder / "nginx/nginx")
        with subprocess.Popen([stack.folder / "nginx/nginx", "60"], cwd=stack.folder / ".run") as part:
            try:
                refused = stack.run("start", check=False)
            finally:
                part.kill()
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("STACK=native make stop", refused.stdout)
        self.assertFalse([words for _, words in stack.engine.composed()[calls:] if words[0] == "up"])

    @unittest.skipUnless(os.geteuid() == 0, "only root may have a folder of somebody else's")
    def test_secrets_are_not_written_where_somebody_else_could_lay_links(self):
        stack = self.add()
        (stack.folder / ".run").mkdir()
        shutil.chown(stack.folder / ".run", "postgres", "postgres")
        refused = stack.run("start", check=False)
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("belongs to postgres", refused.stdout)
        self.assertEqual(list((stack.folder / ".run").iterdir()), [])

    def test_an_installation_from_before_names_were_recorded_keeps_the_one_it_has(self):
        stack = self.add()
        (stack.folder / ".run/compose").mkdir(parents=True)
        (stack.folder / ".run/compose/settings.env").write_text("LOG_LEVEL=info\n")
        for command in ["status", "stop", "restart", "start"]:
            calls = len(stack.engine.calls())
            stack.run(command)
            calls = stack.engine.calls()[calls:]
            asked = {project for project, _, *words in calls if words not in [["info"], ["compose", "version"]]}
            self.assertEqual(asked, {"gatehouse"}, command)
        self.assertEqual(self.written(stack, "project").strip(), "gatehouse")
        # Nor are its volumes left behind.
        (stack.folder / ".run/compose/project").unlink()
        subprocess.run([stack.folder / ".ci/clean"], check=True, env={**stack.environment(), "FORCE": "1"}, stdout=subprocess.DEVNULL)
        self.assertEqual(stack.engine.composed()[-1], ("gatehouse", ["down", "--remove-orphans", "--volumes"]))

    def test_restart_builds_before_it_stops(self):
        stack = self.add()
        stack.run("start")
        calls = len(stack.engine.composed())
        stack.run("restart")
        words = [words[0] for _, words in stack.engine.composed()[calls:]]
        self.assertLess(words.index("build"), words.index("down"))

    def test_a_folder_that_is_moved_keeps_its_containers(self):
        stack = self.add()
        stack.run("start")
        moved = stack.folder.with_name(stack.folder.name + "-moved")
        stack.folder.rename(moved)
        stack.folder = moved
        stack.engine.folder = moved / "engines"
        stack.settings["PATH"] = stack.engine.path
        stack.run("stop")
        self.assertEqual(len({project for project, words in stack.engine.composed() if words != ["version"]}), 1)


if __name__ == "__main__":
    unittest.main()
