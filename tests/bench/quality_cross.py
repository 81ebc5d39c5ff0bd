# SPDX-License-Identifier: MIT
"""Cross-validation: each message is judged with a text model that has learned from others only.

Folds are made of whole sender networks and near copies, so that no text and no operator stands on both sides. The split by time
learns from what came before a day and judges what came after; mail whose date was made up (outreach-*, linkedin-*) is learned from
and not judged there, unless it is a near copy of something judged.
"""

import collections
import datetime
import hashlib
import pathlib
import shutil
import subprocess
import tempfile

import quality_corpus
import quality_judge

# Real mail with real dates; the other folders' dates are the collector's.
DATED = ("pitch-direct", "ham-direct", "ham-list", "ham-business", "ham-newsletter")
LATER_SHARE = 0.35
# How often a text counts that is learned from besides (--learn-times). Such texts are fewer than the corpus's, most of which are easily told,
# and more like the mail that is hard: found by trying them on texts of our own and on the quality sets.
LEARN_TIMES = 2


def make_folds(examples, count):
    """The fold of each example: whole networks, the largest first, each into the fold that has the least of its class."""
    members = collections.defaultdict(list)
    for index, example in enumerate(examples):
        members[example.network].append(index)
    loads = [collections.Counter() for _ in range(count)]
    folds = [0] * len(examples)
    for network in sorted(members, key=lambda name: (-len(members[name]), examples[members[name][0]].path)):
        classes = collections.Counter((examples[i].folder, examples[i].label) for i in members[network])
        scarcest = max(classes, key=lambda one: (classes[one], one))
        fold = min(range(count), key=lambda one: (loads[one][scarcest], sum(loads[one].values()), one))
        loads[fold].update(classes)
        for index in members[network]:
            folds[index] = fold
    return folds


def split_by_time(examples):
    """(learned from, judged): of each dated folder the later part is judged."""
    later = set()
    for folder in DATED:
        dated = sorted((e for e in examples if e.folder == folder and e.date), key=lambda e: e.date)
        if dated:
            border = dated[int(len(dated) * (1 - LATER_SHARE))].date
            later.update(e.path for e in dated if e.date > border)
    judged = [e for e in examples if e.path in later]
    copies = {e.cluster for e in judged}
    earlier = [e for e in examples if e.path not in later and e.cluster not in copies]
    return earlier, judged


def lay_out(examples, folder):
    """Writes messages one a file, so that an mbox's messages can be parted."""
    octets = {}
    for example in examples:
        file, mark, number = example.path.partition("#")
        if not mark:
            continue
        if file not in octets:
            octets[file] = dict(quality_corpus.messages_in(pathlib.Path(file)))
        (folder / f"{len(list(folder.iterdir()))}.eml").write_bytes(octets[file][int(number)])
    return [e.path for e in examples if "#" not in e.path] + sorted(map(str, folder.iterdir()))


def train(program, examples, scratch, more_pitch=(), more_ham=(), more_times=LEARN_TIMES):
    """A model of `examples`, and of more mail that is always learned from and counts `more_times`."""
    command = [program, "train", "--config", scratch / "coldpitch.yaml", "--out", scratch / "fold.model"]
    (scratch / "coldpitch.yaml").write_text(quality_judge.CONFIG + "model: none\n")
    for label, more in ((quality_corpus.PITCH, more_pitch), (quality_corpus.HAM, more_ham)):
        folder = scratch / label
        folder.mkdir()
        command += [f"--{label}", *lay_out([e for e in examples if e.label == label], folder), *more]
        command += [word for path in more for word in ("--times", f"{path}={more_times}")]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise quality_judge.JudgeError(f"coldpitch train: {run.stderr.strip()[-2000:]}")
    return scratch / "fold.model"


def kept_model(folder, learned, more_pitch, more_ham, more_times):
    """Where the model of these texts is kept: the name tells what it learned from, octet for octet."""
    digest = hashlib.sha256(str(more_times).encode())
    for label, more in ((quality_corpus.PITCH, more_pitch), (quality_corpus.HAM, more_ham)):
        parts = [path.rpartition("#")[::2] if "#" in path else (path, "") for path in (e.path for e in learned if e.label == label)]
        parts += [(str(file), "") for path in more for file in sorted(pathlib.Path(path).rglob("*")) if file.is_file()]
        for file, number in sorted(parts):
            digest.update(f"{label} {number} {hashlib.sha256(pathlib.Path(file).read_bytes()).hexdigest()}\n".encode())
    return pathlib.Path(folder) / f"{digest.hexdigest()[:16]}.model"


def judge_with_others(program, learned, judged, options, jobs, more):
    """Judges `judged` with a model of `learned`: the one kept in the folder of --keep-models, else a new one."""
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="quality-"))
    try:
        kept = kept_model(options.keep_models, learned, *more).resolve() if options.keep_models else None
        model = kept if kept and kept.is_file() else train(program, learned, scratch, *more)
        if kept and model != kept:
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(model, kept)
        return quality_judge.judge(program, judged, options.policies, f"model: {model}\n", jobs)
    finally:
        shutil.rmtree(scratch)


def cross_validate(program, examples, count, options, jobs, more=((), (), LEARN_TIMES), say=print):
    """{path: judgement} of all examples, each by a model that has not seen its network."""
    folds = make_folds(examples, count)
    found = {}
    for fold in range(count):
        started = datetime.datetime.now()
        learned = [e for e, f in zip(examples, folds) if f != fold]
        judged = [e for e, f in zip(examples, folds) if f == fold]
        found |= judge_with_others(program, learned, judged, options, jobs, more)
        say(f"fold {fold + 1} of {count}: {len(judged)} messages, {(datetime.datetime.now() - started).seconds} s")
    return found
