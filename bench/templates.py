#!/usr/bin/python3
"""The users page with 20 rows: our templates beside Jinja2, with the same data, in turns.

The data is what the page is filled with for the tests (WebTests writes it down, with the page that comes of it). The twin
for Jinja2 is made of our own templates: everything in one template, each name where it stands in the data, no inheritance
and no including left to do. Both are compiled before the clock starts, both escape, and both pages are compared.
Debian's own Python runs this, which has Jinja2. ROUNDS (7) and DURATION (1 s) come from the environment.
"""

import functools
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import jinja2

from harness import ROOT, Failure, first_line, machine, machine_lines, run, spread, verdict, write_results

ROUNDS = int(os.environ.get("ROUNDS") or 7)
DURATION = float(os.environ.get("DURATION") or 1)
BUDGET = 5
TEMPLATES = ROOT / "templates"
PAGE = "pages/users"
SCRATCH = ROOT / ".build" / "bench"
PROGRAM = SCRATCH / "release" / "template-bench"

TAG = re.compile(r"\{\{(?P<sign>[!#^/<>$]?)(?P<name>.*?)\}\}", re.DOTALL)


def build():
    """For release, beside the other builds. GATEHOUSE_BENCH makes Package.swift declare the program."""
    done = subprocess.run(
        [*harness.RELEASE_BUILD, "--scratch-path", str(SCRATCH), "--product", "template-bench"],
        cwd=ROOT, env=os.environ | {"GATEHOUSE_BENCH": "1"}, stdout=sys.stderr, timeout=780, check=False)
    if done.returncode != 0:
        raise Failure("template-bench could not be built")


def write_values(folder):
    """Has the tests write what the page is filled with, and the page."""
    done = subprocess.run(
        ["swift", "test", "--disable-xctest", "--no-parallel", "--filter", "WebTests.PageValuesTests"],
        cwd=ROOT, env=os.environ | {"PAGE_VALUES": folder}, capture_output=True, text=True, timeout=900, check=False)
    if done.returncode != 0:
        raise Failure(f"the values of the page were not written:\n{done.stdout[-6000:]}")
    return json.loads(pathlib.Path(folder, "users.json").read_text()), pathlib.Path(folder, "users.html").read_text()


# The twin.

@functools.cache
def parsed(template):
    """A template as a list of (kind, name, content); of a text the name is all."""
    text = (TEMPLATES / f"{template}.mustache").read_text()
    lists, names, place = [[]], [], 0
    for tag in TAG.finditer(text):
        lists[-1].append(("text", text[place:tag.start()], None))
        place = tag.end()
        sign, name = tag["sign"], tag["name"]
        if sign == "/":
            if name != names.pop():
                raise Failure(f"{template}: {name} is not what is to be closed")
            lists.pop()
        elif sign in {"#", "^", "<", "$"}:
            lists[-1].append((sign, name, content := []))
            lists.append(content)
            names.append(name)
        elif sign != "!":
            lists[-1].append((sign, name, None))
    lists[-1].append(("text", text[place:], None))
    return lists[0]


class Scope:
    """What a name is looked up in: how Jinja2 writes it, and everything that ever stands there."""

    def __init__(self, expression, samples):
        self.expression, self.samples = expression, samples

    def member(self, name):
        if not any(name in sample for sample in self.samples):
            return None
        expression = f"{self.expression}['{name}']" if self.expression else name
        return Scope(expression, [sample[name] for sample in self.samples if name in sample])


def find(name, scopes):
    if name == ".":
        return scopes[-1]
    found = next(filter(None, (scope.member(name) for scope in reversed(scopes))), None)
    # Only where nothing of the data leads.
    return found or Scope(name, [])


def twin(content, scopes, blocks):
    """What Jinja2 is given for a part of a template."""
    return "".join(twin_of(kind, name, inside, scopes, blocks) for kind, name, inside in content)


