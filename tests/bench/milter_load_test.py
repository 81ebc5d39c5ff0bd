# SPDX-License-Identifier: MIT
"""milter-load against a milter that does nothing: its figures add up, and what goes wrong is said."""
import json
import os
import pathlib
import subprocess
import tempfile
import time
import unittest

BIN = pathlib.Path(os.environ["COLDPITCH_BUILD"]) / "bin"


def load(*arguments):
    return subprocess.run([BIN / "milter-load", *map(str, arguments)], capture_output=True, text=True, timeout=60)


class MilterLoad(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="load-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.socket = f"unix:{cls.folder.name}/m.sock"
        cls.null = subprocess.Popen([BIN / "null-milter", cls.socket])
        cls.addClassCleanup(cls.null.wait)
        cls.addClassCleanup(cls.null.kill)  # told to stop, libmilter takes five seconds
        for _ in range(500):
            if os.path.exists(f"{cls.folder.name}/m.sock"):
                return
            time.sleep(0.01)

    def of_null(self, *arguments):
        run = load("--socket", self.socket, "--pid", self.null.pid, *arguments)
        self.assertEqual(run.returncode, 0, run.stderr)
        return run.stdout

    def test_figures_add_up(self):
        told = json.loads(self.of_null("--set", 600, "--messages", 300, "--warm-up", 20, "--connections", 7, "--per-connection", 10, "--json"))
        self.assertEqual((told["messages"], told["failures"], told["edits"]), (300, 0, 300))
        self.assertEqual(told["answers"], {"continue": 300})
        self.assertEqual(sum(told["kinds"].values()), 600)
        self.assertEqual(len(told["kinds"]), 8)
        self.assertTrue(16000 < told["mean_octets"] < 26000, told["mean_octets"])
        for times in (told["whole"], told["end_of_message"]):
            self.assertEqual(list(times.values()), sorted(times.values()))
            self.assertGreater(times["p50_ms"], 0)
        self.assertLess(told["end_of_message"]["p50_ms"], told["whole"]["p50_ms"])
        self.assertGreater(told["peak_octets"], 1e6)

    def test_rate_is_kept(self):
        told = json.loads(self.of_null("--seconds", 1, "--set", 20, "--rate", 100, "--warm-up", 0, "--json"))
        self.assertGreater(told["messages"], 60)
        self.assertLessEqual(told["messages"], 101)

    def test_text_for_people(self):
        text = self.of_null("--messages", 50, "--set", 20)
        for word in ("messages/s", "p99.9", "processor", "resident", "answers"):
            self.assertIn(word, text)

    def test_started_program(self):
        socket = f"unix:{self.folder.name}/started.sock"
        run = load("--socket", socket, "--start", BIN / "null-milter", "--argument", socket, "--messages", 20, "--set", 20, "--json")
        told = json.loads(run.stdout)
        self.assertEqual((run.returncode, told["messages"], told["processes"]), (0, 20, 1))
        self.assertTrue(0 < told["start_seconds"] < 30, told["start_seconds"])

    def test_errors(self):
        nowhere = f"unix:{self.folder.name}/nowhere.sock"
        nobody = load("--socket", nowhere)
        self.assertEqual(nobody.returncode, 1)
        self.assertIn("cannot connect to", nobody.stderr)
        self.assertEqual(load("--socket", "nonsense").returncode, 2)
        self.assertEqual(load().returncode, 2)
        ended = load("--socket", nowhere, "--start", "/bin/false")
        self.assertEqual(ended.returncode, 1)
        self.assertIn("/bin/false ended", ended.stderr)
        empty = load("--socket", self.socket, "--texts", "/dev/null/none")
        self.assertIn("no fixtures in", empty.stderr)


if __name__ == "__main__":
    unittest.main()
