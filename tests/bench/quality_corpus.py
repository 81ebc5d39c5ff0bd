# SPDX-License-Identifier: MIT
"""Labelled messages: reading a folder set, and telling near copies and sender networks apart.

A corpus is a folder with an index.tsv (columns path, label, kind, lang, note) or without: then the first word of the folder's or
file's name is the label (pitch-direct/, ham-shop.mbox). A row for an mbox file speaks for all messages in it. A message that
no row tells of may tell its kind itself (`X-Fixture: id; kind=seo`) and its file's name the language (pitch/direct-seo-en.mbox).
"""

import collections
import csv
import dataclasses
import datetime
import email
import email.policy
import email.utils
import html
import pathlib
import re
import zlib

PITCH, HAM = "pitch", "ham"

FREEMAIL = set("""gmail.com googlemail.com yahoo.com yahoo.co.uk yahoo.fr yahoo.de ymail.com hotmail.com hotmail.co.uk hotmail.fr
outlook.com outlook.fr outlook.de live.com msn.com aol.com gmx.de gmx.net gmx.com gmx.at web.de t-online.de freenet.de mail.ru
yandex.ru yandex.com icloud.com me.com mac.com protonmail.com proton.me pm.me qq.com 163.com 126.com sina.com foxmail.com
laposte.net orange.fr free.fr wanadoo.fr sfr.fr libero.it wp.pl o2.pl onet.pl interia.pl seznam.cz centrum.cz naver.com
hanmail.net rediffmail.com mail.com zoho.com fastmail.com inbox.ru list.ru bk.ru hushmail.com posteo.de""".split())
# Domains under which anybody registers, as far as the corpora need them; the rest of the public suffix list is not needed here.
SECOND_LEVEL = {"co", "com", "org", "net", "ac", "gov", "edu"}
SHARED_DOMAINS = re.compile(r"(^|\.)(example|test|invalid)(\.|$)|^linkedin\.com$|^recipient\.|^example\.")
OPERATOR_MESSAGE_ID = re.compile(r"<\d{14}-0\.1\.[0-9a-z]+\.[0-9a-z]+\.0\.[0-9a-z]{10}@")

SHINGLE_WORDS = 3
MOST_WORDS = 800
COMMON_SHINGLE = 40
NEAR_COPY = 0.5


@dataclasses.dataclass
class Example:
    """One labelled message. `cluster` is the same number for near copies, `network` for mail of one sender or operator."""

    path: str  # as `coldpitch check` names it
    folder: str
    label: str
    kind: str
    language: str
    note: str = ""
    date: datetime.datetime | None = None
    text: str = ""
    sender: str = ""
    cluster: int = -1
    network: int = -1


class Groups:
    """Union-find."""

    def __init__(self, count):
        self.parent = list(range(count))

    def find(self, item):
        while self.parent[item] != item:
            self.parent[item] = self.parent[self.parent[item]]
            item = self.parent[item]
        return item

    def join(self, one, other):
        one, other = self.find(one), self.find(other)
        if one != other:
            self.parent[max(one, other)] = min(one, other)


def load(corpus, folders=()):
    """All messages below `corpus` that are labelled, torture mail left out, with clusters and networks."""
    corpus = pathlib.Path(corpus)
    rows = read_index(corpus / "index.tsv") if (corpus / "index.tsv").is_file() else {}
    examples = []
    for file in sorted(path for path in corpus.rglob("*") if path.is_file()):
        name = file.relative_to(corpus).as_posix()
        folder = name.split("/")[0] if "/" in name else re.sub(r"\.(mbox|eml)$", "", name)
        if folder.startswith("torture") or (folders and folder not in folders):
            continue
        if name not in rows and file.suffix not in (".eml", ".mbox", ".msg"):
            continue
        for number, octets in messages_in(file):
            key = name if number is None else f"{name}#{number}"
            row = rows.get(key) or rows.get(name) or {}
            path = str(file) if number is None else f"{file}#{number}"
            examples.append(read_example(path, folder, row, octets))
    find_clusters(examples)
    find_networks(examples)
    return examples


def read_index(file):
    with open(file, encoding="utf-8", newline="") as opened:
        return {row["path"]: row for row in csv.DictReader(opened, delimiter="\t", quoting=csv.QUOTE_NONE)}


