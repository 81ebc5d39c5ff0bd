# SPDX-License-Identifier: MIT
"""From judgements to figures. Everything is a plain dictionary, as --json prints it."""

import collections
import fnmatch
import pathlib

from quality_corpus import HAM, PITCH

LEVELS = ("none", "suspect", "pitch", "repeat-pitch")
WORST = 10
# Rates of ordinary mail at which the recall is told, were the score alone to decide.
ALLOWED = (0.001, 0.005, 0.01, 0.05)
RECALL_FACETS = ("folder", "kind", "language")


def is_found(judged):
    return LEVELS.index(judged["verdict"]) >= LEVELS.index("pitch")


def is_suspected(judged):
    return LEVELS.index(judged["verdict"]) >= LEVELS.index("suspect")


def measure(examples, judged):
    """All figures of one run."""
    pitches = [example for example in examples if example.label == PITCH]
    ham = [example for example in examples if example.label == HAM]
    others = [example for example in examples if example.label not in (PITCH, HAM)]
    return {
        "messages": {"pitch": len(pitches), "ham": len(ham), "other": len(others)},
        "recall": {facet: recall_by(pitches, judged, facet) for facet in RECALL_FACETS},
        "alarms": alarms_by_folder(ham, judged),
        "alarms_by_kind": alarms_by_folder(ham, judged, lambda e: f"{e.folder}: {e.kind}"),
        "others": alarms_by_folder(others, judged),
        "curve": curve(pitches, ham, judged),
        "worst_misses": worst(pitches, judged, found=False),
        "worst_alarms": worst(ham, judged, found=True),
        "rules": rule_hits(pitches, ham, judged),
    }


def rates(examples, judged):
    """Messages and distinct texts, and the shares found and suspected; of near copies each counts as its part of one text."""
    copies = collections.Counter(example.cluster for example in examples)
    found = sum(is_found(judged[e.path]) for e in examples)
    suspected = sum(is_suspected(judged[e.path]) for e in examples)
    distinct = sum(is_found(judged[e.path]) / copies[e.cluster] for e in examples)
    return {
        "messages": len(examples),
        "texts": len(copies),
        "found": found,
        "rate": found / max(len(examples), 1),
        "distinct_rate": distinct / max(len(copies), 1),
        "suspected": suspected,
        "suspect_rate": suspected / max(len(examples), 1),
    }


def grouped(examples, name_of):
    groups = collections.defaultdict(list)
    for example in examples:
        groups[name_of(example)].append(example)
    return sorted(groups.items())


def recall_by(pitches, judged, facet):
    return {name or "?": rates(group, judged) for name, group in grouped(pitches, lambda e: getattr(e, facet))}


def alarms_by_folder(examples, judged, name_of=lambda example: example.folder):
    return {name: rates(group, judged) for name, group in grouped(examples, name_of)}


def curve(pitches, ham, judged):
    """Precision and recall at every score that occurs, falling; of distinct texts, so that copies weigh as one."""
    copies = collections.Counter(example.cluster for example in pitches)
    marked = [(judged[e.path]["score"], 1 / copies[e.cluster], 0) for e in pitches]
    marked += [(judged[e.path]["score"], 0, 1) for e in ham]
    marked.sort(key=lambda one: -one[0])
    points, true, false, area = [], 0.0, 0, 0.0
    for at, (score, pitch, alarm) in enumerate(marked):
        true, false = true + pitch, false + alarm
        if at + 1 < len(marked) and marked[at + 1][0] == score:
            continue
        recall = true / max(len(copies), 1)
        precision = true / (true + false)
        area += (recall - (points[-1]["recall"] if points else 0)) * precision
        points.append({"score": score, "recall": recall, "precision": precision, "alarms": false / max(len(ham), 1)})
    allowed = {f"{share:g}": max((p["recall"] for p in points if p["alarms"] <= share), default=0.0) for share in ALLOWED}
    return {"points": points, "average_precision": area, "recall_at_alarms": allowed}


