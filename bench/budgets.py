"""What the figures have to show, and whether they do. Nothing is measured here."""

from contestants import COUNTING_GATEHOUSE, FASTAPI, FLASK, GATEHOUSE, GO
from side_by_side import OURS, OWN

# How many times as much as a peer, in requests a second and in requests for a second of the processor.
RATIOS = {
    "hello": {FLASK: 15, FASTAPI: 8, GO: 1.3},
    "me": {FLASK: 8, FASTAPI: 4, GO: 1.2},
    "users": {FLASK: 8, FASTAPI: 4, GO: 1.2},
    "dashboard": {FLASK: 6},
    "users page": {FLASK: 6},
    # "No worse than any", within what the same program differs by from one run to the next.
    "login": {FLASK: 0.97, FASTAPI: 0.97, GO: 0.97},
}
MEMORY_SHARE = 0.25
P99_MS = 10
FLAT = {"users": 1.3, "revocations": 1.1}
# How far memory may rise in a soak once it has settled.
SOAK_GROWTH = 1.1
# Budgets on the processor are told for the works that the processor decides about.
CPU_WORKS = ("hello", "me", "users", "dashboard", "users page")


def verdict(what, value, budget, is_met, unit=""):
    return {"what": what, "value": value, "budget": budget, "unit": unit, "met": bool(is_met)}


def at_least(what, value, budget):
    return verdict(what, value, f"≥ {budget:g} ×", value >= budget, "×")


def ratio(table, work, peer, figure):
    """How many times as good we are as a peer."""
    own, other = (table["busy"][work][name][figure]["median"] for name in (GATEHOUSE, peer))
    return other / own if figure.startswith("cpu") else own / other


def memory(table, state):
    """Of both programs, of ours and of Flask's; loaded is the most that was seen of each program under any load."""
    def total(name):
        if state == "idle":
            return sum(table["alone"][name]["idle_kib"].values())
        return sum(max(seen.values()) for seen in table["alone"][name]["loaded_kib"].values())
    return total(GATEHOUSE), total(FLASK)


def of_table(table):
    found = []
    for work, peers in RATIOS.items():
        for peer, budget in peers.items():
            found.append(at_least(f"{work}, against {peer}", ratio(table, work, peer, "requests_per_second"), budget))
            if work in CPU_WORKS:
                found.append(at_least(
                    f"{work}, requests for a second of the processor, against {peer}",
                    ratio(table, work, peer, "cpu_seconds_per_1000"), budget))
    for state in ("idle", "loaded"):
        own, other = memory(table, state)
        found.append(verdict(f"memory of both programs, {state}, against Flask's two", own / other, f"< {MEMORY_SHARE}",
                             own / other < MEMORY_SHARE))
    for work in ("hello", "me"):
        for name, kind in ((GATEHOUSE, OURS), (COUNTING_GATEHOUSE, OWN)):
            p99 = table["at_rate"][work][kind][name]["p99_ms"]["median"]
            found.append(verdict(f"p99 of {work} at half of the highest rate, {name}", p99, f"< {P99_MS} ms", p99 < P99_MS,
                                 "ms"))
    return found


def of_growth(part, figures):
    return [verdict(f"{work}, the fewest {part} against the most", value, f"≤ {FLAT[part]:g} ×", value <= FLAT[part], "×")
            for work, value in figures["ratios"].items()]


def of_soak(figures):
    def none(what, count):
        return verdict(what, count, "0", count == 0)
    found = [none("visits that failed", figures["load"]["failures"]["count"]),
             none("programs that logged an error", len(figures["complaints"]))]
    for name, one in figures["programs"].items():
        growth = one["memory"]["growth"]
        found += [
            verdict(f"memory of {name}, the most against when it had settled", growth, f"≤ {SOAK_GROWTH:g} ×",
                    growth <= SOAK_GROWTH, "×"),
            none(f"descriptors of {name} beyond those before, without pools", one["left"])]
        found += [verdict(f"descriptors of {name} that a pool keeps, {pool}", held["kept"], f"≤ {held['limit']}",
                          held["kept"] <= held["limit"]) for pool, held in one["pools"].items()]
    return found


def of_parts(parts):
    """Of all that was measured."""
    found = of_table(parts["table"]) if "table" in parts else []
    for part in FLAT:
        if part in parts:
            found += of_growth(part, parts[part])
    return found