def messages_in(file):
    """(number or None, octets) of each message; an mbox is split as `coldpitch check` does and numbered from 1."""
    octets = file.read_bytes()
    if not re.match(rb"From \S.*\d:\d\d.*\n[!-9;-~]+:", octets):
        return [(None, octets)]
    starts = [found.start() for found in re.finditer(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\n]*\d:\d\d[^\n]*\n", octets)]
    ends = starts[1:] + [len(octets)]
    return [(number, re.sub(rb"(?m)^>(>*From )", rb"\1", octets[start:end].split(b"\n", 1)[1]))
            for number, (start, end) in enumerate(zip(starts, ends), 1)]


def label_from_name(name):
    words = re.split(r"[^a-z]+", name.lower())
    for label in (PITCH, HAM):
        if label in words:
            return label
    return "other"


def read_example(path, folder, row, octets):
    message = email.message_from_bytes(octets, policy=email.policy.compat32)
    label = row.get("label") or label_from_name(folder + " " + pathlib.PurePath(path).name)
    fixture, _, kind = str(message["X-Fixture"] or "").partition("; kind=")
    language = re.search(r"-([a-z]{2})\.mbox(#\d+)?$", path) if fixture else None
    example = Example(path, folder, label, row.get("kind") or kind or folder,
                      row.get("lang") or (language[1] if language else ""), row.get("note") or fixture)
    try:
        date = email.utils.parsedate_to_datetime(str(message["Date"]))
        example.date = date.replace(tzinfo=date.tzinfo or datetime.timezone.utc)
    except (TypeError, ValueError):
        example.date = None
    example.text = visible_text(message)
    example.sender = sender_of(message)
    return example


def visible_text(message):
    """The words, roughly: enough to tell copies by."""
    plain, marked_up = [], []
    for part in message.walk():
        if part.get_content_maintype() != "text" or part.get_filename():
            continue
        payload = part.get_payload(decode=True) or b""
        try:
            text = payload.decode(part.get_content_charset() or "utf-8", errors="replace")
        except (LookupError, ValueError):
            text = payload.decode("latin-1")
        if part.get_content_subtype() == "html":
            text = re.sub(r"(?is)<(style|script|head)\b.*?</\1>|<[^>]*>", " ", text)
            marked_up.append(html.unescape(text))
        else:
            plain.append(text)
    return "\n".join(plain) or "\n".join(marked_up)


def sender_of(message):
    """Whose mail it is: an operator known by its marks, else the sender's own domain, else (free mail) the address."""
    address = email.utils.parseaddr(str(message["From"] or ""))[1].lower()
    domain = address.rpartition("@")[2]
    mailer = str(message["X-Mailer"] or "").strip().lower()
    if mailer == "mail." + domain and OPERATOR_MESSAGE_ID.search(str(message["Message-ID"] or "")):
        return "operator: mail.<domain>"
    if not domain or SHARED_DOMAINS.search(domain):
        return ""
    if domain in FREEMAIL:
        return address
    labels = domain.split(".")
    keep = 3 if len(labels) > 2 and labels[-2] in SECOND_LEVEL and len(labels[-1]) == 2 else 2
    return ".".join(labels[-keep:])


def shingles_of(text):
    words = re.findall(r"[^\W\d_]+", re.sub(r"https?://\S+|\S+@\S+", " ", text.lower()))[:MOST_WORDS]
    if len(words) < SHINGLE_WORDS:
        return {zlib.crc32(" ".join(words).encode())} if words else set()
    return {zlib.crc32(" ".join(words[i:i + SHINGLE_WORDS]).encode()) for i in range(len(words) - SHINGLE_WORDS + 1)}


def without_layout(examples, shingles):
    """What a third of a folder says in the same words is its layout (a notification's frame), not its text."""
    counts = collections.defaultdict(collections.Counter)
    sizes = collections.Counter(example.folder for example in examples)
    for example, found in zip(examples, shingles):
        counts[example.folder].update(found)
    return [{s for s in found if sizes[e.folder] < 9 or counts[e.folder][s] * 3 < sizes[e.folder]} or found
            for e, found in zip(examples, shingles)]


def find_clusters(examples):
    """Joins texts of which the shorter shares half of its word triples with the longer."""
    shingles = without_layout(examples, [shingles_of(example.text) for example in examples])
    places = collections.defaultdict(list)
    for index, found in enumerate(shingles):
        for shingle in found:
            places[shingle].append(index)
    shared = collections.Counter()
    for indices in places.values():
        if 1 < len(indices) <= COMMON_SHINGLE:
            shared.update((one, other) for at, one in enumerate(indices) for other in indices[at + 1:])
    groups = Groups(len(examples))
    for (one, other), count in shared.items():
        if count >= NEAR_COPY * min(len(shingles[one]), len(shingles[other])):
            groups.join(one, other)
    for index, example in enumerate(examples):
        example.cluster = groups.find(index)


def find_networks(examples):
    """Joins near copies and mail of one sender."""
    groups = Groups(len(examples))
    first = {}
    for index, example in enumerate(examples):
        groups.join(index, first.setdefault(("cluster", example.cluster), index))
        if example.sender:
            groups.join(index, first.setdefault(("sender", example.sender), index))
    for index, example in enumerate(examples):
        example.network = groups.find(index)