def describe(example, judgement):
    return {
        "path": "/".join(example.path.split("/")[-2:]), "label": example.label, "kind": example.kind,
        "language": judgement["language"], "verdict": judgement["verdict"], "score": judgement["score"],
        "subject": judgement.get("subject", ""), "exempt": judgement.get("exempt", ""),
        "evidence": [{"rule": e["rule"], "weight": e["weight"], "text": e["text"][:80]} for e in judgement["evidence"]],
    }


def worst(examples, judged, found):
    """The wrong ones furthest from right, one of each text; among equal scores the kinds take turns."""
    wrong = sorted((e for e in examples if is_found(judged[e.path]) == found), key=lambda e: judged[e.path]["score"], reverse=found)
    seen, turns, ranked = set(), collections.Counter(), []
    for example in wrong:
        if example.cluster in seen:
            continue
        seen.add(example.cluster)
        score = judged[example.path]["score"]
        turns[score, example.kind] += 1
        ranked.append((-score if found else score, turns[score, example.kind], len(ranked), example))
    return [describe(example, judged[example.path]) for _, _, _, example in sorted(ranked)[:WORST]]


def rule_hits(pitches, ham, judged):
    """Of each rule: on how many pitch texts and in which ham folders it holds, whether it counted or not."""
    rules = {}
    copies = collections.Counter(example.cluster for example in pitches)
    for example in pitches + ham:
        for evidence in {e["rule"]: e for e in judged[example.path]["evidence"]}.values():
            rule = rules.setdefault(evidence["rule"], {"group": evidence["group"], "clause": evidence["clause"],
                                                       "pitch_texts": 0.0, "ham": 0, "ham_by_folder": collections.Counter()})
            if example.label == PITCH:
                rule["pitch_texts"] += 1 / copies[example.cluster]
            else:
                rule["ham"] += 1
                rule["ham_by_folder"][example.folder] += 1
    for rule in rules.values():
        rule["pitch_share"] = rule["pitch_texts"] / max(len(copies), 1)
        rule["ham_share"] = rule["ham"] / max(len(ham), 1)
        rule["ham_by_folder"] = dict(rule["ham_by_folder"])
    return dict(sorted(rules.items(), key=lambda item: -item[1]["pitch_texts"]))


def read_bounds(file):
    """Lines `recall|distinct-recall|alarms|suspects  FOLDER[,FOLDER...]  >=|<=  PERCENT`; # is a comment.

    A folder may be a wildcard, and may go on with a file's name: ham-*, pitch/*-de.mbox."""
    bounds = []
    with open(file, encoding="utf-8") as opened:
        for number, line in enumerate(opened, 1):
            words = line.partition("#")[0].split()
            if not words:
                continue
            known = len(words) == 4 and words[0] in ("recall", "distinct-recall", "alarms", "suspects") and words[2] in ("<=", ">=")
            if not known:
                raise ValueError(f"{file}:{number}: write 'recall pitch-direct >= 90' or 'alarms ham-direct,ham-list <= 0.1'")
            bounds.append((words[0], words[1].split(","), words[2], float(words[3])))
    return bounds


def is_of(example, pattern):
    name = pathlib.PurePath(example.path.partition("#")[0]).name
    return fnmatch.fnmatch(f"{example.folder}/{name}" if "/" in pattern else example.folder, pattern)


def check_bounds(bounds, examples, judged):
    """Each bound with its figure, and whether it is kept. A bound on folders that are not there is not kept."""
    results = []
    for what, folders, relation, percent in bounds:
        label = PITCH if "recall" in what else HAM
        chosen = [e for e in examples if e.label == label and any(is_of(e, f) for f in folders)]
        figures = rates(chosen, judged)
        name = {"recall": "rate", "alarms": "rate", "distinct-recall": "distinct_rate", "suspects": "suspect_rate"}[what]
        value = figures[name] * 100
        kept = bool(chosen) and (value >= percent if relation == ">=" else value <= percent)
        results.append({"what": what, "folders": ",".join(folders), "relation": relation, "percent": percent,
                        "measured": value, "messages": len(chosen), "kept": kept})
    return results
