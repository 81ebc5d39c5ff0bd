# SPDX-License-Identifier: MIT
"""Wraps the LinkedIn texts of the quality sets (tests/data/quality*/linkedin/*.txt) in LinkedIn's notification layout.

    quality_linkedin.py [--write]      write the mbox files; without it, only name those that differ (exit status 1)

An input file is named LABEL-CHANNEL-LANGUAGE.txt and holds entries of

    ## ID KIND || NAME || HEADLINE || LOCATION || RECIPIENT || SUBJECT [|| OPTION]
    text

and becomes LABEL/linkedin-CHANNEL-LANGUAGE.mbox. CHANNEL is inmail or invitation. An invitation has no subject of its own
("-"). OPTION is one of recruiter (the Recruiter template), 2022 (that year's InMail layout), reply (answer in a thread).
"""

import base64
import datetime
import email.header
import hashlib
import html
import pathlib
import quopri
import re
import sys

DATA = pathlib.Path(__file__).resolve().parents[1] / "data"
FOLDERS = tuple(DATA / name for name in ("quality", "quality-later", "quality-third"))
SITE = "https://www.linkedin.com"
FIRST_DAY = datetime.date(2024, 1, 8)
DAYS = 980
ZERO_WIDTH_PADDING = "\u034f\u00a0" * 12
TEMPLATES = {
    "inmail": "email_premium_inmail_initial_single_01",
    "recruiter": "email_hire_inmail_initial_single_01",
    "2022": "inmail_sent",
    "reply": "email_premium_inmail_reply_single_01",
    "invitation": "email_m2m_invite_single_01",
}


class Entry:
    def __init__(self, head, text, channel):
        fields = [field.strip() for field in head.split(" || ")]
        self.id, self.kind = fields[0].split()
        self.name, self.headline, self.location, self.recipient, self.subject = fields[1:6]
        self.form = fields[6] if len(fields) > 6 else channel
        self.text = text.strip("\n")
        digest = hashlib.sha256(self.id.encode()).hexdigest()
        self.number = int(digest[:8], 16)
        self.token = digest[8:40]
        day = FIRST_DAY + datetime.timedelta(days=self.number % DAYS)
        self.time = datetime.datetime.combine(day, datetime.time(7 + self.number % 11, self.number % 60, self.number % 53))
        self.template = TEMPLATES[self.form]
        self.vanity = re.sub(r"[^a-z]+", "-", self.name.lower()).strip("-") + f"-{self.number % 1000}"
        self.thread = "2-" + base64.b64encode(self.token[:18].encode()).decode() + "=="

    def link(self, path, module):
        return f"{SITE}{path}?midToken=AQ{self.token[:10]}&trk=eml-{self.template}-{module}&trkEmail=eml-{self.template}-null"


def entries(path):
    channel = path.stem.split("-")[1]
    for block in re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        head, _, text = block.partition("\n")
        yield Entry(head, text, channel)


def row(content, attributes=""):
    return f"<tr><td{' ' + attributes if attributes else ''}>{content}</td></tr>"


def anchor(entry, path, module, text):
    return f'<a href="{html.escape(entry.link(path, module))}">{html.escape(text)}</a>'


def footer(entry, rule, category):
    year = entry.time.year
    return (
        f"{rule}\n\nThis email was intended for {entry.recipient} (Example)\n"
        f"Learn why we included this: {entry.link('/help/linkedin/answer/4788', 'SecurityHelp-0-textfooterglimmer')}\n"
        f"You are receiving {category} emails.\n\n"
        f"Unsubscribe: {entry.link('/comm/psettings/email-unsubscribe', 'unsubscribe-0-textfooterglimmer')}\n"
        f"Help: {entry.link('/help/linkedin/answer/67', 'help-0-textfooterglimmer')}\n\n"
        f"© {year} LinkedIn Corporation, 1zwnj000 West Maude Avenue, Sunnyvale, CA 94085.\n"
        "LinkedIn and the LinkedIn logo are registered trademarks of LinkedIn.\n"
    )


def page(entry, preheader, rows, category):
    lines = html.escape(preheader[:50])
    return "\n".join(
        [
            f'<html><body><div style="visibility: hidden; height: 0; opacity: 0" data-email-preheader="true">{lines}</div>',
            f'<div style="display: none">{ZERO_WIDTH_PADDING}</div>',
            '<table class="mercado-container">',
            row(anchor(entry, "/comm/feed/", "header-0-home_glimmer", "LinkedIn")),
            row(anchor(entry, "/comm/in/recipient", "header-0-profile_glimmer", ""), 'data-test-header-profile'),
            *rows,
            row(f"This email was intended for {html.escape(entry.recipient)} (Example)", 'data-test-id="email-footer__intended"'),
            row(f"You are receiving {category} emails."),
            row(anchor(entry, "/comm/psettings/email-unsubscribe", "unsubscribe-0-footerglimmer", "Unsubscribe")),
            row(
                f"© {entry.time.year} LinkedIn Corporation, 1&zwnj;000 West Maude Avenue, Sunnyvale, CA 94085.",
                "data-test-copyright-text",
            ),
            "</table></body></html>\n",
        ]
    )


