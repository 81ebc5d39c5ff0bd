# SPDX-License-Identifier: MIT
"""The quality sets are what their READMEs say: enough messages, well formed, spread out, each a text of its own, invented.

    quality_set_test.py           all of that
    quality_set_test.py corpus    no run of ten words stands in the corpus of real mail too, nor of what the shipped model learns
                                  from besides; skipped, and said, without one
"""

import collections
import email
import email.policy
import email.utils
import html
import os
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "support"))
import quality_linkedin  # noqa: E402

SKIPPED = 77
SOURCE = pathlib.Path(os.environ["COLDPITCH_SOURCE"])
TRAINING = SOURCE / "policies" / "model" / "texts"
# In a git worktree the checkout is elsewhere; every folder above may have the corpus beside it.
CORPORA = [parent / "shared" / "corpus" for parent in SOURCE.resolve().parents]
CORPUS = pathlib.Path(os.environ.get("COLDPITCH_CORPUS") or next(filter(pathlib.Path.is_dir, CORPORA), CORPORA[0]))

LABELS = ("pitch", "ham")
SHINGLE = 8
SHARED_SHINGLES = 4  # two messages may share a set phrase, not a sentence
CORPUS_SHINGLE = 10
LONGEST = 400
INVENTED = re.compile(r"(^|\.)(example|example\.(net|org|com)|invalid|test|linkedin\.com)$")
# Whatever looks like a host name: in an address, a URL, or bare with a top level that is in use.
HOST = re.compile(
    r"(?:(?<=@)|(?<=://))[\w.-]+\w"
    r"|(?<![\w.@/-])[\w-]+(?:\.[\w-]+)*"
    r"\.(?:com|net|org|info|biz|io|ai|app|dev|co|eu|uk|de|fr|es|it|pt|nl|be|pl|cz|se|dk|ch|at|us|cn|ru|in)\b(?![-@]|\.\w)",
    re.IGNORECASE,
)


class QualitySet:
    """A folder of tests/data and the least it may hold."""

    def __init__(self, name, messages, linkedin, languages, kinds):
        self.folder = quality_linkedin.DATA / name
        self.messages, self.linkedin, self.languages, self.kinds = messages, linkedin, languages, kinds

    def fixtures(self):
        for label in LABELS:
            for path in sorted((self.folder / label).glob("*.mbox")):
                for octets in re.split(rb"^From .*\n", path.read_bytes(), flags=re.MULTILINE)[1:]:
                    yield Fixture(label, path, re.sub(rb"^>(>*From )", rb"\1", octets, flags=re.MULTILINE))


SETS = (
    QualitySet(
        "quality",
        messages={"pitch": 300, "ham": 400},
        linkedin={"pitch": 60, "ham": 60},
        languages={"en": 100, "de": 35, "fr": 20, "es": 15, "it": 12, "pt": 10, "nl": 10, "pl": 10, "cs": 2, "sv": 2, "da": 2},
        kinds=25,
    ),
    QualitySet(
        "quality-later",
        messages={"pitch": 160, "ham": 220},
        linkedin={"pitch": 25, "ham": 20},
        languages={"en": 80, "de": 15, "fr": 12, "es": 10, "it": 10, "pt": 8, "nl": 8, "pl": 8},
        kinds=25,
    ),
    QualitySet(
        "quality-third",
        messages={"pitch": 150, "ham": 180},
        linkedin={"pitch": 30, "ham": 20},
        languages={"en": 80, "de": 15, "fr": 12, "es": 10, "it": 10, "pt": 8, "nl": 10, "pl": 8},
        kinds=25,
    ),
)