def twin_of(kind, name, inside, scopes, blocks):
    if kind == "text":
        return name
    if kind == ">":
        return twin(parsed(name), scopes, {})
    if kind == "<":
        # What the outer template puts into a block counts.
        own = {block: content for kind, block, content in inside if kind == "$"}
        return twin(parsed(name), scopes, own | blocks)
    if kind == "$":
        return twin(blocks.get(name, inside), scopes, blocks)
    found = find(name, scopes)
    if kind == "":
        # Jinja2 would write None.
        absent = " or ''" if None in found.samples else ""
        return "{{ " + found.expression + absent + " }}"
    if kind == "^":
        return "{% if not " + found.expression + " %}" + twin(inside, scopes, blocks) + "{% endif %}"
    if any(isinstance(sample, list) for sample in found.samples):
        item = f"item{len(scopes)}"
        items = [item for sample in found.samples for item in sample or []]
        return ("{% for " + item + " in " + found.expression + " %}"
                + twin(inside, [*scopes, Scope(item, items)], blocks) + "{% endfor %}")
    objects = [sample for sample in found.samples if isinstance(sample, dict)]
    inner = [*scopes, Scope(found.expression, objects)] if objects else scopes
    return "{% if " + found.expression + " %}" + twin(inside, inner, blocks) + "{% endif %}"


def jinja_template(values):
    environment = jinja2.Environment(autoescape=True, trim_blocks=True)
    return environment.from_string(twin(parsed(PAGE), [Scope("", [values])], {}))


def comparable(page):
    """Without white space, of which our templates leave out the lines that show nothing, and with one way to write a quote."""
    return "".join(page.replace("&#34;", "&quot;").split())


def compare(pages):
    (first, ours), *others = pages.items()
    for name, theirs in others:
        one, other = comparable(ours), comparable(theirs)
        if one != other:
            place = next((i for i, (a, b) in enumerate(zip(one, other)) if a != b), min(len(one), len(other)))
            raise Failure(f"{name} is not {first}: …{other[max(0, place - 60):place + 60]}… and "
                          f"…{one[max(0, place - 60):place + 60]}…")


# The rounds.

def our_rate(folder):
    done = subprocess.run([str(PROGRAM), str(TEMPLATES), PAGE, f"{folder}/users.json", str(DURATION)],
                          capture_output=True, text=True, timeout=DURATION + 30, check=False)
    if done.returncode != 0:
        raise Failure(done.stderr.strip())
    figures = json.loads(done.stdout)
    return figures["pages"] / figures["seconds"]


def jinja_rate(template, values):
    count, start = 0, time.perf_counter()
    while (now := time.perf_counter()) - start < DURATION:
        template.render(values)
        count += 1
    return count / (now - start)


def main():
    build()
    with tempfile.TemporaryDirectory(prefix="gatehouse-bench-") as folder:
        values, page = write_values(folder)
        template = jinja_template(values)
        printed = subprocess.run([str(PROGRAM), str(TEMPLATES), PAGE, f"{folder}/users.json"],
                                 capture_output=True, text=True, timeout=30, check=True).stdout
        compare({"the page": page, "template-bench": printed, "Jinja2": template.render(values)})
        rates = {"gatehouse": [], "jinja2": []}
        takers = {"gatehouse": lambda: our_rate(folder), "jinja2": lambda: jinja_rate(template, values)}
        for number in range(ROUNDS):
            # Who comes first changes, so that a noisy moment meets both alike.
            for name in list(takers)[::1 if number % 2 else -1]:
                rates[name].append(takers[name]())
    figures = {name: spread(taken) for name, taken in rates.items()}
    ratio = figures["gatehouse"]["median"] / figures["jinja2"]["median"]
    met = ratio >= BUDGET
    where = machine()
    lines = [
        "# Templates beside Jinja2", "", machine_lines(where), "",
        f"The users page with {len(values['rows'])} rows, {len(page.encode()):,} bytes; {ROUNDS} rounds of {DURATION:g} s in "
        f"turns, one thread each; Jinja2 {jinja2.__version__}, {first_line('/usr/bin/python3', '--version')}.", "",
        "| | pages/s | µs for a page | from | to |", "|---|---:|---:|---:|---:|",
    ]
    for name, title in [("gatehouse", "our templates"), ("jinja2", "Jinja2, all in one template")]:
        taken = figures[name]
        lines.append(f"| {title} | {taken['median']:,.0f} | {1e6 / taken['median']:,.1f} | {taken['min']:,.0f} | {taken['max']:,.0f} |")
    lines += ["", f"{ratio:.1f} times Jinja2; budget: {BUDGET} times, {verdict(met)}."]
    write_results("templates", {
        "machine": where, "bytes": len(page.encode()), "rounds": ROUNDS, "duration_s": DURATION, "jinja2": jinja2.__version__,
        "pages_per_second": figures, "ratio": ratio, "budget": BUDGET, "met": met}, "\n".join(lines))
    return 0 if met else 1


if __name__ == "__main__":
    run(main)
