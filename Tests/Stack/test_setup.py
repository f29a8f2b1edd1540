"""What .ci/setup does to a machine, before a package manager that only notes what it is told."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from support import REPOSITORY

TOOLS = {
    # Nothing is installed.
    "dpkg-query": "exit 1",
    "sudo": 'if [ "$1" = -n ]; then shift; fi; exec "$@"',
    "apt-get": """
case "$*" in
    *install*)
        echo "apt-get $*" >>"$here/calls"
        # As a package does before it starts its server.
        "$POLICY_RC_D" nginx start; echo "policy says $?" >>"$here/calls"
        if [ -e "$here/fails" ]; then exit 1; fi ;;
esac""",
    "systemctl": 'echo "systemctl $*" >>"$here/calls"',
}


class SetupTests(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="gatehouse-setup-"))
        self.addCleanup(shutil.rmtree, self.folder)
        for name, script in TOOLS.items():
            (self.folder / name).write_text(f'#!/bin/sh\nhere={self.folder}\n{script}\n')
            (self.folder / name).chmod(0o755)
        self.policy = self.folder / "policy-rc.d"

    def run_setup(self):
        return subprocess.run(
            [REPOSITORY / ".ci/setup", "stack"], capture_output=True, text=True,
            env={"PATH": f"{self.folder}:{os.environ['PATH']}", "POLICY_RC_D": str(self.policy)},
        ).returncode

    def calls(self):
        return (self.folder / "calls").read_text()

    def test_no_server_of_debians_is_started_now_or_at_the_next_boot(self):
        self.assertEqual(self.run_setup(), 0)
        self.assertIn("policy says 101", self.calls())
        for name in ["nginx", "postgresql", "redis-server"]:
            self.assertIn(f"systemctl --quiet disable {name}\n", self.calls())
        # Others are installed as they always were.
        self.assertFalse(self.policy.exists())

    def test_nothing_is_left_of_an_installation_that_failed(self):
        (self.folder / "fails").touch()
        self.assertNotEqual(self.run_setup(), 0)
        self.assertFalse(self.policy.exists())
        self.assertNotIn("systemctl", self.calls())

    def test_a_policy_that_was_there_stays(self):
        self.policy.write_text("#!/bin/sh\nexit 104\n")
        self.policy.chmod(0o755)
        self.assertEqual(self.run_setup(), 0)
        self.assertIn("policy says 104", self.calls())
        self.assertEqual(self.policy.read_text(), "#!/bin/sh\nexit 104\n")


if __name__ == "__main__":
    unittest.main()
