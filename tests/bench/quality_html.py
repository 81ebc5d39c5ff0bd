# SPDX-License-Identifier: MIT
"""The figures as one HTML page that needs nothing else: tables, and plots as inline SVG."""

import html

from quality_report import evidence_line, percent

STYLE = """
:root { color-scheme: light dark; --ink: #1c2733; --faint: #5c6b7a; --line: #d5dce3; --good: #1f7a4d; --bad: #b3372f; --mild: #c98a1b;
  --paper: #fff; --card: #f6f8fa; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e9ee; --faint: #9aa7b4; --line: #33404d; --good: #55b685; --bad: #e5776f;
  --mild: #dfae55; --paper: #12181f; --card: #1a222b; } }
body { font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin-bottom: .2rem } h2 { font-size: 1.15rem; margin-top: 2.2rem } p { color: var(--faint); max-width: 46rem }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: .6rem 0 }
th, td { padding: .22rem .7rem; border-bottom: 1px solid var(--line); text-align: right } th { font-weight: 600; color: var(--faint) }
th:first-child, td:first-child { text-align: left } .kept { color: var(--good) } .broken { color: var(--bad); font-weight: 600 }
.columns { display: flex; flex-wrap: wrap; gap: 1rem 2.5rem; align-items: flex-start } .columns > * { max-width: 100% }
.scroll { overflow-x: auto } td { white-space: nowrap } svg.plot { max-width: 100% } td:last-child { white-space: normal; min-width: 5rem } svg.plot { height: auto }
details { background: var(--card); border-radius: 6px; padding: .5rem .8rem; margin: .4rem 0 } summary { cursor: pointer }
details li { color: var(--faint) } svg text { fill: var(--faint); font: 12px system-ui, sans-serif }
svg .axis { stroke: var(--line); fill: none } svg .curve { stroke: var(--good); fill: none; stroke-width: 2 }
svg .pitch { fill: var(--good) } svg .suspect { fill: var(--mild) } svg .miss { fill: var(--line) } svg .alarm { fill: var(--bad) }
"""


def escape(text):
    return html.escape(str(text))


def table(head, rows, classes=None):
    parts = ["<div class='scroll'><table><tr>", *(f"<th>{escape(cell)}</th>" for cell in head), "</tr>"]
    for at, row in enumerate(rows):
        style = f" class='{classes[at]}'" if classes else ""
        parts += [f"<tr{style}>", *(f"<td>{escape(cell)}</td>" for cell in row), "</tr>"]
    return "".join(parts) + "</table></div>"


def plot_frame(width, height, x_label, y_label, content):
    """A square plot from 0 to 1 on both axes, with a grid at every fifth."""
    left, top, right, bottom = 64, 12, 24, 42
    inner_width, inner_height = width - left - right, height - top - bottom
    grid = []
    for fifth in range(6):
        x, y = left + inner_width * fifth / 5, top + inner_height * (1 - fifth / 5)
        grid.append(f"<path class='axis' d='M{left},{y:.1f}H{left + inner_width}M{x:.1f},{top}V{top + inner_height}'/>"
                    f"<text x='{left - 6}' y='{y + 4:.1f}' text-anchor='end'>{fifth * 20} %</text>"
                    f"<text x='{x:.1f}' y='{top + inner_height + 16}' text-anchor='middle'>{fifth * 20} %</text>")
    labels = (f"<text x='{left + inner_width / 2}' y='{height - 6}' text-anchor='middle'>{escape(x_label)}</text>"
              f"<text transform='translate(14,{top + inner_height / 2}) rotate(-90)' text-anchor='middle'>{escape(y_label)}</text>")
    points = " ".join(f"{left + inner_width * x:.1f},{top + inner_height * (1 - y):.1f}" for x, y in content)
    return (f"<svg class='plot' viewBox='0 0 {width} {height}' width='{width}' height='{height}' role='img' aria-label='{escape(y_label)} over "
            f"{escape(x_label)}'>{''.join(grid)}{labels}<polyline class='curve' points='{points}'/></svg>")


def curve_plot(curve):
    points = [(0.0, 1.0)] + [(point["recall"], point["precision"]) for point in curve["points"]]
    return plot_frame(430, 330, "recall, by distinct text", "precision", points)


def alarm_plot(curve):
    """Recall over the share of ordinary mail flagged, the first 2 % drawn over the whole width."""
    points = [(point["alarms"] / 0.02, point["recall"]) for point in curve["points"] if point["alarms"] <= 0.02]
    plot = plot_frame(430, 330, "ham flagged", "recall, by distinct text", [(0.0, 0.0), *points])
    for fifth in range(5, 0, -1):
        plot = plot.replace(f"text-anchor='middle'>{fifth * 20} %<", f"text-anchor='middle'>{fifth * 0.4:.1f} %<")
    return plot


