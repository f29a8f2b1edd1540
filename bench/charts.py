"""Small charts as SVG, for light and for dark pages. No figure is only in a chart: each is in a table, too."""

import html
import math

STYLE = """<style>
svg{font:13px system-ui,sans-serif;--ink:#17202d;--quiet:#526077;--line:#d9dfe9;--c0:#0b626b;--c1:#5aa7ae;--c2:#b0201c;--c3:#7d5200;--c4:#526077}
@media (prefers-color-scheme:dark){svg{--ink:#e7ecf3;--quiet:#9dabbe;--line:#2b3645;--c0:#56c3c9;--c1:#2f7f86;--c2:#ff8f87;--c3:#e8b862;--c4:#9dabbe}}
text{fill:var(--ink)}.quiet{fill:var(--quiet)}.strong{font-weight:600}.grid{stroke:var(--line)}.line{fill:none;stroke-width:2}
</style>"""


def number(value):
    """Three digits of it, at least."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def text(x, y, words, kind="", anchor="start"):
    return f'<text x="{x:.0f}" y="{y:.0f}" class="{kind}" text-anchor="{anchor}">{html.escape(str(words))}</text>'


def picture(width, height, title, parts):
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">',
        f"<title>{html.escape(title)}</title>", STYLE, *parts, "</svg>", ""])


def bars(title, groups, unit, colours):
    """`groups` is {label: {name: value}}. Each group has a scale of its own: the works differ by thousands."""
    width, left, right, step = 760, 200, 110, 22
    parts, y = [text(0, 16, title)], 34
    for label, values in groups.items():
        parts.append(text(0, y + 12, label, "strong"))
        y += step
        most = max(values.values()) or 1
        for name, value in values.items():
            length = max(1, value / most * (width - left - right))
            parts += [text(left - 8, y + 12, name, "quiet", "end"),
                      f'<rect x="{left}" y="{y}" width="{length:.1f}" height="16" rx="2" fill="var(--c{colours[name]})"/>',
                      text(left + length + 6, y + 12, f"{number(value)} {unit}".strip(), "quiet")]
            y += step
        y += 8
    return picture(width, y, title, parts)


def course(title, series, across, colours):
    """`series` is {name: {x: y}}, of many points over time. Both axes begin at zero and are linear."""
    width, height, left, right, top, bottom = 760, 260, 70, 200, 40, 44
    last = max(x for values in series.values() for x in values)
    most = max(y for values in series.values() for y in values.values()) * 1.1

    def at(x, y):
        return left + x / last * (width - left - right), height - bottom - y / most * (height - top - bottom)
    parts = [text(0, 16, title)]
    for place in range(5):
        x, y = at(last * place / 4, most * place / 4)
        parts += [f'<line class="grid" x1="{left}" x2="{width - right}" y1="{y:.1f}" y2="{y:.1f}"/>',
                  text(left - 8, y + 4, number(most * place / 4) if place else "0", "quiet", "end"),
                  text(x, height - bottom + 18, f"{last * place / 4:.3g}", "quiet", "middle")]
    parts.append(text(left + (width - left - right) / 2, height - 6, across, "quiet", "middle"))
    for place, (name, values) in enumerate(series.items()):
        colour = f"var(--c{colours[name]})"
        path = " ".join(f"{'L' if index else 'M'}{x:.1f} {y:.1f}" for index, (x, y) in enumerate(
            at(x, values[x]) for x in sorted(values)))
        y = top + 15 * place
        parts += [f'<path class="line" d="{path}" stroke="{colour}"/>',
                  f'<rect x="{width - right + 12}" y="{y}" width="10" height="10" rx="2" fill="{colour}"/>',
                  text(width - right + 28, y + 9, name)]
    return picture(width, height, title, parts)


def lines(title, series, across, unit, colours, is_relative=False):
    """`series` is {name: {x: y}}. Both axes are logarithmic, unless the values are relative."""
    width, height, left, right, top, bottom = 760, 340, 70, 200, 40, 44
    xs = sorted({x for values in series.values() for x in values})
    ys = [y for values in series.values() for y in values.values()]
    # Zero stands where a tenth of the next one would.
    places = {x: math.log10(x) if x > 0 else math.log10(min(other for other in xs if other > 0)) - 1 for x in xs}
    low, high = min(places.values()), max(places.values())
    if is_relative:
        bottom_value, top_value = 0, max(1.2, max(ys) * 1.1)
        ticks = [top_value * place / 4 for place in range(5)]
        share = lambda y: (y - bottom_value) / (top_value - bottom_value)
    else:
        lowest, highest = math.floor(math.log10(min(ys))), math.ceil(math.log10(max(ys) * 1.0001))
        ticks = [10 ** power for power in range(lowest, highest + 1)]
        share = lambda y: (math.log10(y) - lowest) / max(1, highest - lowest)

    def at(x, y):
        return (left + (places[x] - low) / ((high - low) or 1) * (width - left - right),
                height - bottom - share(y) * (height - top - bottom))
    parts = [text(0, 16, title)]
    for tick in ticks:
        _, y = at(xs[0], tick)
        parts += [f'<line class="grid" x1="{left}" x2="{width - right}" y1="{y:.1f}" y2="{y:.1f}"/>',
                  text(left - 8, y + 4, number(tick) if tick else "0", "quiet", "end")]
    for x in xs:
        parts.append(text(at(x, ticks[0])[0], height - bottom + 18, f"{x:,}", "quiet", "middle"))
    parts += [text(left + (width - left - right) / 2, height - 6, across, "quiet", "middle"),
              text(0, 34, unit, "quiet")]
    taken = []
    for name, values in sorted(series.items(), key=lambda entry: at(max(entry[1]), entry[1][max(entry[1])])[1]):
        points = [at(x, values[x]) for x in sorted(values)]
        colour = f"var(--c{colours[name]})"
        path = " ".join(f"{'L' if place else 'M'}{x:.1f} {y:.1f}" for place, (x, y) in enumerate(points))
        parts.append(f'<path class="line" d="{path}" stroke="{colour}"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points]
        # Names of lines that end close together stand below each other.
        y = points[-1][1] + 4
        while taken and y < taken[-1] + 15:
            y = taken[-1] + 15
        taken.append(y)
        parts += [f'<rect x="{width - right + 12}" y="{y - 9:.0f}" width="10" height="10" rx="2" fill="{colour}"/>',
                  text(width - right + 28, y, name)]
    return picture(width, height, title, parts)