class Fixture:
    def __init__(self, label, path, octets):
        self.label, self.path = label, path
        self.message = email.message_from_bytes(octets, policy=email.policy.default)
        self.id, _, kind = self.message.get("X-Fixture", "").partition(";")
        self.kind = kind.strip().removeprefix("kind=")
        self.where = f"{path.name}: {self.id or octets[:60]!r}"
        self.channel, self.language = path.stem.partition("-")[0], path.stem.rpartition("-")[2]
        parts = [part for part in self.message.walk() if part.get_content_maintype() == "text"]
        self.bodies = [(part.get_content_subtype(), part.get_content()) for part in parts]
        self.words = re.findall(r"\w+", self.text().lower())

    def text(self):
        """What a person wrote, quotations and LinkedIn's frame left out."""
        plain = next((body for subtype, body in self.bodies if subtype == "plain"), None)
        if self.channel == "linkedin":
            plain = LINKEDIN_TEXTS[self.id]
        elif plain is None:
            plain = "".join(re.sub(r"<[^>]*>", " ", html.unescape(body)) for _, body in self.bodies)
        return "\n".join(line for line in plain.splitlines() if not line.startswith(">"))

    def everything(self):
        return "\n".join([*map(str, self.message.values()), *(body for _, body in self.bodies)])


LINKEDIN_TEXTS = {
    entry.id: entry.text for path in quality_linkedin.inputs() for entry in quality_linkedin.entries(path)
}


def fixtures():
    """The messages of all sets."""
    for quality_set in SETS:
        yield from quality_set.fixtures()


def training_texts():
    """What the shipped model learns from besides the corpus."""
    for label in LABELS:
        for path in sorted((TRAINING / label).glob("*.eml")):
            text = Fixture(label, path, path.read_bytes())
            text.where = f"{label}/{path.name}"
            yield text


def shingles(words, size):
    return {" ".join(words[at : at + size]) for at in range(len(words) - size + 1)}


def check_form(found):
    """Each message by itself."""
    for fixture in found:
        message = fixture.message
        defects = [repr(defect) for part in message.walk() for defect in part.defects]
        if defects:
            yield f"{fixture.where}: {defects}"
        if not re.fullmatch(r"[a-z0-9-]+", fixture.id) or not re.fullmatch(r"[a-z0-9-]+", fixture.kind):
            yield f"{fixture.where}: X-Fixture is not 'id; kind=kind'"
        for name in ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version"):
            if not str(message.get(name, "")).strip():
                yield f"{fixture.where}: no {name}"
        if "example.net" not in str(message["To"]) and "List-Id" not in message:
            yield f"{fixture.where}: not to example.net"
        if not 2024 <= email.utils.parsedate_to_datetime(message["Date"]).year <= 2026:
            yield f"{fixture.where}: Date is not of 2024-2026"
        if not fixture.words or len(fixture.words) > LONGEST:
            yield f"{fixture.where}: no text, or more than {LONGEST} words"
        foreign = {host for host in HOST.findall(fixture.everything()) if not INVENTED.search(host.lower().strip("."))}
        if foreign:
            yield f"{fixture.where}: {sorted(foreign)} may be real"


def check_spread(_):
    """Counts of labels, channels, languages, kinds and lengths."""
    for quality_set in SETS:
        found = list(quality_set.fixtures())
        for label in LABELS:
            of_label = [fixture for fixture in found if fixture.label == label]
            yield from (f"{quality_set.folder.name}: {complaint}" for complaint in spread_of_label(quality_set, label, of_label))


def spread_of_label(quality_set, label, found):
    linkedin = [fixture for fixture in found if fixture.channel == "linkedin"]
    languages = collections.Counter(fixture.language for fixture in found)
    kinds = collections.Counter(fixture.kind for fixture in found)
    lengths = sorted(len(fixture.words) for fixture in found)
    print(f"{quality_set.folder.name}, {label}: {len(found)} messages, LinkedIn {len(linkedin)}, {len(kinds)} kinds")
    print(f"    {dict(languages.most_common())}; words: {lengths[0]} to {lengths[-1]}, median {lengths[len(lengths) // 2]}")
    if len(found) < quality_set.messages[label] or len(linkedin) < quality_set.linkedin[label] or len(kinds) < quality_set.kinds:
        yield f"{label}: {len(found)} messages, {len(linkedin)} of LinkedIn, {len(kinds)} kinds are too few"
    for language, least in quality_set.languages.items():
        if languages[language] < least:
            yield f"{label}: {languages[language]} messages in {language}, fewer than {least}"
    short, long = sum(length < 35 for length in lengths), sum(length > 110 for length in lengths)
    if short < len(lengths) // 20 or long < len(lengths) // 20:
        yield f"{label}: {short} short and {long} long texts are too few"


