#!/usr/bin/env python3
"""Writes docs/security-testing.md from what the attacks have kept in bench/results/attack, and from mended.md beside this."""

import json

from attack import FOLDER, HERE, ROOT

ORDER = ("openapi", "forgery", "texts", "smuggling", "stuffing", "sqlmap", "wapiti", "slow", "tls", "fuzz")
INTRODUCTION = """# What was attacked

Made by `make attack`, which turns on a private stack of our own behind nginx, on loopback: what was tried last, how many inputs, and what was found. What an attack does is told at the top of its file in `Tests/Attack`; what we defend against, and what we do not, is in [the threat model](threat-model.md)."""


def table(rows):
    return ["", "| attack | when | commit | took | tried | expectations | found |", "|---|---|---|---:|---:|---:|---:|", *rows]


def duration(seconds):
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def told(value):
    if isinstance(value, dict):
        return ", ".join(f"{name}: {told(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return ", ".join(map(told, value)) or "none"
    return f"{value:,}" if isinstance(value, int) else str(value)


def section(name, kept):
    where = kept["machine"]
    lines = [
        "", f"## {kept['title']}", "",
        f"`Tests/Attack/{name}.py`, {where['date']}, commit {where['commit']}, programs "
        + " and ".join(f"{program} {digest}" for program, digest in kept["programs"].items())
        + f", on {where['cores']} × {where['processor']}"
        + (f", with {told(kept['settings'])}" if kept["settings"] else "") + ".", "",
        f"{kept['summary']} {kept['inputs']:,} {kept['unit']} in {duration(kept['seconds'])}; {kept['expectations']:,} expectations, "
        f"{kept['finding_count']:,} findings."]
    if kept["findings"]:
        lines += ["", *("- " + " ".join(finding.split()).replace("<", "&lt;")[:400] for finding in kept["findings"])]
    if kept["figures"]:
        lines += ["", "| | |", "|---|---|", *(f"| {key} | {told(value)} |" for key, value in kept["figures"].items())]
    return lines


def main():
    kept = {name: json.loads((FOLDER / f"{name}.json").read_text()) for name in ORDER if (FOLDER / f"{name}.json").exists()}
    rows = []
    for name in ORDER:
        if name not in kept:
            rows.append(f"| {name} | not run yet | | | | | |")
            continue
        found = kept[name]
        rows.append(
            f"| {name} | {found['machine']['date']} | {found['machine']['commit']} | {duration(found['seconds'])} | "
            f"{found['inputs']:,} {found['unit']} | {found['expectations']:,} | {found['finding_count']:,} |")
    lines = [INTRODUCTION, *table(rows), "", (HERE / "mended.md").read_text().strip()]
    for name, found in kept.items():
        lines += section(name, found)
    (ROOT / "docs/security-testing.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
