# SPDX-License-Identifier: MIT
"""Where the mail servers of live tests deliver to: an SMTP server (RFC 5321) that keeps what it gets."""

import re
import socketserver
import threading


class _Session(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self):
        self.say("220 sink.example.net ESMTP")
        recipients = []
        for line in self.rfile:
            verb = line.strip().upper()
            if verb.startswith(b"EHLO"):
                self.say("250-sink.example.net\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 200000000")
            elif verb.startswith(b"RCPT"):
                recipients.append(re.search(rb"<([^>]*)>", line).group(1).decode())
                self.say("250 2.1.5 Ok")
            elif verb == b"DATA":
                self.say("354 Go on")
                self.server.keep(recipients, self.content())
                recipients = []
                self.say("250 2.0.0 Kept")
            elif verb == b"QUIT":
                self.say("221 2.0.0 Bye")
                return
            else:
                recipients = [] if verb[:4] in (b"MAIL", b"RSET") else recipients
                self.say("250 2.0.0 Ok")

    def content(self):
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)


class MailSink(socketserver.ThreadingTCPServer):
    """Serves from the start until close()."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Session)
        self.port = self.server_address[1]
        self._kept = []
        self._lock = threading.Lock()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self):
        self.shutdown()
        self.server_close()

    def keep(self, recipients, octets):
        with self._lock:
            self._kept.append((tuple(recipients), octets))

    def copies(self, token):
        """(recipients, octets) of each transaction whose message holds `token`."""
        with self._lock:
            return [copy for copy in self._kept if token in copy[1]]