def check_uniqueness(found):
    """Unique identities, and no message that is another's near copy."""
    for name, values in (("X-Fixture", [f.id for f in found]), ("Message-ID", [f.message["Message-ID"] for f in found])):
        yield from (f"{name} {value} stands {count} times" for value, count in collections.Counter(values).items() if count > 1)
    holders = collections.defaultdict(list)
    for fixture in found:
        for shingle in shingles(fixture.words, SHINGLE):
            holders[shingle].append(fixture.where)
    shared = collections.Counter()
    for where in holders.values():
        shared.update((first, second) for at, first in enumerate(where) for second in where[at + 1 :])
    yield from (f"{a} and {b} share {n} runs of {SHINGLE} words" for (a, b), n in shared.items() if n > SHARED_SHINGLES)


def check_readme(_):
    """Each README's table names each file with its count, its lists each kind."""
    for quality_set in SETS:
        yield from readme_of_set(quality_set)


def readme_of_set(quality_set):
    found = list(quality_set.fixtures())
    name = f"{quality_set.folder.name}/README.md"
    readme = (quality_set.folder / "README.md").read_text(encoding="utf-8")
    for label, title in (("pitch", "pitches"), ("ham", "look-alikes")):
        listed = set(re.search(rf"^- {title}: `([^`]*)`", readme, re.MULTILINE)[1].split())
        used = {fixture.kind for fixture in found if fixture.label == label}
        if listed != used:
            yield f"{name}: kinds of {title} that are listed or used only: {sorted(listed ^ used)}"
    told = dict(re.findall(r"^\| `(\w+/[\w-]+)` +\| +(\d+) \|", readme, re.MULTILINE))
    counts = collections.Counter(f"{fixture.label}/{fixture.path.stem}" for fixture in found)
    for file in sorted(told.keys() | counts.keys()):
        if int(told.get(file, 0)) != counts[file]:
            yield f"{name}: {file}: {told.get(file, 'no row')}, there are {counts[file]}"


def check_linkedin(_):
    yield from (
        f"{path.name} is not what tests/support/quality_linkedin.py makes of its input: run it with --write"
        for path, text in quality_linkedin.outputs()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    )


def check_corpus(found):
    """Nothing was copied from real mail."""
    ours = {shingle: fixture.where for fixture in found for shingle in shingles(fixture.words, CORPUS_SHINGLE)}
    for path in sorted(file for file in CORPUS.rglob("*.eml") if not file.parts[len(CORPUS.parts)].startswith("torture-")):
        message = email.message_from_bytes(path.read_bytes())
        for part in message.walk():
            if part.get_content_maintype() != "text":
                continue
            octets = part.get_payload(decode=True) or b""
            try:
                text = octets.decode(part.get_content_charset("utf-8"), errors="replace")
            except LookupError:
                text = octets.decode("latin-1")
            if part.get_content_subtype() == "html":
                text = html.unescape(re.sub(r"<[^>]*>", " ", text))
            theirs = shingles(re.findall(r"\w+", text.lower()), CORPUS_SHINGLE)
            shared = {ours[shingle]: shingle for shingle in theirs & ours.keys()}
            yield from (f"{where} and {path.name} share: {shingle}" for where, shingle in shared.items())


def main():
    found = list(fixtures())
    if sys.argv[1:] == ["corpus"]:
        if not CORPUS.is_dir():
            print(f"SKIPPED: there is no corpus at {CORPUS}; set COLDPITCH_CORPUS to run this test")
            return SKIPPED
        checks = [check_corpus]
        found += training_texts()
    else:
        checks = [check_form, check_spread, check_uniqueness, check_readme, check_linkedin]
    complaints = [complaint for check in checks for complaint in check(found)]
    for complaint in sorted(set(complaints))[:100]:
        print(complaint)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
