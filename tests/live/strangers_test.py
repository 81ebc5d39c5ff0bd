# SPDX-License-Identifier: MIT
"""Who does not keep to the milter protocol, or keeps to it in an unusual way: junk, slow clients, and the scripts in miltertest/."""

import os
import pathlib
import shutil
import socket
import struct
import subprocess
import sys
import time
import unittest

from cases_test import SETTINGS
from mail_server import Folder, Milter, wait_until
from milter_peer import MilterPeer

HERE = pathlib.Path(__file__).parent
SAMPLE = pathlib.Path(os.environ["COLDPITCH_SOURCE"]) / "tests" / "data" / "samples" / "2-direct-pitch.eml"
SCRIPTS = ("order", "old_mta", "less_offered")
TLS_HELLO = bytes.fromhex("16030102000100 01fc0303") + bytes(range(256)) * 2
JUNK = {
    "nothing": b"",
    "one octet": b"\0",
    "a TLS hello": TLS_HELLO,
    "an HTTP request": b"GET / HTTP/1.1\r\nHost: mx.example.net\r\n\r\n",
    "SMTP": b"EHLO client.example\r\nMAIL FROM:<sam@outside.example>\r\n",
    "empty packets": bytes(40),
    "the largest length": b"\xff\xff\xff\xffO" + bytes(1000),
    "a negative length": b"\x80\0\0\0O" + bytes(1000),
    "half a packet": struct.pack(">I", 256) + b"O" + bytes(10),
    "a negotiation that is short": struct.pack(">I", 5) + b"O" + bytes(4),
    "a version there never was": struct.pack(">I", 13) + b"O" + struct.pack(">III", 1, 0x1FF, 0),
    "MAIL before all else": struct.pack(">I", 7) + b"M<a@b>\0",
    "a body before all else": struct.pack(">I", 101) + b"B" + bytes(100),
    "a command there is not": struct.pack(">I", 7) + b"Zabcdef",
    "random octets": bytes((number * number * 31 + number * 7) >> 3 & 0xFF for number in range(5000)),
}
STRANGER = "level=debug event=stranger "


class Strangers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = Folder()
        cls.addClassCleanup(folder.remove)
        cls.milter = Milter(folder, SETTINGS + "log: { level: debug }\n")
        cls.addClassCleanup(cls.milter.stop)
        cls.milter.start()

    def setUp(self):
        self.before = len(self.milter.text())
        self.addCleanup(lambda: self.assertIsNone(self.milter.process.poll(), self.milter.text()[-2000:]))

    def lines(self):
        return self.milter.text()[self.before :].splitlines()

    def wait_for_strangers(self, count):
        """One debug line for each, and no other line."""
        try:
            wait_until(lambda: len(self.lines()) >= count, 20, f"{count} lines")
        except TimeoutError as error:
            self.fail(f"{error}: {self.lines()}")
        self.assertEqual([line for line in self.lines() if STRANGER not in line], [])
        self.assertEqual(len(self.lines()), count)

    def connected(self):
        client = socket.socket(socket.AF_UNIX)
        self.addCleanup(client.close)
        client.settimeout(20)
        client.connect(str(self.milter.socket))
        return client

    def judge(self):
        """A message that is judged as ever."""
        peer = MilterPeer(self.milter.socket)
        peer.begin()
        peer.envelope("sam@outside.example", ["alex@example.net"])
        peer.header(b"From: sam@outside.example\r\nSubject: Rota\r\n")
        peer.body(b"See you at two.\r\n")
        edits, (answer, _) = peer.end()
        peer.quit()
        self.assertEqual(answer, "a")
        self.assertTrue(any(b"X-Cold-Pitch\0 none; " in data for _, data in edits), edits)

    def test_junk_leaves_one_debug_line(self):
        for name, octets in JUNK.items():
            with self.subTest(name):
                self.before = len(self.milter.text())
                client = self.connected()
                try:
                    client.sendall(octets)
                except (BrokenPipeError, ConnectionResetError):
                    pass  # it has seen enough
                client.close()
                self.wait_for_strangers(1)
        self.judge()

    def test_reading_is_answered_with_nothing(self):
        client = self.connected()
        client.sendall(TLS_HELLO)
        client.shutdown(socket.SHUT_WR)
        try:
            self.assertEqual(client.recv(100), b"")
        except ConnectionResetError:
            pass
        self.wait_for_strangers(1)

    def test_slow_clients_hold_nobody_up(self):
        slow = [self.connected() for _ in range(60)]
        for at in range(6):
            for client in slow:
                client.sendall(b"\0\0\1\0Oabc"[at : at + 1])
            time.sleep(0.05)
        asked = time.monotonic()
        self.judge()
        self.assertLess(time.monotonic() - asked, 10)
        self.before = len(self.milter.text())
        for client in slow:
            client.close()
        self.wait_for_strangers(len(slow))

    def test_a_mail_server_that_takes_its_time(self):
        peer = MilterPeer(self.milter.socket, negotiate=False)
        peer.socket.sendall(b"\0\0\0\x0dO\0\0")
        time.sleep(0.3)
        peer.socket.sendall(b"\0\6\0\0\1\xff\0")
        time.sleep(0.3)
        peer.socket.sendall(b"\x1f\xff\xff")
        self.assertEqual(peer.receive()[0], "O")
        peer.close()
        self.judge()

    def test_a_mail_server_that_loses_its_mind(self):
        """Commands out of order, and junk, once the negotiation is done: no crash, and others are served."""
        for octets in (b"\0\0\0\1E", b"\0\0\0\1N", b"\0\0\0\5Babcd", b"\0\0\0\1L", b"\0\0\0\2L\0", b"\0\0\0\1M", b"\0\0\0\1C", b"\0\0\0\1R",
                       b"\0\0\0\1D", b"\0\0\0\4DMab", b"\0\0\0\1A" * 3, b"\0\0\0\1K", TLS_HELLO):
            with self.subTest(octets[:8]):
                peer = MilterPeer(self.milter.socket)
                peer.socket.sendall(octets)
                peer.close()
        self.judge()
        self.assertEqual([line for line in self.lines() if "level=error" in line or "level=warning" in line], [])

    @unittest.skipUnless(shutil.which("miltertest"), "needs miltertest (Debian's package of that name)")
    def test_scripts(self):
        self.assertEqual({path.stem for path in HERE.glob("miltertest/*.lua")}, {"steps", *SCRIPTS})
        for script in SCRIPTS:
            with self.subTest(script):
                text = "".join((HERE / "miltertest" / f"{name}.lua").read_text() for name in ("steps", script))
                run = subprocess.run(
                    ["miltertest", "-D", f"socket=unix:{self.milter.socket}", "-D", f"sample={SAMPLE}"],
                    input=text, capture_output=True, text=True, timeout=60,
                )
                self.assertEqual((run.returncode, run.stderr), (0, ""), run.stdout)
        self.assertEqual([line for line in self.lines() if "level=error" in line], [])
        degraded = [line for line in self.lines() if "event=degraded" in line]
        for missing in ("quarantine", "add-recipients", "change-fields", "add-fields"):
            self.assertEqual(len([line for line in degraded if f"does not offer {missing};" in line]), 1, degraded)


if __name__ == "__main__":
    if os.geteuid() != 0:
        print("SKIPPED: needs root, to run the milter as another user")
        sys.exit(77)
    unittest.main(verbosity=2)
