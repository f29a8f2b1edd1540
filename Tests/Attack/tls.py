#!/usr/bin/env python3
"""testssl.sh on the https port: protocols, ciphers, and every weakness it knows a name for.

Two things it holds against us are decisions, which are named below with their reasons. The certificate is the one that `make certs` makes for development, signed by itself: what testssl.sh says of that is left out
here, by name. Everything else of a severity of LOW or more is a finding.
"""

import json
import pathlib
import shutil
import subprocess
import tempfile

from attack import Attack, Failure, run, stack

LIMIT = 600
GOOD = {"OK", "INFO", "WARN", "DEBUG"}
# Of a certificate that signs itself, on a host without a public name.
OF_DEVELOPMENT = {
    "cert_chain_of_trust": "signed by itself", "cert_trust": "signed by itself", "cert_caIssuers": "signed by itself",
    "cert_revocation": "nobody else to revoke it", "cert_crlDistributionPoints": "nobody else to revoke it",
    "cert_ocspURL": "nobody else to revoke it", "OCSP_stapling": "nobody else to revoke it",
    "cert_notAfter": "renewed by hand", "cert_extlifeSpan": "renewed by hand", "cert_expirationStatus": "renewed by hand",
    "DNS_CAArecord": "no public name", "certificate_transparency": "no public name", "cert_validityPeriod": "renewed by hand",
    "overall_grade": "follows from the certificate", "grade_cap_reason_1": "follows from the certificate",
}
# Decisions of ours.
DECIDED = {
    "cipher_order": "all ciphers are AEAD with forward secrecy, and which of them costs a phone least the phone knows",
    "BREACH": "the code in a form, which is all that a page has to hide, is under a fresh mask in each page",
}
# What has to be among what it looked at: a run that looked at nothing finds nothing.
HAS_TO_BE = {"SSLv2", "SSLv3", "TLS1", "TLS1_1", "TLS1_2", "TLS1_3", "heartbleed", "CCS", "ticketbleed", "ROBOT", "secure_renego",
             "CRIME_TLS", "POODLE_SSL", "SWEET32", "FREAK", "DROWN", "LOGJAM", "BEAST", "LUCKY13", "RC4"}


def main():
    report = Attack("tls", "testssl.sh on the https port", "checks")
    program = shutil.which("testssl") or shutil.which("testssl.sh")
    if not program:
        raise Failure("there is no testssl.sh: .ci/setup attack")
    with stack(report) as installation, tempfile.TemporaryDirectory(prefix="gatehouse-tls-") as folder:
        output = pathlib.Path(folder) / "found.json"
        # No name server is asked, and nobody else: it stays on loopback.
        command = [program, "--quiet", "--color", "0", "--warnings", "batch", "--nodns", "none", "--openssl", "/usr/bin/openssl",
                   "--jsonfile", str(output), f"https://127.0.0.1:{installation.tls_port}/login"]
        try:
            done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT, check=False)
        except subprocess.TimeoutExpired:
            raise Failure(f"testssl.sh was not done after {LIMIT} s") from None
        try:
            found = json.loads(output.read_text())
        except (OSError, ValueError):
            raise Failure(f"testssl.sh wrote nothing that can be read: {done.stdout[-500:]}{done.stderr[-500:]}") from None
    report.tried = len(found)
    names = {entry["id"].split(" ")[0] for entry in found}
    report.expect(HAS_TO_BE <= names, "all that has to be looked at was", sorted(HAS_TO_BE - names))
    for entry in found:
        name = entry["id"].split(" ")[0]
        report.expect(entry["severity"] in GOOD or name in OF_DEVELOPMENT | DECIDED, f"{name}: {entry['severity']}", entry["finding"])
    report.figures = {
        "by severity": {severity: sum(entry["severity"] == severity for entry in found)
                        for severity in sorted({entry["severity"] for entry in found})},
        "left out, of the certificate for development": sorted(
            {entry["id"].split(" ")[0] for entry in found if entry["severity"] not in GOOD
             and entry["id"].split(" ")[0] in OF_DEVELOPMENT}),
        "decided": DECIDED}
    return report.conclude(f"{len(found)} checks.")


if __name__ == "__main__":
    run(main)
