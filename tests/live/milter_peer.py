# SPDX-License-Identifier: MIT
"""An MTA's side of the milter protocol, version 6 (Sendmail's include/libmilter/mfdef.h), plain enough to be wrong on purpose."""

import re
import socket
import struct

ADD_FIELDS, CHANGE_BODY, ADD_RCPT, DELETE_RCPT, CHANGE_FIELDS, QUARANTINE = 0x1, 0x2, 0x4, 0x8, 0x10, 0x20
ALL_ACTIONS, ALL_STEPS = 0x1FF, 0x1FFFFF
SKIP, LEADING_SPACE = 0x400, 0x100000
NO_REPLY = {"L": 0x80, "C": 0x1000, "H": 0x2000, "M": 0x4000, "R": 0x8000, "T": 0x10000, "N": 0x40000, "B": 0x80000}
NOT_WANTED = {"C": 0x1, "H": 0x2, "M": 0x4, "R": 0x8, "B": 0x10, "L": 0x20, "N": 0x40, "T": 0x200}
FINAL = "acdrty"
CHUNK = 65535


def text(*words):
    return b"".join((word if isinstance(word, bytes) else word.encode()) + b"\0" for word in words)


class MilterPeer:
    """One connection to a milter. Raises OSError or EOFError when it is gone."""

    def __init__(self, path, actions=ALL_ACTIONS, steps=ALL_STEPS, negotiate=True):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(20)
        self.steps = 0
        try:
            self.socket.connect(str(path))
            if negotiate:
                self.negotiate(actions, steps)
        except (OSError, EOFError):
            self.socket.close()
            raise

    def negotiate(self, actions, steps):
        self.packet("O", struct.pack(">III", 6, actions, steps))
        command, data = self.receive()
        if command != "O":
            raise EOFError(f"no negotiation: {command}")
        self.actions, self.steps = struct.unpack(">II", data[4:12])

    def packet(self, command, data=b""):
        self.socket.sendall(struct.pack(">I", len(data) + 1) + command.encode() + data)

    def _exactly(self, octets):
        got = b""
        while len(got) < octets:
            more = self.socket.recv(octets - len(got))
            if not more:
                raise EOFError("the milter closed the connection")
            got += more
        return got

    def receive(self):
        (length,) = struct.unpack(">I", self._exactly(4))
        data = self._exactly(length)
        return chr(data[0]), data[1:]

    def ask(self, command, data=b""):
        """The answer to a command: "c" where the milter wants no such command or answers none."""
        if self.steps & NOT_WANTED.get(command, 0):
            return "c", b""
        self.packet(command, data)
        return ("c", b"") if self.steps & NO_REPLY.get(command, 0) else self.receive()

    def begin(self, address="192.0.2.44"):
        """The answer to the connection."""
        answer = self.ask("C", text(f"[{address}]") + b"4" + struct.pack(">H", 25) + text(address))
        if answer[0] == "c":
            self.ask("H", text("client.example"))
        return answer

    def envelope(self, sender, recipients, login=None, options=()):
        if login:
            self.packet("D", b"M" + text("{auth_authen}", login))
        answer = self.ask("M", text(f"<{sender}>", *options))
        for recipient in recipients:
            if answer[0] == "c":
                answer = self.ask("R", text(f"<{recipient}>"))
        return answer

    def header(self, octets):
        """The header section: fields, with CRLF."""
        answer = ("c", b"")
        for field in re.split(rb"\r\n(?![ \t])", octets):
            name, colon, body = field.partition(b":")
            if not colon:
                continue
            body = body.replace(b"\r\n", b"\n")
            answer = self.ask("L", text(name, body if self.steps & LEADING_SPACE else body.lstrip(b" ")))
            if answer[0] != "c":
                return answer
        return self.ask("N")

    def body(self, octets):
        for at in range(0, len(octets), CHUNK):
            answer = self.ask("B", octets[at : at + CHUNK])
            if answer[0] != "c":
                return answer
        return "c", b""

    def end(self, queue_id="PEER1"):
        """The edits, as (command, data), and the final answer."""
        self.packet("D", b"E" + text("i", queue_id))
        self.packet("E")
        edits = []
        while True:
            command, data = self.receive()
            if command in FINAL:
                return edits, (command, data)
            if command != "p":
                edits.append((command, data))

    def abort(self):
        self.packet("A")

    def quit(self):
        self.packet("Q")
        self.close()

    def close(self):
        self.socket.close()


class Edited:
    """A message as an MTA has it after a milter's edits."""

    def __init__(self, octets, recipients):
        header, _, self.body = octets.partition(b"\r\n\r\n")
        self.fields = [tuple(field.split(b":", 1)) for field in re.split(rb"\r\n(?![ \t])", header)]
        self.recipients = list(recipients)
        self.held = False

    def apply(self, edits):
        for command, data in edits:
            if command == "i":
                name, value = data[4:].split(b"\0")[:2]
                self.fields.insert(struct.unpack(">I", data[:4])[0], (name, value))
            elif command == "m":
                self._change(struct.unpack(">I", data[:4])[0], *data[4:].split(b"\0")[:2])
            elif command in "+-":
                path = data.split(b"\0")[0].decode().strip("<>")
                if command == "+":
                    self.recipients.append(path)
                else:
                    self.recipients.remove(path)
            elif command == "q":
                self.held = True
            else:
                raise AssertionError(f"an edit nobody asked for: {command}")

    def _change(self, number, name, value):
        found = [at for at, field in enumerate(self.fields) if field[0].lower() == name.lower()]
        at = found[number - 1]
        if value:
            self.fields[at] = (self.fields[at][0], value)
        else:
            del self.fields[at]

    def octets(self):
        header = b"\r\n".join(name + b":" + value.replace(b"\n", b"\r\n") for name, value in self.fields)
        return header + b"\r\n\r\n" + self.body
