# SPDX-License-Identifier: MIT
"""Many connections, more than are allowed, and more than there are file descriptors for: the milter goes on, and says what it left out."""

import contextlib
import os
import pathlib
import re
import socket
import sys
import time
import unittest
import urllib.request

from mail_server import Folder, Milter, free_port, wait_until
from milter_peer import MilterPeer

IDLE = 1000
HEADER = b"From: sam@outside.example\r\nSubject: Rota\r\n"


class FewFilesMilter(Milter):
    descriptors = 200

    def command(self):
        return ["prlimit", f"--nofile={self.descriptors}:{self.descriptors}", *super().command()]


class Connections(unittest.TestCase):
    milter_class = Milter
    settings = ""

    def setUp(self):
        folder = Folder()
        self.addCleanup(folder.remove)
        self.port = free_port()
        self.milter = self.milter_class(folder, f"metrics: {{ listen: 127.0.0.1:{self.port} }}\n{self.settings}")
        self.milter.start()
        self.addCleanup(self.milter.stop)
        self.peers = []
        self.addCleanup(self.close_all)

    def close_all(self):
        for peer in self.peers:
            peer.close()
        self.peers = []

    def metric(self, name):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=10) as answer:
            found = re.search(rf"^{re.escape(name)} (\S+)$", answer.read().decode(), re.MULTILINE)
        return float(found[1]) if found else 0

    def open(self):
        peer = MilterPeer(self.milter.socket)
        self.peers.append(peer)
        return peer

    def is_judged(self, begun=None):
        """Whether a message gets a verdict, on a connection of its own or one that has begun."""
        peer = begun or self.open()
        if not begun and peer.begin()[0] != "c":
            return False
        if peer.envelope("sam@outside.example", ["alex@example.net"])[0] != "c":
            return False
        peer.header(HEADER)
        peer.body(b"See you at two.\r\n")
        edits, (answer, _) = peer.end()
        self.assertEqual(answer, "a")
        return any(b"X-Cold-Pitch\0 none; " in data for _, data in edits)

    def processor_seconds(self):
        fields = pathlib.Path(f"/proc/{self.milter.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_mb(self):
        return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{self.milter.process.pid}/status").read_text())[1]) / 1024

    def told(self, kind):
        return self.milter.text().count(f"event=fault kind={kind} ")


class Many(Connections):
    settings = f"limits: {{ connections: {IDLE + 10} }}\n"

    def test_a_thousand_idle_ones_hold_nobody_up(self):
        before = self.resident_mb()
        for _ in range(IDLE):
            self.open()
        self.assertEqual(self.metric("coldpitch_connections"), IDLE)
        asked, spent = time.monotonic(), self.processor_seconds()
        self.assertTrue(self.is_judged())
        self.assertLess(time.monotonic() - asked, 5)
        time.sleep(0.5)
        self.assertLess(self.processor_seconds() - spent, 0.5, "idle connections keep the processor busy")
        print(f"{IDLE} idle connections: {self.resident_mb() - before:.1f} MB")
        self.assertLess(self.resident_mb() - before, 40)
        self.close_all()
        wait_until(lambda: self.metric("coldpitch_connections") == 0, 10, "all closed")

    def test_an_end_in_the_middle_of_everything_leaves_nothing_behind(self):
        steps = [
            lambda peer: peer.begin(),
            lambda peer: peer.envelope("sam@outside.example", []),
            lambda peer: peer.envelope("sam@outside.example", ["alex@example.net"]),
            lambda peer: peer.header(HEADER),
            lambda peer: peer.body(b"See you"),
            lambda peer: peer.packet("E"),
        ]
        for last in range(len(steps) + 1):
            peer = MilterPeer(self.milter.socket)
            for step in steps[:last]:
                step(peer)
            peer.close()
        wait_until(lambda: self.metric("coldpitch_connections") == 0, 10, "all closed")
        self.assertTrue(self.is_judged())
        faults = [line for line in self.milter.text().splitlines() if "event=fault" in line]
        self.assertLessEqual(len(faults), 1, faults)  # nobody was there any more to take the edits
        self.assertTrue(all("kind=edit" in line for line in faults), faults)


class Limited(Connections):
    settings = "limits: { connections: 5 }\n"

    def test_those_over_the_limit_pass_unjudged_until_others_go(self):
        allowed = [self.open() for _ in range(5)]
        self.assertEqual([peer.begin()[0] for peer in allowed], ["c"] * 5)
        for _ in range(3):
            self.assertFalse(self.is_judged())
        self.assertEqual(self.metric('coldpitch_faults_total{kind="connections"}'), 3)
        self.assertEqual(self.told("connections"), 1)
        self.assertTrue(self.is_judged(allowed[0]))
        self.close_all()
        wait_until(lambda: self.metric("coldpitch_connections") == 0, 10, "all closed")
        self.assertTrue(self.is_judged())


class FewFiles(Connections):
    milter_class = FewFilesMilter

    def test_one_connection_too_many_is_closed_at_once(self):
        self.assertIn("limits.connections is 1000, and the limit of open files (LimitNOFILE), 200, is enough for 136", self.milter.text())
        allowed = [self.open() for _ in range(136)]
        for _ in range(20):
            with self.assertRaises((EOFError, OSError)):
                self.open()
        self.assertEqual(self.metric('coldpitch_faults_total{kind="descriptors"}'), 20)
        self.assertEqual(self.told("descriptors"), 1)
        allowed[7].begin()
        self.assertTrue(self.is_judged(allowed[7]))
        self.close_all()
        wait_until(lambda: self.metric("coldpitch_connections") == 0, 10, "all closed")
        self.assertTrue(self.is_judged())

    def test_when_silent_clients_take_all_descriptors_it_listens_again_as_soon_as_they_go(self):
        silent = []
        for _ in range(250):
            client = socket.socket(socket.AF_UNIX)
            client.settimeout(0.2)
            silent.append(client)
            with contextlib.suppress(OSError):
                client.connect(str(self.milter.socket))
        spent = self.processor_seconds()
        time.sleep(1.5)
        self.assertLess(self.processor_seconds() - spent, 0.3, "it runs in circles")
        self.assertEqual(self.told("descriptors"), 1)
        self.assertIsNone(self.milter.process.poll())
        for client in silent:
            client.close()
        self.assertTrue(wait_until(self.is_judged, 20, "a message judged"))


if __name__ == "__main__":
    if os.geteuid() != 0:
        print("SKIPPED: needs root, to run the milter as another user")
        sys.exit(77)
    unittest.main(verbosity=2)