def words(entry):
    return html.escape(entry.text).replace("\n", '<br aria-hidden="true">')


def inmail(entry):
    subject = subject_of(entry)
    category = "LinkedIn notification"
    plain = (
        f"{subject}\n{subject}\n\n      {entry.name}\n        Reply\n        {SITE}/messaging/thread/{entry.thread}/\n\n"
        f"{entry.text}\n\n    \n\n" + footer(entry, "-" * 40, category)
    )
    rows = [
        row(f"<h1>{html.escape(subject)}</h1>"),
        row("Learn about a new opportunity.") if entry.form == "recruiter" else "",
        row(anchor(entry, f"/comm/in/{entry.vanity}", "ProfileCard-0-profile_name", entry.name)),
        row(html.escape(entry.headline), 'class="text-sm"'),
        row(html.escape(entry.location), 'class="text-xs text-cool-gray-70"'),
        row(words(entry), 'class="message-contents"'),
        row(
            "<table><tr><td>" + anchor(entry, f"/comm/messaging/thread/{entry.thread}/", "inmail-0-view_message", "View message")
            + "</td></tr></table>",
            'data-test-id="email-button"',
        ),
        row("Notice: Learn more about how we use your data in AI-assisted features connecting recruiters with potential candidates.")
        if entry.form == "recruiter" else "",
    ]
    return plain, page(entry, entry.text.partition("\n")[0], [line for line in rows if line], category)


def inmail_2022(entry):
    first = entry.name.split()[0]
    plain = (
        html.escape(entry.text).replace("\n", "<br>\n") + "\n\nGo here to reply:\n\n\nGo here if not interested:\n\n\n\n\n"
        f"You are receiving InMail notification emails. Unsubscribe here: {SITE}/e/v2?e=abc&t=lun&ek={entry.template}\n\n"
        f"This email was intended for {entry.recipient} (Example). Learn why we included this at the following link: "
        f"{SITE}/e/v2?a=customerServiceUrl&articleId=4788\n\n© {entry.time.year} LinkedIn Ireland Unlimited Company. LinkedIn, "
        "the LinkedIn logo, and InMail are registered trademarks of LinkedIn Corporation.\n"
    )
    rows = [
        row(html.escape(entry.text).replace("\n", "<br> "), 'align="left"'),
        row(anchor(entry, f"/comm/messaging/thread/{entry.thread}/", "inmail-0-view_message", "View message")),
        row(anchor(entry, f"/comm/in/{entry.vanity}", "null-1-null", f"View {first}'s LinkedIn profile")),
        row(f"TIP You can respond to {html.escape(first)} by replying to this email"),
    ]
    return plain, "<html><body><table>\n" + "\n".join(rows) + "\n" + row(
        f"You are receiving InMail notification emails. {anchor(entry, '/e/v2', 'null-2-null', 'Unsubscribe')}"
    ) + row(f"This email was intended for {html.escape(entry.recipient)} (Example).") + row(
        f"© {entry.time.year}, LinkedIn Corporation. 1&zwnj;000 West Maude Avenue, Sunnyvale, CA 94085, USA"
    ) + "</table></body></html>\n"


def invitation(entry):
    greeting = f"Hi {entry.recipient.split()[0]},"
    category = "Invitation"
    accept = "/comm/people/invite-accept"
    plain = (
        f"{greeting}\n\n{entry.text}\n\n{entry.name}\n{entry.headline}\n\n"
        f"View profile: {entry.link('/comm/in/' + entry.vanity, 'hero-3-prof%7Ecta')}\n\n"
        f"Accept: {entry.link(accept, 'hero-0-accept%7Ecta')}\n\n" + footer(entry, "." * 37, category)
    )
    rows = [
        row(f"<p>{html.escape(greeting)} {words(entry)}</p>"),
        row(
            anchor(entry, f"/comm/in/{entry.vanity}", "hero-2-prof%7Ename", entry.name)
            + f"<p>{html.escape(entry.headline)}</p><p>{html.escape(entry.location)}</p>"
        ),
        row(anchor(entry, accept, "hero-0-accept%7Ecta", "Accept")),
    ]
    return plain, page(entry, f"{greeting} {entry.text}", rows, category)


