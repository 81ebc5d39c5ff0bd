# SPDX-License-Identifier: MIT
"""What `coldpitch check` reads out of real LinkedIn notifications, and the table of it in docs/linkedin.md.

The corpus is no part of the project. It is looked for in $COLDPITCH_CORPUS, else in shared/corpus beside the checkout;
where it is absent the test is skipped, and says so. With --print the table is printed as it should stand in the document.

Most messages kept by somebody have lost what the receiving server wrote. So each is read behind the field a verifier of ours would
have put on top, and a body without header behind the least header that lets it be read.
"""

import csv
import email
import email.policy
import html
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

SKIPPED = 77
SOURCE = pathlib.Path(os.environ.get("COLDPITCH_SOURCE", pathlib.Path(__file__).resolve().parents[2]))
BUILD = pathlib.Path(os.environ.get("COLDPITCH_BUILD", SOURCE / "build" / "dev"))
CORPUS = pathlib.Path(os.environ.get("COLDPITCH_CORPUS", SOURCE.parent / "shared" / "corpus"))
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"

EDGE = b"Authentication-Results: mx.example.net; "
GENUINE = EDGE + b"dkim=pass header.d=linkedin.com; dmarc=pass header.from=linkedin.com; spf=pass\r\n"
FORWARDED = (
    EDGE + b"spf=softfail smtp.mailfrom=forward.example; dkim=pass header.d=linkedin.com;"
    b"\r\n dmarc=pass (dis=NONE) header.from=linkedin.com\r\n"
)
FORGED = EDGE + b"dkim=none; dmarc=fail header.from=linkedin.com; spf=fail\r\n"
BOUNCE = b"Return-Path: <m-1@bounce.linkedin.com>\r\n"

# From the words of the index to a kind; the first that fits.
KINDS = [
    ("inmail-recruiter", "recruiter-inmail"),
    ("inmail-sales", "recruiter-inmail"),  # a seller's text, in the recruiters' template
    ("recruiter inmail", "recruiter-inmail"),
    ("inmail", "inmail"),
    ("invitation accepted", "invitation-accepted"),
    ("invitation reminder", "invitation-reminder"),
    ("invitation", "invitation"),
    ("newsletter", "newsletter"),
    ("security", "security"),
    ("marketing", "marketing"),
    ("job", "job"),
    ("people you may know", "digest"),
    ("follow", "digest"),
    ("digest", "digest"),
]
# Without any header nothing tells a recruiter's InMail from others.
DEGRADED = {"2025-inmail-recruiter-followup.eml": "inmail"}
COMPLETE = {
    "2016-invite-incoming_1.eml",
    "2022-inmail-recruiter.eml",
    "shape-00009_inmail-recruiter-anonymised.eml",
    "shape-00010_inmail-sales-synthetic.eml",
}


def read_message(octets):
    return email.message_from_bytes(octets, policy=email.policy.default)


def part(message, subtype):
    found = message.get_body(preferencelist=(subtype,))
    return found.get_content() if found is not None else ""


def plain_words(text):
    """The words, lines without blanks at their ends and empty lines as one."""
    lines = [re.sub(r"\s+", " ", line.replace("\u200b", "")).strip() for line in text.strip().splitlines()]
    return re.sub("\n\n+", "\n\n", "\n".join(lines)).strip()


def text_of(markup):
    """Inner HTML as text, by hand."""
    markup = re.sub(r"\s+", " ", markup)
    markup = re.sub(r" ?<br[^>]*> ?", "\n", markup)
    return html.unescape(re.sub(r"<[^>]+>", "", markup))


def expected_words(message):
    """The sender's words, by the two layouts InMail is known in; None where there is none of them."""
    markup, plain = part(message, "html"), part(message, "plain").replace("\r\n", "\n")
    contents = re.search(r'<td class="message-contents[^>]*>(.*?)</td>', markup, re.S)
    if contents:
        return plain_words(text_of(contents.group(1)))
    if "Go here to reply:" in plain:
        return plain_words(html.unescape(plain[: plain.rindex("Go here to reply:")].replace("<br>", "")))
    framed = re.search(r"\n +https://www\.linkedin\.com/messaging/thread/\S+\n(.*)\n-{40}\n", plain, re.S)
    return plain_words(framed.group(1)) if framed else None


