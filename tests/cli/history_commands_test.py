# SPDX-License-Identifier: MIT
"""learn and history, as a person types them, on a store in a file."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["COLDPITCH_SOURCE"])
BUILD = pathlib.Path(os.environ["COLDPITCH_BUILD"])
SAMPLES = SOURCE / "tests" / "data" / "samples"
PITCH = SAMPLES / "2-direct-pitch.eml"
COLLEAGUE = SAMPLES / "5-colleague.eml"
HARMLESS = b"From: Pat <pat@partner.example>\r\nTo: alex@example.net\r\nSubject: Friday\r\n\r\nSee you at the office.\r\n"


def coldpitch(*arguments, text=None):
    return subprocess.run(
        [BUILD / "bin" / "coldpitch", *map(str, arguments)], input=text, capture_output=True, timeout=60
    )


class Commands(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.config = self.folder / "coldpitch.yaml"
        self.config.write_text(
            "authentication: { trusted_authserv_ids: [mx.example.net] }\nlocal_domains: [example.net]\n"
            "history: { path: history.db, limit: 20 s }\n"
        )

    def learn(self, word, *arguments, text=HARMLESS):
        return coldpitch("learn", "-c", self.config, "--as", word, "--recipient", "alex@example.net", *arguments, text=text)

    def judge(self, text=HARMLESS, at=None):
        when = ["--at", at] if at else []
        run = coldpitch("check", "--json", "-c", self.config, "--history", self.folder / "history.db", "--rcpt",
                        "alex@example.net", *when, "-", text=text)
        self.assertEqual(run.returncode, 0, run.stderr)
        return json.loads(run.stdout)

    def history(self, *arguments):
        return coldpitch("history", arguments[0], "-c", self.config, *arguments[1:])

    def test_pitch_makes_the_next_message_a_pitch(self):
        run = self.learn("pitch")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn(b"learned pitch", run.stdout)
        found = self.judge()
        self.assertEqual(found["verdict"], "pitch")
        self.assertIn("unwanted", [clause["id"] for clause in found["clauses"]])
        self.assertIn("you filed this sender's mail as a pitch on ", found["reason"])

    def test_stop_then_wanted(self):
        self.assertEqual(self.learn("stop", "--at", "2022-02-08T10:00:00Z").returncode, 0)
        found = self.judge(at="2022-08-08T10:00:00Z")
        self.assertEqual(found["verdict"], "repeat-pitch")
        self.assertEqual(found["contact"]["told_to_stop"], "2022-02-08T10:00:00Z")
        self.assertEqual(found["contact"]["stop_source"], "user")
        self.assertIn("you asked this sender to stop on 2022-02-08", found["reason"])
        # A judgement as of an earlier day does not see it.
        self.assertEqual(self.judge(at="2022-02-07T10:00:00Z")["verdict"], "none")
        self.assertEqual(self.learn("wanted", "--at", "2022-09-01T10:00:00Z").returncode, 0)
        self.assertEqual(self.judge(at="2022-09-02T10:00:00Z")["exempt"], "wanted")
        self.assertEqual(self.judge(at="2022-08-08T10:00:00Z")["verdict"], "repeat-pitch")

    def test_learning_from_a_file(self):
        run = coldpitch("learn", "-c", self.config, "--as", "stop", "--recipient", "alex@example.net", PITCH)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(self.judge(PITCH.read_bytes())["verdict"], "repeat-pitch")

    def test_bad_usage_is_told(self):
        self.assertEqual(self.learn("spam").returncode, 2)
        self.assertEqual(self.learn("pitch", "--at", "yesterday").returncode, 2)
        run = coldpitch("learn", "-c", self.config, "--as", "pitch", "--recipient", "alex", text=HARMLESS)
        self.assertEqual(run.returncode, 2)
        self.assertIn(b"--recipient", run.stderr)
        run = self.learn("pitch", text=b"Subject: nobody\r\n\r\nText\r\n")
        self.assertEqual(run.returncode, 3)
        self.assertIn(b"names no sender", run.stderr)
        run = self.learn("pitch", "--connect", f"unix:{self.folder}/none.sock")
        self.assertEqual(run.returncode, 1)
        self.assertIn(b"cannot connect", run.stderr)
        self.config.write_text("history: { backend: none }\n")
        self.assertEqual(self.learn("pitch").returncode, 1)

    def test_a_daemon_that_does_not_run_is_done_without(self):
        with self.config.open("a") as config:
            config.write("control: { listen: unix:control.sock }\n")
        self.assertEqual(self.learn("pitch").returncode, 0)
        self.assertEqual(self.judge()["verdict"], "pitch")

    def test_a_person_is_shown_exported_and_erased(self):
        self.learn("pitch", "--at", "2026-10-05T10:00:00Z")
        self.learn("stop", "--at", "2026-10-06T10:00:00Z", text=PITCH.read_bytes())
        shown = self.history("show", "Pat@Partner.example")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertIn(b"2026-10-05T10:00:00Z  reported  said by the user", shown.stdout)
        self.assertIn(b"1 events", shown.stdout)
        exported = json.loads(self.history("export", "pat@partner.example").stdout)
        self.assertEqual([event["kind"] for event in exported["events"]], ["reported"])
        self.assertEqual(len(json.loads(self.history("export", "alex@example.net").stdout)["events"]), 2)
        stats = self.history("stats").stdout
        self.assertIn(b"reported\t1\n", stats)
        self.assertIn(b"persons\t2\n", stats)
        erased = self.history("erase", "pat@partner.example")
        self.assertEqual(erased.stdout, b"1 events erased\n")
        self.assertEqual(self.judge()["verdict"], "none")
        self.assertEqual(self.judge(PITCH.read_bytes(), at="2026-11-05T10:00:00Z")["verdict"], "repeat-pitch")
        self.assertEqual(self.history("show", "nobody at all").returncode, 2)
        self.assertEqual(self.history("show", "linkedin.com/in/Jane-Doe").stdout, b"0 events\n")

    def test_nothing_in_the_store_names_anybody(self):
        self.learn("stop", text=PITCH.read_bytes())
        octets = b"".join(file.read_bytes() for file in self.folder.glob("history.db*") if not file.name.endswith(".secret"))
        for word in (b"marcus", b"growthloop", b"alex", b"example.net", b"organic", b"first-touch"):
            self.assertNotIn(word, octets.lower())
        self.assertEqual((self.folder / "history.db.secret").stat().st_mode & 0o777, 0o600)

    def test_what_is_old_is_forgotten(self):
        self.learn("stop", "--at", "2020-01-01T10:00:00Z")
        run = self.history("expire")
        self.assertTrue(run.stdout.startswith(b"1 events forgotten"), run.stdout)
        self.assertEqual(self.history("expire").stdout.split()[0], b"0")

    def test_without_a_history_it_is_said(self):
        run = self.history("stats")
        self.assertEqual(run.returncode, 2)
        self.assertIn(b"no history at", run.stderr)
        self.assertFalse((self.folder / "history.db").exists())

    def test_help(self):
        for command in (["learn"], ["history"], ["history", "show"], ["history", "erase"], ["history", "stats"]):
            self.assertEqual(coldpitch(*command, "--help").returncode, 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
