# SPDX-License-Identifier: MIT
"""The language of cases.txt: a title at the margin, its steps indented below, one a line. The steps:

    mail KIND             a message: pitch, follow-up, prospect, colleague, linkedin (tests/data/samples), or plain
      above FIELD: BODY   a field on top of it
      swap A => B         other words in it
      latin-1             sent in ISO 8859-1, whatever its header says
      pad N               N KiB more of body
      from ADDRESS        envelope sender (else the one in the message)
      to NAME ...         envelope recipients, at example.net where no domain is given
      using OPTION        of MAIL FROM; the case is skipped where the server does not offer it
      halfway STEP        between RCPT and DATA: `mta killed`, or `milter killed`
    answers CODE [GLOB]   sends it; what the client is told, `gone` for a lost connection
    breaks off in PART    sends half of it instead: `envelope` (RSET, the connection goes on), or `data` (hangs up)
    reaches NAME ...      who gets the last message, and nobody else; `reaches nobody`; `held` instead when it waits in quarantine
    field NAME is GLOB    of every copy: its first field of that name; `absent`, `count N`
    starts with NAME      the first field of every copy
    body unchanged        octet for octet
    says TEXT             somewhere in every copy; `never says TEXT`, nowhere in any
    log GLOB              a line the milter has written since the case began
    door later            the next connection is to the server that waits for the milter
    inside                the next connection is one of our own clients'; `outside`, it is not
    reconnect             a new connection
    pipelined             the messages of this case travel in one stream; their `answers` say what came of each
    milter STATE          killed, stopped, started
    pause N               seconds, for what is written a little later

Every case has a seller's domain of its own, which `seller.example` stands for, and Message-IDs nobody else has (`MESSAGE-ID` is that of
the message before), so that all share one server and one history.
"""

import dataclasses
import fnmatch
import os
import pathlib
import re
import time

from mail_server import wait_until

SAMPLES = pathlib.Path(os.environ["COLDPITCH_SOURCE"]) / "tests" / "data" / "samples"
KINDS = {
    "pitch": "2-direct-pitch.eml",
    "follow-up": "3-follow-up.eml",
    "prospect": "4-prospect-question.eml",
    "colleague": "5-colleague.eml",
    "linkedin": "1-linkedin-inmail.eml",
}
PLAIN = """\
From: Sam Outside <sam@growthloop-mail.example>
To: alex@example.net
Subject: Rota
Message-ID: <plain@growthloop-mail.example>
Date: Thu, 15 Oct 2026 09:00:00 +0000

See you at two.
"""
ARRIVES_WITHIN = 20
TRACE = ("return-path", "delivered-to", "x-original-to")


@dataclasses.dataclass
class Step:
    line: int
    verb: str
    rest: str


@dataclasses.dataclass
class Case:
    title: str
    steps: list


@dataclasses.dataclass
class Message:
    text: str
    token: bytes
    sender: str
    recipients: list = dataclasses.field(default_factory=list)
    options: list = dataclasses.field(default_factory=list)
    charset: str = "utf-8"
    halfway: str = ""

    @property
    def octets(self):
        return self.text.replace("\r\n", "\n").replace("\n", "\r\n").encode(self.charset)


VERBS = ("mail", "above", "swap", "latin-1", "pad", "from", "to", "using", "halfway", "answers", "breaks off in", "reaches", "held",
         "field", "starts with", "body unchanged", "says", "never says", "log", "door", "inside", "outside", "reconnect", "pipelined", "milter",
         "pause")


def read_cases(path):
    cases = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not line[0].isspace():
            cases.append(Case(line.strip(), []))
            continue
        words = line.strip()
        verb = next((verb for verb in sorted(VERBS, key=len, reverse=True) if re.match(re.escape(verb) + r"(\s|$)", words)), None)
        if verb is None or not cases:
            raise ValueError(f"{path}:{number}: not a step: {words}")
        cases[-1].steps.append(Step(number, verb, words[len(verb) :].strip()))
    return cases


