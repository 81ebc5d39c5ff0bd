# SPDX-License-Identifier: MIT
"""What stands before the milter in the cases: Postfix, Sendmail, or the protocol alone, each answered for in the same words.

A front has two doors: `accept` lets mail through when the milter is away, `later` refuses it for the time being. Whoever connects is
outside, unless `inside` is asked for: then a client the milter learns from and never judges.
"""

import os
import pathlib
import signal
import smtplib

import sendmail_server
from mail_server import Postfix, free_port, listens, wait_until
from milter_peer import Edited, MilterPeer

INSIDE = "198.51.100.7"  # in the milter's internal_networks
OUTSIDE = "192.0.2.44"
# Sendmail knows no XCLIENT; a client is told by its address on the loopback.
INSIDE_LOOPBACK, OUTSIDE_LOOPBACK = "127.0.0.5", "127.0.0.9"
GONE = ("gone", "")


def children(parent, name=None):
    """Processes started by `parent`, of those called `name`."""
    found = []
    for status in pathlib.Path("/proc").glob("[0-9]*/status"):
        try:
            values = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
        except OSError:
            continue
        if values.get("PPid") == str(parent) and name in (None, values.get("Name")):
            found.append(int(values["Pid"]))
    return found


class SmtpTalk:
    """One SMTP connection."""

    def __init__(self, front, port, inside):
        self.front = front
        source = (front.source(inside), 0)
        self.smtp = smtplib.SMTP("127.0.0.1", port, local_hostname="client.example", timeout=60, source_address=source)
        self.smtp.ehlo()
        front.introduce(self.smtp, inside)

    def offers(self, extension):
        return self.smtp.has_extn(extension)

    def _envelope(self, message):
        code, text = self.smtp.mail(message.sender, message.options)
        for recipient in message.recipients:
            if code == 250:
                code, text = self.smtp.docmd(f"RCPT TO:<{recipient}>")
        return code, text

    def send(self, message, halfway=None):
        """(code, text); `halfway` is called between RCPT and DATA."""
        try:
            code, text = self._envelope(message)
            if halfway:
                halfway()
            if code == 250:
                code, text = self.smtp.data(message.octets)
            if code != 250:
                self.smtp.rset()
        except (smtplib.SMTPServerDisconnected, ConnectionError):
            return GONE
        except smtplib.SMTPDataError as refused:
            code, text = refused.smtp_code, refused.smtp_error
            self.smtp.rset()
        return str(code), text.decode(errors="replace")

    def pipeline(self, messages):
        """Commands of the next message travel with the end of the one before (RFC 2920)."""
        answers = []
        for at, message in enumerate(messages):
            if at == 0:
                self.smtp.send(self._commands(message))
            for _ in range(len(message.recipients) + 1):
                self.smtp.getreply()
            if self.smtp.getreply()[0] != 354:
                raise AssertionError("DATA was refused")
            after = self._commands(messages[at + 1]) if at + 1 < len(messages) else b""
            stuffed = (b"\r\n" + message.octets).replace(b"\r\n.", b"\r\n..")[2:]
            self.smtp.send(stuffed + b".\r\n" + after)
            code, text = self.smtp.getreply()
            answers.append((str(code), text.decode(errors="replace")))
        return answers

    def _commands(self, message):
        lines = [f"MAIL FROM:<{message.sender}>", *(f"RCPT TO:<{to}>" for to in message.recipients), "DATA"]
        return "".join(line + "\r\n" for line in lines).encode()

    def break_off(self, message, where):
        """`envelope`: RSET, and the connection goes on. `data`: hangs up in the middle of the message."""
        self._envelope(message)
        if where == "envelope":
            self.smtp.rset()
            return
        self.smtp.docmd("DATA")
        self.smtp.send(message.octets[: len(message.octets) // 2])
        self.close()

    def close(self):
        self.smtp.close()


class PostfixFront:
    name = "Postfix"

    def __init__(self, folder, milter, sink):
        self.sink = sink
        later = free_port()
        to_sink = f"smtp:[127.0.0.1]:{sink.port}"
        self.postfix = Postfix(folder, milter.socket, transport=to_sink, outbound=to_sink, later_port=later)
        self.ports = {"accept": self.postfix.port, "later": later}

    @staticmethod
    def why_not():
        return None

    def start(self):
        self.postfix.start()
        wait_until(lambda: listens(self.ports["later"]), 30, "Postfix's second door")

    def stop(self):
        self.postfix.stop()

    def source(self, inside):
        return "127.0.0.1"

    def introduce(self, smtp, inside):
        smtp.docmd(f"XCLIENT NAME=[UNAVAILABLE] ADDR={INSIDE if inside else OUTSIDE}")
        smtp.ehlo()

    def talk(self, door, inside):
        return SmtpTalk(self, self.ports[door], inside)

    def kill(self):
        """The processes that serve clients, as by the kernel when memory is short."""
        master = int((self.postfix.folder / "queue" / "pid" / "master.pid").read_text())
        for process in children(master, "smtpd"):
            os.kill(process, signal.SIGKILL)

    def copies(self, token):
        return self.sink.copies(token)

    def _queued(self, *queues):
        for queue in queues:
            for file in (self.postfix.folder / "queue" / queue).rglob("*"):
                try:
                    if file.is_file():
                        yield file.read_bytes()
                except FileNotFoundError:
                    continue

    def settle(self):
        wait_until(lambda: not any(self._queued("incoming", "active", "deferred")), 30, "an empty queue")

    def is_held(self, token):
        return any(token in octets for octets in self._queued("hold"))

    def text(self):
        return self.postfix.text()[-4000:]


class SendmailFront:
    name = "Sendmail"

    def __init__(self, folder, milter, sink):
        self.sink = sink
        self.sendmail = sendmail_server.Sendmail(folder, milter, sink.port)
        self.ports = {"accept": self.sendmail.port, "later": self.sendmail.later_port}

    @staticmethod
    def why_not():
        return sendmail_server.why_not()

    def start(self):
        self.sendmail.start()

    def stop(self):
        self.sendmail.stop()

    def source(self, inside):
        return INSIDE_LOOPBACK if inside else OUTSIDE_LOOPBACK

    def introduce(self, smtp, inside):
        """Its address says it all."""

    def talk(self, door, inside):
        return SmtpTalk(self, self.ports[door], inside)

    def kill(self):
        for process in children(self.sendmail.process.pid):
            os.kill(process, signal.SIGKILL)

    def copies(self, token):
        return self.sink.copies(token)

    def _queued(self, pattern):
        for file in (self.sendmail.folder / "queue").glob(pattern):
            try:
                yield file.read_bytes()
            except FileNotFoundError:
                continue

    def settle(self):
        """It delivers before it answers."""

    def is_held(self, token):
        return any(token in octets for octets in self._queued("hf*"))

    def text(self):
        return self.sendmail.text()[-4000:]


class ProtocolTalk:
    """One connection of a client, and with it one to the milter, which may be away."""

    ANSWERS = {"r": ("550", "5.7.1 refused"), "t": ("451", "4.7.1 later"), "d": ("250", "discarded")}

    def __init__(self, front, door, inside):
        self.front, self.door = front, door
        try:
            self.peer = MilterPeer(front.socket)
            self.peer.begin(INSIDE if inside else OUTSIDE)
        except (OSError, EOFError):
            self.peer = None

    def offers(self, extension):
        return True

    def send(self, message, halfway=None):
        self.front.broken = False
        try:
            answer = self._hand_over(message, halfway)
        except (OSError, EOFError):
            self.close()
            if self.front.broken:
                return GONE
            answer = ("250", "without the milter") if self.door == "accept" else ("451", "the milter is away")
            if answer[0] == "250":
                self.front.taken.append((tuple(message.recipients), message.octets))
        return answer

    def _hand_over(self, message, halfway):
        header, _, body = message.octets.partition(b"\r\n\r\n")
        options = [option for option in message.options if option == "SMTPUTF8"]
        if self.peer is None:
            raise EOFError("no milter")
        edits, final = [], self.peer.envelope(message.sender, message.recipients, options=options)
        if halfway:
            halfway()
            if self.front.broken:
                self.peer.socket.sendall(b"\0\0")  # half a packet
                self.peer.close()
        if final[0] == "c":
            final = self.peer.header(header + b"\r\n")
        if final[0] == "c":
            self.peer.body(body)
            edits, final = self.peer.end()
        if final[0] in "rtd":
            return self.ANSWERS[final[0]]
        if final[0] == "y":
            return final[1][:3].decode(), final[1][4:].rstrip(b"\0").decode()
        edited = Edited(message.octets, message.recipients)
        edited.apply(edits)
        (self.front.held if edited.held else self.front.taken).append((tuple(edited.recipients), edited.octets()))
        return "250", "taken"

    def pipeline(self, messages):
        return [self.send(message) for message in messages]

    def break_off(self, message, where):
        self.peer.envelope(message.sender, message.recipients)
        if where == "envelope":
            self.peer.abort()
            return
        self.peer.header(message.octets.partition(b"\r\n\r\n")[0] + b"\r\n")
        self.peer.body(b"half a body")
        self.close()

    def close(self):
        if self.peer is not None:
            self.peer.close()
        self.peer = None


class ProtocolFront:
    name = "the protocol"

    def __init__(self, folder, milter, sink):
        self.socket = milter.socket
        self.taken, self.held = [], []
        self.broken = False

    @staticmethod
    def why_not():
        return None

    def start(self):
        """Nothing runs."""

    def stop(self):
        """Nothing runs."""

    def talk(self, door, inside):
        return ProtocolTalk(self, door, inside)

    def kill(self):
        self.broken = True

    def copies(self, token):
        return [copy for copy in self.taken if token in copy[1]]

    def settle(self):
        """Nothing is under way."""

    def is_held(self, token):
        return any(token in octets for _, octets in self.held)

    def text(self):
        return ""