def bars(groups, strong):
    """One bar a group: how much was found, and how much more suspected."""
    height, bar, left = 22, 200, 8 + 7 * max([4, *(len(name[:32]) for name in groups)])
    parts = []
    for at, (name, rate) in enumerate(groups.items()):
        y = at * height
        found, suspected = rate["rate"] * bar, (rate["suspect_rate"] - rate["rate"]) * bar
        parts.append(
            f"<text x='{left - 8}' y='{y + 15}' text-anchor='end'>{escape(name[:32])}</text>"
            f"<rect class='miss' x='{left}' y='{y + 4}' width='{bar}' height='14'/>"
            f"<rect class='{strong}' x='{left}' y='{y + 4}' width='{found:.1f}' height='14'/>"
            f"<rect class='suspect' x='{left + found:.1f}' y='{y + 4}' width='{suspected:.1f}' height='14'/>"
            f"<text x='{left + bar + 8}' y='{y + 15}'>{percent(rate['rate'])} of {rate['messages']}</text>")
    total = len(groups) * height + 4
    width = left + bar + 100
    return f"<svg class='plot' viewBox='0 0 {width} {total}' width='{width}' height='{total}' role='img'>{''.join(parts)}</svg>"


def worst_section(title, ones):
    parts = [f"<h2>{escape(title)}</h2>"]
    for one in ones:
        evidence = "".join(f"<li>{escape(evidence_line(e))}</li>" for e in one["evidence"]) or "<li>no evidence</li>"
        exempt = f"<p>not judged: {escape(one['exempt'])}</p>" if one["exempt"] else ""
        parts.append(f"<details><summary><b>{one['score']:.2f}</b> {escape(one['verdict'])} &middot; {escape(one['kind'])} &middot; "
                     f"{escape(one['subject'][:90])}</summary><p>{escape(one['path'])}</p>{exempt}<ul>{evidence}</ul></details>")
    return "".join(parts) if ones else "".join(parts) + "<p>none</p>"


def rule_section(rules):
    rows = [(name, rule["group"], percent(rule["pitch_share"]), percent(rule["ham_share"], 2),
             ", ".join(f"{folder} {count}" for folder, count in sorted(rule["ham_by_folder"].items())))
            for name, rule in rules.items()]
    return ("<h2>Rules</h2><p>On how many pitch texts and ordinary messages each rule holds, whether it counted or not.</p>"
            + table(["rule", "group", "of pitch texts", "of ham", "ham by folder"], rows))


def bounds_section(results):
    rows = [(f"{r['what']} {r['folders']}", f"{r['relation']} {r['percent']:g} %", f"{r['measured']:.2f} %",
             "kept" if r["kept"] else "broken") for r in results]
    return "<h2>Bounds</h2>" + table(["bound", "wanted", "measured", ""], rows, ["kept" if r["kept"] else "broken" for r in results])


def html_report(title, figures):
    counts = figures["messages"]
    parts = [f"<!doctype html><html lang='en'><meta charset='utf-8'><meta name='viewport' content='width=device-width'>"
             f"<title>{escape(title)}</title><style>{STYLE}</style><h1>{escape(title)}</h1>"
             f"<p>{counts['pitch']} pitches, {counts['ham']} ordinary messages, {counts['other']} others. Green: found as a pitch; "
             f"amber: suspected; red: ordinary mail called a pitch. By text: near copies count once.</p>"]
    if "bounds" in figures:
        parts.append(bounds_section(figures["bounds"]))
    curve = figures["curve"]
    shares = [(f"{float(share) * 100:g} %", percent(recall)) for share, recall in curve["recall_at_alarms"].items()]
    parts.append("<h2>Precision and recall over the score</h2><div class='columns'>" + curve_plot(curve) + alarm_plot(curve)
                 + "<div>" + table(["ham wrong, by score alone", "recall by text"], shares)
                 + f"<p>Average precision {curve['average_precision']:.3f}</p></div></div>")
    for facet, groups in figures["recall"].items():
        rows = [(name, r["messages"], r["texts"], percent(r["rate"]), percent(r["distinct_rate"]), percent(r["suspect_rate"]))
                for name, r in groups.items()]
        parts.append(f"<h2>Recall by {facet}</h2><div class='columns'>" + bars(groups, "pitch")
                     + table([facet, "messages", "texts", "recall", "by text", "suspect+"], rows) + "</div>")
    for name, heading in (("alarms", "False alarms by folder"), ("others", "Neither pitch nor ham")):
        rows = [(folder, r["messages"], r["found"], percent(r["rate"], 2), r["suspected"], percent(r["suspect_rate"], 2))
                for folder, r in figures[name].items()]
        parts.append(f"<h2>{heading}</h2><div class='columns'>" + bars(figures[name], "alarm")
                     + table(["folder", "messages", "pitch", "rate", "suspect+", "rate"], rows) + "</div>")
    parts.append(worst_section("Worst misses", figures["worst_misses"]))
    parts.append(worst_section("Worst false alarms", figures["worst_alarms"]))
    parts.append(rule_section(figures["rules"]))
    return "\n".join(parts) + "</html>\n"