def address(name):
    return name if "@" in name else f"{name}@example.net"


def fields_of(octets):
    header = octets.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    unfolded = re.sub(rb"\n([ \t])", rb"\1", header).decode("utf-8", "surrogateescape")
    fields = [line.partition(":")[::2] for line in unfolded.split("\n")]
    return [(name, body.strip()) for name, body in fields if name.lower() not in TRACE]


class Run:
    """One case on one front; `check` is the unittest.TestCase it fails."""

    def __init__(self, check, case, front, milter, number):
        self.check, self.case, self.front, self.milter = check, case, front, milter
        self.domain = f"case-{number}.example"
        self.number, self.made = number, 0
        self.message_id = ""
        self.message = self.talk = None
        self.door, self.is_inside, self.is_pipelined = "accept", False, False
        self.waiting = []  # messages and expected answers of a pipelined case
        self.log_before = len(milter.text())

    def run(self):
        try:
            for step in self.case.steps:
                self.where = f"cases.txt:{step.line}: {step.verb} {step.rest}"
                getattr(self, "do_" + re.sub(r"\W", "_", step.verb))(self.filled_in(step.rest))
            if self.waiting:
                self.send_stream()
        finally:
            self.do_reconnect("")
            if self.milter.process.poll() is not None:
                self.milter.start()

    def filled_in(self, words):
        return words.replace("seller.example", self.domain).replace("MESSAGE-ID", self.message_id)

    def fail(self, why):
        self.check.fail(f"{self.where}\n{why}\n{self.front.text()}\n{self.milter.text()[self.log_before :][-3000:]}")

    # What makes a message

    def do_mail(self, kind):
        self.made += 1
        self.message_id = self.message.token.decode() if self.message else ""
        text = PLAIN if kind == "plain" else (SAMPLES / KINDS[kind]).read_text()
        text = text.replace("growthloop-mail.example", self.domain)
        own = re.search(r"^Message-ID: *<([^@>]*)@([^>]*)>", text, re.MULTILINE | re.IGNORECASE)
        token = f"<{own.group(1)}.{self.number}-{self.made}@{own.group(2)}>"
        text = text[: own.start(1) - 1] + token + text[own.end() :]
        sender = re.search(r"^From:.*?([^\s<]+@[^\s>]+)", text, re.MULTILINE).group(1)
        self.message = Message(text, token.encode(), sender)

    def do_above(self, field):
        self.message.text = field + "\n" + self.message.text

    def do_swap(self, words):
        before, after = (part.strip() for part in words.split("=>"))
        assert before in self.message.text, self.where
        self.message.text = self.message.text.replace(before, after)

    def do_latin_1(self, _):
        self.message.charset = "latin-1"
        self.message.text = self.message.text.encode("latin-1", "ignore").decode("latin-1")

    def do_pad(self, kibibytes):
        line = "The rest of this line is here to make the message longer, 64 o\n"
        self.message.text += line * (int(kibibytes) * 1024 // len(line))

    def do_from(self, sender):
        self.message.sender = sender.strip("<>")

    def do_to(self, names):
        self.message.recipients = [address(name) for name in names.split()]

    def do_using(self, option):
        if not self.connected().offers(option.rpartition("=")[2]):
            self.check.skipTest(f"{self.front.name} does not offer {option}")
        self.message.options.append(option)

    def do_halfway(self, what):
        self.message.halfway = what

    # What sends it

    def connected(self):
        if self.talk is None:
            self.talk = self.front.talk(self.door, self.is_inside)
        return self.talk

    def disturb(self, what):
        {"mta killed": self.front.kill, "milter killed": lambda: self.do_milter("killed")}[what]()

    def do_answers(self, expected):
        if self.is_pipelined:
            self.waiting.append((self.message, expected))
            return
        halfway = self.message.halfway
        answer = self.connected().send(self.message, (lambda: self.disturb(halfway)) if halfway else None)
        if answer[0] == "gone":
            self.do_reconnect("")
        self.check_answer(answer, expected)

    def send_stream(self):
        answers = self.connected().pipeline([message for message, _ in self.waiting])
        for answer, (message, expected) in zip(answers, self.waiting):
            self.message = message
            self.check_answer(answer, expected)
        self.waiting = []

    def check_answer(self, answer, expected):
        code, _, text = expected.partition(" ")
        if not fnmatch.fnmatch(answer[0], code) or (text and not fnmatch.fnmatch(answer[1], text)):
            self.fail(f"the answer was {answer}")

    def do_breaks_off_in(self, part):
        self.connected().break_off(self.message, part)
        if part == "data":
            self.talk = None

    def do_door(self, door):
        self.do_reconnect("")
        self.door = door

    def do_inside(self, _):
        self.do_reconnect("")
        self.is_inside = True

    def do_outside(self, _):
        self.do_reconnect("")
        self.is_inside = False

    def do_reconnect(self, _):
        if self.talk is not None:
            self.talk.close()
        self.talk = None

    def do_pipelined(self, _):
        self.is_pipelined = True

    def do_milter(self, state):
        if state == "killed":
            self.milter.process.kill()
            self.milter.process.wait()
        elif state == "stopped":
            self.milter.stop()
        else:
            self.milter.start()

    def do_pause(self, seconds):
        time.sleep(float(seconds))

    # What is expected of it

    def copies(self):
        return self.front.copies(self.message.token)

    def each_copy(self):
        copies = [octets for _, octets in self.copies()]
        if not copies:
            self.fail("there is no copy to look at")
        return copies

    def do_reaches(self, names):
        if self.waiting:
            self.send_stream()
        if names == "nobody":
            self.front.settle()
            if self.copies() or self.front.is_held(self.message.token):
                self.fail("it is there")
            return
        expected = sorted(address(name) for name in names.split())

        def reached():
            return sorted(recipient for recipients, _ in self.copies() for recipient in recipients)

        try:
            wait_until(lambda: len(reached()) >= len(expected), ARRIVES_WITHIN, "delivery")
        except TimeoutError:
            pass
        if reached() != expected:
            self.fail(f"it reached {reached()}")

    def do_held(self, _):
        try:
            wait_until(lambda: self.front.is_held(self.message.token), ARRIVES_WITHIN, "on hold")
        except TimeoutError as error:
            self.fail(str(error))
        if self.copies():
            self.fail("it was delivered as well")

    def do_field(self, words):
        name, relation, value = (words.split(None, 2) + [""])[:3]
        for octets in self.each_copy():
            bodies = [body for field, body in fields_of(octets) if field.lower() == name.lower()]
            fits = {
                "is": lambda: bodies and fnmatch.fnmatchcase(bodies[0], value.replace("[", "[[]")),
                "absent": lambda: not bodies,
                "count": lambda: len(bodies) == int(value),
            }[relation]()
            if not fits:
                self.fail(f"{name}: {bodies}")

    def do_starts_with(self, name):
        for octets in self.each_copy():
            if fields_of(octets)[0][0] != name:
                self.fail(f"it starts with {fields_of(octets)[0]}")

    def do_body_unchanged(self, _):
        sent = self.message.octets.partition(b"\r\n\r\n")[2]
        for octets in self.each_copy():
            got = octets.partition(b"\r\n\r\n")[2]
            if got != sent:
                self.fail(f"{len(sent)} octets became {len(got)}")

    def do_says(self, text):
        for octets in self.each_copy():
            if text.encode() not in octets:
                self.fail(octets[:4000].decode(errors="replace"))

    def do_never_says(self, text):
        for octets in self.each_copy():
            if text.encode() in octets.partition(b"\r\n\r\n")[0]:
                self.fail(octets[:4000].decode(errors="replace"))

    def do_log(self, pattern):
        lines = self.milter.text()[self.log_before :].splitlines()
        if not fnmatch.filter(lines, f"*{pattern}*"):
            self.fail("no such line")
