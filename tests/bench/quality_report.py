# SPDX-License-Identifier: MIT
"""The figures as text for a terminal."""


def percent(share, digits=1):
    return f"{share * 100:.{digits}f} %"


def table(head, rows):
    """Columns as wide as they must be; the first to the left, the others to the right."""
    cells = [head, *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    return "\n".join(
        "  " + "  ".join(cell.ljust(width) if column == 0 else cell.rjust(width)
                         for column, (cell, width) in enumerate(zip(row, widths))).rstrip() for row in cells)


def recall_table(name, groups):
    return table([name, "messages", "texts", "found", "recall", "by text", "suspect+"],
                 [(group, r["messages"], r["texts"], r["found"], percent(r["rate"]), percent(r["distinct_rate"]),
                   percent(r["suspect_rate"])) for group, r in groups.items()])


def alarm_table(name, groups):
    return table([name, "messages", "pitch", "rate", "suspect+", "rate"],
                 [(group, r["messages"], r["found"], percent(r["rate"], 2), r["suspected"], percent(r["suspect_rate"], 2))
                  for group, r in groups.items()])


def evidence_line(evidence):
    words = " ".join(evidence["text"].split())
    return f"{evidence['rule']} {evidence['weight']:g}" + (f' "{words}"' if words else "")


def worst_list(ones):
    lines = []
    for one in ones:
        lines.append(f"  {one['score']:5.2f} {one['verdict']:<12} {one['path']}  ({one['kind']}, {one['language'] or '?'})")
        if one["exempt"]:
            lines.append(f"        not judged: {one['exempt']}")
        lines.append(f"        {one['subject'][:100]}")
        lines.extend(f"        {evidence_line(evidence)}" for evidence in one["evidence"])
    return "\n".join(lines) or "  none"


def rule_table(rules):
    rows = []
    for name, rule in rules.items():
        folders = " ".join(f"{folder}:{count}" for folder, count in sorted(rule["ham_by_folder"].items()))
        rows.append((name, rule["group"] or "-", percent(rule["pitch_share"]), percent(rule["ham_share"], 2), folders))
    return table(["rule", "group", "of pitch texts", "of ham", "ham by folder"], rows)


def curve_table(curve):
    rows = [(f"{float(share) * 100:g} %", percent(recall)) for share, recall in curve["recall_at_alarms"].items()]
    return (f"  average precision {curve['average_precision']:.3f}\n"
            + table(["by score alone, ham wrong", "recall by text"], rows))


def bounds_table(results):
    return table(["bound", "measured", "messages", ""],
                 [(f"{r['what']} {r['folders']} {r['relation']} {r['percent']:g} %", f"{r['measured']:.2f} %", r["messages"],
                   "kept" if r["kept"] else "BROKEN" if r["messages"] else "NO MESSAGES") for r in results])


def text_report(title, figures, with_rules=False):
    sections = [title]
    for facet, groups in figures["recall"].items():
        sections.append(f"Recall by {facet}\n" + recall_table(facet, groups))
    sections.append("False alarms by folder\n" + alarm_table("folder", figures["alarms"]))
    sections.append("False alarms by kind\n" + alarm_table("kind", {
        kind: r for kind, r in figures["alarms_by_kind"].items() if r["suspected"]}))
    if figures["others"]:
        sections.append("Neither pitch nor ham\n" + alarm_table("folder", figures["others"]))
    sections.append("Precision and recall\n" + curve_table(figures["curve"]))
    if with_rules:
        sections.append("Rules, by the pitch texts they hold on\n" + rule_table(figures["rules"]))
    sections.append("Worst misses\n" + worst_list(figures["worst_misses"]))
    sections.append("Worst false alarms\n" + worst_list(figures["worst_alarms"]))
    if "bounds" in figures:
        sections.append("Bounds\n" + bounds_table(figures["bounds"]))
    return "\n\n".join(sections)
