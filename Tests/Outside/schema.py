#!/usr/bin/env python3
"""The OpenAPI document is valid, and the running service keeps what it says: schemathesis asks it all it can think of.

EXAMPLES (20) for each operation, and SEED, come from the environment.
"""

import json
import os
import pathlib
import random
import subprocess
import sys

import openapi_spec_validator

from outside import CHEAP_HASHES, NO_LIMITS, PREFIX, ROOT, Failure, Report, Service, run

EXAMPLES = int(os.environ.get("EXAMPLES") or 20)
SEED = int(os.environ.get("SEED") or random.SystemRandom().randrange(1 << 32))
HERE = pathlib.Path(__file__).resolve().parent
LIMIT = 600


def check_document(report, client):
    document = client.expect(200, "GET", "openapi.json").json()
    problems = [f"{'/'.join(map(str, error.absolute_path))}: {error.message}"
                for error in openapi_spec_validator.OpenAPIV31SpecValidator(document).iter_errors()]
    report.expect(problems == [], "the document is valid OpenAPI 3.1", problems[:5])
    report.expect(document["openapi"].startswith("3.1"), "and says so", document["openapi"])
    return sum(len(operations) for operations in document["paths"].values())


def explore(port, folder, administrator, victims, *options):
    """Runs schemathesis to its end; answers its exit status. What it finds is printed as it goes."""
    environment = os.environ | {
        "SCHEMATHESIS_HOOKS": "schemathesis_hooks", "PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1",
        "GATEHOUSE_BENCH": str(ROOT / "bench"), "GATEHOUSE_PORT": str(port), "GATEHOUSE_VICTIMS": json.dumps(victims),
        "GATEHOUSE_ADMINISTRATOR": administrator}
    command = [
        str(pathlib.Path(sys.executable).parent / "schemathesis"), "--config-file", str(HERE / "schemathesis.toml"),
        "run", f"http://127.0.0.1:{port}{PREFIX}/openapi.json", "--checks", "all", "--max-examples", str(EXAMPLES),
        "--seed", str(SEED), "--continue-on-failure", "--generation-database", "none", *options]
    # Not in the repository: it writes reports where it is.
    return subprocess.run(command, env=environment, cwd=folder, timeout=LIMIT, check=False).returncode


def main():
    report = Report("schema")
    with Service(1, **CHEAP_HASHES, **NO_LIMITS) as service, service.client() as client:
        admin = client.login()
        victims = [client.make_user(admin["access_token"])["id"] for _ in range(50)]
        count = check_document(report, client)
        try:
            status = explore(service.instances[0].port, service.redis.folder, admin["user"]["id"], victims)
            report.expect(status == 0, "schemathesis finds nothing")
        except subprocess.TimeoutExpired:
            raise Failure(f"schemathesis was not done after {LIMIT} s") from None
        # The connection has rested for too long to be there still.
        with service.client() as later:
            answer = later.ask("GET", "/health/ready")
        report.expect(answer.status == 200, "the service is well afterwards", answer)
        log = service.instances[0].server.output()
        report.expect(" ERROR " not in log and " CRITICAL " not in log, "nothing was logged as an error", log)
    return report.conclude(f"{count} operations, {EXAMPLES} examples each (SEED={SEED}).")


if __name__ == "__main__":
    run(main)
