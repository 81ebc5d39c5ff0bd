# SPDX-License-Identifier: MIT
"""side-by-side with a few messages: both milters of this build are measured, and what is missing or wrong is said."""
import json
import os
import pathlib
import subprocess
import sys
import unittest

BIN = pathlib.Path(os.environ["COLDPITCH_BUILD"]) / "bin"
SCRIPT = pathlib.Path(__file__).with_name("side-by-side")


def side_by_side(*arguments, path=os.environ["PATH"]):
    command = [sys.executable, SCRIPT, "--milter", BIN / "coldpitch-milter", "--tools", BIN, "--messages", "60", "--warm-up", "10", "--set", "30", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=110, env=dict(os.environ, PATH=path))


class SideBySide(unittest.TestCase):
    def test_table_and_ratios(self):
        # With this PATH no rival is found, whatever the machine has.
        run = side_by_side("--connections", "2", "--json", path="/nowhere")
        self.assertEqual(run.returncode, 0, run.stderr)
        told = json.loads(run.stdout)
        self.assertEqual([(row["name"], row["messages"]) for row in told["rows"]], [("null", 60), ("coldpitch", 60)])
        self.assertIn("not installed: rspamd", told["left_out"]["rspamd"])
        for row in told["rows"]:
            self.assertGreater(row["peak_mb"], 1)
            self.assertLessEqual(row["whole_ms"]["p50"], row["whole_ms"]["p99"])
        self.assertGreaterEqual(told["machine"]["cores"], 1)

    def test_errors(self):
        self.assertIn("--only knows", side_by_side("--only", "postfix").stderr)
        wrong = side_by_side("--milter", BIN / "absent")
        self.assertEqual(wrong.returncode, 2)
        self.assertIn("build the targets", wrong.stderr)
        ended = side_by_side("--only", "coldpitch", "--milter", "/bin/false")
        self.assertEqual(ended.returncode, 1)
        self.assertIn("/bin/false ended", ended.stderr)


if __name__ == "__main__":
    unittest.main()