def name_in_body(plain):
    """The name in a sentence of LinkedIn's, or on top of InMail, where From has none."""
    sentence = re.search(r"(?m)^(.+?) (?:would like to connect on LinkedIn|has accepted your invitation)", plain)
    framed = re.search(r"(?m)^ {6}(\S.*)\n {8}Reply$", plain.replace("\r\n", "\n"))
    found = sentence or framed
    return found.group(1).strip() if found else ""


def expected_sender(message):
    """What the card's link and the table cells behind it say: name, headline, profile; "" for what is not there."""
    name = str(message.get("From", "")).partition("<")[0].strip().strip('"').removesuffix(" via LinkedIn")
    markup = part(message, "html")
    link = re.search(r'<a href="([^"]*(?:profile_name|prof%7Ename)[^"]*)"[^>]*>(.*?)</a>(.*)', markup, re.S)
    link = link or re.search(r'<a href="([^"]*/comm/in/[^"]*null-1-null[^"]*)"[^>]*>()(.*)', markup, re.S)
    if name in ("", "LinkedIn") or "@" in name:
        name = name_in_body(part(message, "plain"))
    if not link:
        return {"name": name, "headline": "", "profile": ""}
    vanity = re.search(r"/in/([^/?]+)", link.group(1))
    headline = re.search(r'<td class="text-sm[^>]*>(.*?)</td>', link.group(3), re.S)
    return {
        "name": plain_words(text_of(link.group(2))) or name,
        "headline": plain_words(text_of(headline.group(1))) if headline else "",
        "profile": f"https://www.linkedin.com/in/{vanity.group(1).lower()}" if vanity else "",
    }


def found_sender(found):
    return {key: found.get(f"sender_{key}", "") for key in ("name", "headline", "profile")}


def on_top(octets, fields, is_body):
    header = BOUNCE + fields
    if is_body or b"\nFrom:" not in b"\n" + octets.partition(b"\n\n")[0].replace(b"\r", b""):
        header += b"From: LinkedIn <member@linkedin.com>\r\n"
    if is_body:
        header += b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    return header + octets


