# SPDX-License-Identifier: MIT
"""A milter that runs out of memory at any moment: it lives, each message is answered at once, and what failed is counted."""

import os
import pathlib
import re
import shutil
import signal
import sys
import time
import unittest
import urllib.request

from mail_server import BUILD, Folder, Milter, free_port, wait_until
from milter_peer import MilterPeer

MESSAGES = 120
SAMPLES = pathlib.Path(os.environ["COLDPITCH_SOURCE"]) / "tests" / "data" / "samples"
PARTS = [re.sub(rb"\r?\n", b"\r\n", (SAMPLES / name).read_bytes()).partition(b"\r\n\r\n") for name in ("1-linkedin-inmail.eml", "2-direct-pitch.eml", "5-colleague.eml")]


class FailingMilter(Milter):
    program = "failing-milter"

    def __init__(self, folder, settings, one_in):
        super().__init__(folder, settings)
        self.one_in = one_in
        shutil.copy(BUILD / "bin" / self.program, self.folder / "bin")

    def command(self):
        words = super().command()
        at = next(i for i, word in enumerate(words) if word.endswith("/coldpitch-milter"))
        return [*words[:at], "env", f"COLDPITCH_FAIL_ONE_IN={self.one_in}", str(self.folder / "bin" / self.program), *words[at + 1 :]]


class OutOfMemory(unittest.TestCase):
    def run_with(self, one_in):
        folder = Folder()
        self.addCleanup(folder.remove)
        self.port = free_port()
        self.milter = FailingMilter(folder, f"metrics: {{ listen: 127.0.0.1:{self.port} }}\n", one_in)
        self.milter.start()
        self.addCleanup(self.milter.stop)
        self.milter.signal(signal.SIGUSR2)
        wait_until(lambda: "memory fails" in self.milter.text(), 10, "want of memory")
        counts = {"judged": 0, "passed": 0, "away": 0}
        for number in range(MESSAGES):
            counts[self.send(number)] += 1
            if number % 40 == 20:
                self.milter.signal(signal.SIGHUP)
            self.assertIsNone(self.milter.process.poll(), self.milter.text()[-1500:])
        self.milter.signal(signal.SIGUSR2)
        print(f"one allocation in {one_in} fails: {counts}", flush=True)
        wait_until(lambda: "memory is back" in self.milter.text(), 10, "memory again")
        self.assertEqual([self.send(number) for number in range(6)], ["judged"] * 6, self.milter.text()[-2000:])
        self.assertGreater(counts["passed"] + counts["away"], 0)
        faults = sum(float(value) for value in re.findall(r"^coldpitch_faults_total\{.*\} (\S+)$", self.metrics(), re.MULTILINE))
        self.assertGreater(faults, 0)
        self.assertIn("event=fault", self.milter.text())
        self.milter.stop()
        self.assertEqual(self.milter.process.returncode, 0)

    def metrics(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=10) as answer:
            return answer.read().decode()

    def send(self, number):
        header, _, body = PARTS[number % len(PARTS)]
        begun = time.monotonic()
        try:
            peer = MilterPeer(self.milter.socket)
        except (EOFError, OSError):
            return "away"
        try:
            if peer.begin()[0] != "c" or peer.envelope("sam@outside.example", ["alex@example.net"])[0] != "c":
                return "passed"
            for command, octets in ((peer.header, header + b"\r\n"), (peer.body, body)):
                answer = command(octets)[0]
                if answer in "ar":
                    self.assertEqual(answer, "a")
                    return "passed"
            edits, (answer, _) = peer.end()
            self.assertEqual(answer, "a")
            return "judged" if any(data[4:].startswith(b"X-Cold-Pitch\0") for command, data in edits if command == "i") else "passed"
        finally:
            self.assertLess(time.monotonic() - begun, 10, "an answer that did not come")
            peer.close()

    def test_seldom(self):
        self.run_with(30_000)

    def test_often(self):
        self.run_with(1_500)

    def test_all_the_time(self):
        self.run_with(60)


if __name__ == "__main__":
    if os.geteuid() != 0:
        print("SKIPPED: needs root, to run the milter as another user")
        sys.exit(77)
    unittest.main(verbosity=2)
