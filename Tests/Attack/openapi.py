#!/usr/bin/env python3
"""schemathesis on the OpenAPI document, through nginx: what Tests/Outside/schema.py asks of the API alone, of the whole.

EXAMPLES (50) for each operation, and SEED, come from the environment.
"""

import os
import subprocess

os.environ.setdefault("EXAMPLES", "50")

# pylint: disable=wrong-import-position
from attack import UNLIMITED, Attack, Client, Failure, log_lines, run, stack  # noqa: E402
from schema import EXAMPLES, LIMIT, SEED, check_document, explore  # noqa: E402

# nginx itself refuses TRACE, and what is no method at all, without a list of what would do.
OPTIONS = ()


def main():
    report = Attack("openapi", "schemathesis on the OpenAPI document", EXAMPLES=EXAMPLES, SEED=SEED)
    with stack(report, **UNLIMITED) as installation, Client(installation.port) as client:
        admin = client.login()
        victims = [client.make_user(admin["access_token"])["id"] for _ in range(50)]
        count = check_document(report, client)
        before = log_lines(installation, "nginx")
        try:
            status = explore(installation.port, installation.folder, admin["user"]["id"], victims, *OPTIONS)
        except subprocess.TimeoutExpired:
            raise Failure(f"schemathesis was not done after {LIMIT} s") from None
        report.expect(status == 0, "schemathesis finds nothing")
        report.tried = log_lines(installation, "nginx") - before
        report.expect(report.tried > count, "schemathesis asked something", report.tried)
    return report.conclude(f"{count} operations, {EXAMPLES} examples each (SEED={SEED}).")


if __name__ == "__main__":
    run(main)