def check(messages):
    """The `linkedin` objects of messages, by name. A message without one is {}."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch) / "mail"
        folder.mkdir()
        for name, octets in messages.items():
            (folder / name).write_bytes(octets)
        config = pathlib.Path(scratch) / "coldpitch.yaml"
        config.write_text("authentication: { trusted_authserv_ids: [mx.example.net] }\nhistory: { backend: none }\n")
        run = subprocess.run(
            [BUILD / "bin" / "coldpitch", "check", "--json", "--config", config, folder], capture_output=True, timeout=300
        )
    if run.returncode != 0:
        sys.exit(f"coldpitch check: exit status {run.returncode}: {run.stderr[-2000:].decode(errors='replace')}")
    found = [json.loads(line) for line in run.stdout.splitlines()]
    return {pathlib.Path(one["path"]).name: one.get("linkedin") or {} for one in found}


def index_rows(folder):
    with open(CORPUS / "index.tsv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [row for row in rows if row["path"].startswith(folder + "/")]


def wanted_kind(description):
    return next((kind for words, kind in KINDS if words in description.lower()), "other")


def describe_words(found, wanted):
    if found.get("human_text"):
        right = wanted is not None and plain_words(found["words"]) == wanted
        return ("the sender's words", right)
    return ("none", wanted is None)


def describe_sender(found, wanted, is_complete):
    has = [key for key, value in found_sender(found).items() if value]
    wrong = [key for key, value in found_sender(found).items() if value and wanted[key] and value != wanted[key]]
    lost = [key for key, value in found_sender(found).items() if is_complete and wanted[key] and not value]
    return (", ".join(has) or "none", not wrong and not lost)


def measure_real(complaints):
    """One row of the table for each genuine message of linkedin-real; forged ones are complained about when believed."""
    octets = {row["path"].split("/")[1]: (CORPUS / row["path"]).read_bytes() for row in index_rows("linkedin-real")}
    rows = {row["path"].split("/")[1]: row for row in index_rows("linkedin-real")}
    genuine = {n: on_top(o, GENUINE, n.endswith(".txt")) for n, o in octets.items() if rows[n]["label"] != "forged"}
    forged = {n: o for n, o in octets.items() if rows[n]["label"] == "forged"}
    table = []
    for name, found in sorted(check(genuine).items()):
        message = read_message(genuine[name])
        wanted = DEGRADED.get(name) or wanted_kind(rows[name]["kind"])
        words, words_right = describe_words(found, expected_words(message))
        sender, sender_right = describe_sender(found, expected_sender(message), name in COMPLETE)
        if not found.get("authentic"):
            complaints.append(f"{name}: not authentic: {found.get('reason')}")
        right = {"kind": found.get("kind") == wanted, "words": words_right, "sender": sender_right}
        complaints += [f"{name}: {what} is wrong: {found}" for what, is_right in right.items() if not is_right]
        form = "complete" if name in COMPLETE else "partial"
        cells = [f"{value}{'' if ok else ' (wrong)'}" for value, ok in zip(
            (found.get("kind", "none"), words, sender), right.values())]
        table.append(f"| {name} | {form} | {' | '.join(cells)} |")
    believed(complaints, "forged, as kept", forged)
    believed(complaints, "forged, refused by our edge", {n: on_top(o, FORGED, False) for n, o in forged.items()})
    return table, octets


def believed(complaints, what, messages):
    for name, found in check(messages).items():
        if found.get("authentic"):
            complaints.append(f"{what}: {name} is believed")
        if set(found) - {"authentic", "authenticity", "reason"}:
            complaints.append(f"{what}: {name} has a LinkedIn verdict: {found}")


def measure_inmail(complaints):
    rows = index_rows("linkedin-inmail")
    octets = {row["path"].split("/")[1]: (CORPUS / row["path"]).read_bytes() for row in rows}
    counts = dict.fromkeys(("authentic", "kind", "words", "name", "headline", "profile"), 0)
    for name, found in check(octets).items():
        message = read_message(octets[name])
        sender = expected_sender(message)
        right = {"authentic": found.get("authentic"), "kind": found.get("kind") == "inmail"}
        right["words"] = plain_words(found.get("words", "")) == expected_words(message)
        right.update({key: value == sender[key] for key, value in found_sender(found).items()})
        complaints += [f"{name}: {what} is wrong: {found}, {sender}" for what, ok in right.items() if not ok]
        for what, ok in right.items():
            counts[what] += bool(ok)
    return f"{len(octets)} InMail rebuilt: " + ", ".join(f"{key} {count}" for key, count in counts.items()), octets


def check_forgeries(complaints, genuine):
    """The genuine ones as a forger would send them, and as a forwarder would."""
    with_header = {n: o for n, o in genuine.items() if not n.endswith(".txt") and re.search(rb"(?m)^From:.*linkedin", o)}
    bare = {n: re.sub(rb"(?mi)^Authentication-Results:.*\n(?:[ \t].*\n)*", b"", o) for n, o in with_header.items()}
    believed(complaints, "copied, nothing said", bare)
    believed(complaints, "copied, refused by our edge", {n: FORGED + o for n, o in bare.items()})
    foreign = GENUINE.replace(b"mx.example.net", b"mx.elsewhere.example")
    believed(complaints, "copied, a stranger's word", {n: foreign + o for n, o in bare.items()})
    below = b"Received: from a.example by mx.elsewhere.example; Mon, 05 Oct 2026 10:00:00 +0000\r\n" + GENUINE
    believed(complaints, "copied, our name below a stranger's trace", {n: below + o for n, o in bare.items()})
    for name, found in check({n: FORWARDED + o for n, o in bare.items()}).items():
        if not found.get("authentic"):
            complaints.append(f"forwarded: {name} is not authentic: {found.get('reason')}")
    return f"{len(bare)} copied as forgeries in four ways: none believed; the same forwarded (SPF softfail): all believed"


def documented_table():
    text = (SOURCE / "docs" / "linkedin.md").read_text(encoding="utf-8")
    return text.partition(BEGIN)[2].partition(END)[0].strip()


def main():
    if not (CORPUS / "linkedin-real").is_dir():
        print(f"SKIPPED: there is no corpus at {CORPUS}; set COLDPITCH_CORPUS to run this test")
        return SKIPPED
    complaints = []
    table, real = measure_real(complaints)
    inmail_line, inmail = measure_inmail(complaints)
    forgery_line = check_forgeries(complaints, {**real, **inmail})
    measured = "\n".join(
        ["| message | form | kind | words | sender |", "|---|---|---|---|---|", *table, "", inmail_line + ".", "", forgery_line + "."]
    )
    print(measured)
    print("\n".join(complaints))
    if "--print" not in sys.argv and documented_table() != measured:
        complaints.append("docs/linkedin.md: the table is not what was measured; take it from `--print`")
        print(complaints[-1])
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