def subject_of(entry):
    if entry.form == "invitation":
        return f"{entry.recipient.split()[0]}, please add me to your LinkedIn network"
    return f"Message replied: {entry.subject}" if entry.form == "reply" else entry.subject


def header_text(text):
    return text if text.isascii() else email.header.Header(text, "utf-8", maxlinelen=70).encode()


def part(subtype, text):
    encoded = quopri.encodestring(text.encode()).decode().replace("\r\n", "\n")
    return (
        f"Content-Type: text/{subtype};charset=UTF-8\nContent-Transfer-Encoding: quoted-printable\n"
        f"Content-ID: {'text' if subtype == 'plain' else 'html'}-body\n\n{encoded}"
    )


def message(entry):
    plain, rich = {"invitation": invitation, "2022": inmail_2022}.get(entry.form, inmail)(entry)
    local_part = {"invitation": "invitations", "reply": "hit-reply"}.get(entry.form, "inmail-hit-reply")
    bounce = f"m-{entry.token[:20]}@bounce.linkedin.com"
    date = entry.time.strftime("%a, ") + str(entry.time.day) + entry.time.strftime(" %b %Y %H:%M:%S +0000 (UTC)")
    epoch = f"{entry.number % 10**6}.{int(entry.time.replace(tzinfo=datetime.timezone.utc).timestamp())}"
    boundary = f"----=_Part_{epoch}"
    mailbox = re.sub(r"[^a-z]+", ".", entry.recipient.lower()).strip(".")
    reply_to = "" if entry.form == "invitation" else f"Reply-To: {header_text(entry.name)} <{entry.token}@reply.linkedin.com>\n"
    text = (
        f"Return-Path: <{bounce}>\n"
        "Authentication-Results: mx.example.net; dkim=pass header.d=linkedin.com header.s=d2048-202308-00;\n"
        f" dmarc=pass (p=reject) header.from=linkedin.com; spf=pass smtp.mailfrom={bounce}\n"
        "Received: from mailb-ga.linkedin.com (mailb-ga.linkedin.com [192.0.2.145])\n"
        f"\tby mx.example.net with ESMTPS id {entry.token[:9].upper()}; {date}\n"
        "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=linkedin.com;\n"
        f" s=d2048-202308-00; t={epoch.partition('.')[2]}; bh=AAAA;\n"
        " h=From:Subject:MIME-Version:Content-Type:To:Date:X-LinkedIn-Class:X-LinkedIn-Template:X-LinkedIn-fbl; b=AAAA\n"
        f"Date: {date}\n"
        f"From: {header_text(entry.name)} <{local_part}@linkedin.com>\n"
        f"Message-ID: <{epoch}@ltx1-app{entry.number % 90000}.prod.linkedin.com>\n"
        f"Subject: {header_text(subject_of(entry))}\n"
        f"To: {header_text(entry.recipient)} <{mailbox}@example.net>\n"
        f"X-LinkedIn-Class: {'EMAIL-DEFAULT' if entry.form == 'invitation' else 'INMAIL'}\n"
        f"X-LinkedIn-Template: {entry.template}\n"
        f"X-LinkedIn-fbl: m2-{entry.token[:16]}\nX-LinkedIn-Id: {entry.token[:6]}-{entry.token[6:14]}-{entry.token[14:16]}\n"
        + reply_to + f"X-Fixture: {entry.id}; kind={entry.kind}\n"
        f'MIME-Version: 1.0\nContent-Type: multipart/alternative;\n\tboundary="{boundary}"\n\n'
        f"--{boundary}\n{part('plain', plain)}\n--{boundary}\n{part('html', rich)}\n--{boundary}--\n"
    )
    quoted = re.sub(r"^(>*From )", r">\1", text, flags=re.MULTILINE)
    return f"From {bounce} {entry.time.strftime('%a %b %d %H:%M:%S %Y')}\n{quoted}\n"


def inputs():
    return [path for folder in FOLDERS for path in sorted((folder / "linkedin").glob("*.txt"))]


def outputs():
    """Pairs of path and text, for each input."""
    for path in inputs():
        label, channel, language = path.stem.split("-")
        target = path.parents[1] / label / f"linkedin-{channel}-{language}.mbox"
        yield target, "".join(message(entry) for entry in entries(path))


def main():
    writes = sys.argv[1:] == ["--write"]
    different = [(path, text) for path, text in outputs() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path, text in different:
        print(f"{'written' if writes else 'differs'}: {path}")
        if writes:
            path.write_text(text, encoding="utf-8")
    return 0 if writes or not different else 1


if __name__ == "__main__":
    sys.exit(main())
