#!/usr/bin/env python3
"""JWT attacks through nginx: the forgeries of Tests/Outside/tokens.py, at the API and at an application behind auth_request.

One stack for each algorithm, whose signing key the forger has, so that in each token one thing alone is wrong. The
application notes what reaches it: of a forgery it must never hear.
"""

import pathlib
import shutil
import tempfile

from cryptography.hazmat.primitives import serialization

from attack import UNLIMITED, Attack, Client, run, stack
from support import Upstream
from tokens import AUDIENCE, ISSUER, NEW_KEYS, Issuer, other_kinds, refusals, verified

APPLICATION = """location /app/ {{
    include snippets/protect-api.conf;
    proxy_pass http://127.0.0.1:{port};
}}
"""
# nginx takes 8 KiB of a field and answers 400, where the API takes its own measure and answers 431.
TOO_LARGE = 400


def attack(report, algorithm, application, folder):
    settings = UNLIMITED | {"JWT_ISSUER": ISSUER, "JWT_AUDIENCE": AUDIENCE, "JWT_ALGORITHM": algorithm}
    key = NEW_KEYS[algorithm]() if algorithm in NEW_KEYS else None
    if key:
        path = folder / algorithm
        path.write_bytes(key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        path.chmod(0o644)
        settings["JWT_PRIVATE_KEY_FILE"] = str(path)
    with stack(report, APPLICATION.format(port=application.port), **settings) as installation:
        secret = installation.setting("JWT_SECRET")
        with Client(installation.port) as client:
            tokens = client.login()
            verified(report, client, algorithm, tokens["access_token"], secret)
            other_kinds(report, client, tokens)
            issuer = Issuer(algorithm, key or secret.encode(), tokens["access_token"])
            paths = ("hello", "auth/verify", "/app/hello")
            count = refusals(report, client, issuer, paths, TOO_LARGE)
            report.expect(application.seen == [], f"{algorithm}: no forgery reaches the application", application.seen[:3])
            good = client.ask("GET", "/app/hello", token=tokens["access_token"])
            report.expect(good.status == 200 and len(application.seen) == 1, f"{algorithm}: the genuine token does", good)
            application.seen.clear()
    return count * len(paths)


def main():
    report = Attack("forgery", "JWT attacks")
    application = Upstream()
    # The account of the stack reads the keys.
    folder = pathlib.Path(tempfile.mkdtemp(prefix="gatehouse-forgery-"))
    folder.chmod(0o755)
    try:
        for algorithm in ("HS256", *NEW_KEYS):
            count = attack(report, algorithm, application, folder)
            report.tried += count
            report.figures[algorithm] = count
    finally:
        application.close()
        shutil.rmtree(folder)
    return report.conclude("None of them was taken, by /hello, /auth/verify or an application behind auth_request."
                           if not report.failures else "Some were not refused as they should be.")


if __name__ == "__main__":
    run(main)
