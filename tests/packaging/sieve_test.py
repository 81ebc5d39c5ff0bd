# SPDX-License-Identifier: MIT
"""The Sieve scripts and the learning wrapper: compiled with sievec, run with sieve-test, without any server."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

SIEVE = pathlib.Path(os.environ["COLDPITCH_SOURCE"]) / "packaging" / "sieve"
FOLDER = "Cold Pitches"
OPT_OUT = "No Cold Pitches"
ME = "alex@example.net"
NOBODY = 65534


def fields(action=None, *recipients):
    lines = ["X-Cold-Pitch: pitch; score=6.0; threshold=4.0; channel=direct"]
    if action:
        lines.append(f"X-Cold-Pitch-Action: {action}")
    lines += [f"X-Cold-Pitch-Recipient: {address}; verdict=pitch;\n action={own}" for address, own in recipients]
    return "".join(line + "\n" for line in lines)


OLD_CONFIG = """\
protocols =
mail_uid = {nobody}
mail_gid = {nobody}
first_valid_uid = 1
base_dir = {folder}/run
log_path = /dev/stderr
mail_location = maildir:{folder}/mail
plugin {{
  sieve_plugins = sieve_imapsieve sieve_extprograms
  sieve_global_extensions = +vnd.dovecot.pipe +vnd.dovecot.environment
}}
"""
# Dovecot 2.4
NEW_CONFIG = """\
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
protocols =
mail_uid = {nobody}
mail_gid = {nobody}
first_valid_uid = 1
base_dir = {folder}/run
log_path = /dev/stderr
mail_driver = maildir
mail_path = {folder}/mail
sieve_plugins {{
  sieve_imapsieve = yes
  sieve_extprograms = yes
}}
sieve_global_extensions {{
  vnd.dovecot.pipe = yes
  vnd.dovecot.environment = yes
}}
"""


def config_text(folder):
    version = subprocess.run(["dovecot", "--version"], capture_output=True, text=True, timeout=30).stdout
    text = OLD_CONFIG if version.startswith("2.3.") else NEW_CONFIG
    return text.format(folder=folder, nobody=NOBODY)


class Scripts(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.folder.chmod(0o755)
        for script in SIEVE.glob("*.sieve"):
            shutil.copy(script, self.folder)
        self.mail = self.folder / "mail"
        self.mail.mkdir()
        self.config = self.folder / "dovecot.conf"
        self.config.write_text(config_text(self.folder))

    def compile(self, script):
        return subprocess.run(
            ["sievec", "-c", str(self.config), "-x", "+vnd.dovecot.pipe", str(self.folder / script),
             str(self.folder / "compiled.svbin")],
            capture_output=True, text=True, timeout=60,
        )

    def test_every_script_compiles(self):
        scripts = sorted(path.name for path in SIEVE.glob("*.sieve"))
        self.assertEqual(
            scripts, ["coldpitch-folder.sieve", "coldpitch-learn-pitch.sieve", "coldpitch-learn-wanted.sieve"]
        )
        for script in scripts:
            run = self.compile(script)
            self.assertEqual(run.returncode, 0, run.stderr)

    def test_a_fault_in_a_script_would_be_noticed(self):
        script = self.folder / "coldpitch-folder.sieve"
        script.write_text(script.read_text().replace("fileinto :create", "filein :create"))
        self.assertNotEqual(self.compile(script.name).returncode, 0)

    def deliver(self, header, recipient=ME):
        """Where sieve_before puts a message: the folder's name, or "INBOX"."""
        message = self.folder / "message.eml"
        message.write_text(header + f"From: kim@seller.example\nTo: {ME}\nSubject: Idea\n\nText\n")
        run = subprocess.run(
            ["sieve-test", "-c", str(self.config), "-f", "kim@seller.example",
             "-a", recipient, "-r", recipient, str(self.folder / "coldpitch-folder.sieve"), str(message)],
            capture_output=True, text=True, timeout=60,
        )
        self.assertIn("final result: success", run.stdout + run.stderr, run.stdout + run.stderr)
        stored = [line.partition(": ")[2] for line in run.stdout.splitlines() if "store message in folder" in line]
        self.assertEqual(len(stored), 1, run.stdout)
        return stored[0]

    def test_mail_is_filed_by_what_is_said_of_its_recipient(self):
        cases = [
            ("nothing said", "", "INBOX"),
            ("annotated", fields(None, (ME, "annotate")), "INBOX"),
            ("fold for all", fields("fold", (ME, "fold")), FOLDER),
            ("a blind copy of it", fields("fold", ("jo@example.net", "fold")), FOLDER),
            ("another one is milder", fields(None, (ME, "fold"), ("jo@example.net", "annotate")), FOLDER),
            ("another one folds", fields("fold", (ME, "annotate"), ("jo@example.net", "fold")), "INBOX"),
            ("case of the address", fields("fold", ("Alex@Example.net", "annotate")), "INBOX"),
            ("ends like another", fields("fold", ("alex@example.net.example", "annotate")), FOLDER),
            ("begins like another", fields("fold", ("palex@example.net", "annotate")), FOLDER),
            ("refusal that another one prevented", fields("tag", (ME, "reject"), ("jo@example.net", "tag")), FOLDER),
            ("released from quarantine", fields("quarantine", (ME, "quarantine")), "INBOX"),
            ("tagged", fields("tag", (ME, "tag")), "INBOX"),
        ]
        for name, header, expected in cases:
            with self.subTest(name):
                self.assertEqual(self.deliver(header), expected)
        self.assertEqual(self.deliver(fields(None, ("a*b@example.net", "fold")), "acb@example.net"), "INBOX")
        self.assertEqual(self.deliver(fields(None, ("acb@example.net", "fold")), "a*b@example.net"), "INBOX")

    def test_a_user_may_opt_out(self):
        self.assertEqual(self.deliver(fields("fold", (ME, "fold"))), FOLDER)
        for name in ("cur", "new", "tmp"):
            (self.mail / f".{OPT_OUT}" / name).mkdir(parents=True)
        for path in [self.mail, *self.mail.rglob("*")]:
            os.chown(path, NOBODY, NOBODY)
        self.assertEqual(self.deliver(fields("fold", (ME, "fold"))), "INBOX")


class Wrapper(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.program = self.folder / "coldpitch"
        self.program.write_text('#!/bin/sh\necho "$@"\ncat\n')
        self.program.chmod(0o755)
        self.config = self.folder / "coldpitch.yaml"
        text = (SIEVE / "coldpitch-learn").read_text()
        for name, value in (("program", self.program), ("config", self.config)):
            self.assertEqual(text.count(f"\n{name}=/"), 1)
            start = text.index(f"\n{name}=/") + 1
            text = text[:start] + f"{name}={value}" + text[text.index("\n", start):]
        self.wrapper = self.folder / "coldpitch-learn"
        self.wrapper.write_text(text)
        self.wrapper.chmod(0o755)

    def run_it(self, *arguments):
        return subprocess.run([self.wrapper, *arguments], input="Text\n", capture_output=True, text=True, timeout=30)

    def test_the_command_gets_the_move_and_the_message(self):
        self.assertEqual(self.run_it("pitch", ME).stdout, f"learn --as pitch --recipient {ME} -\nText\n")
        self.config.touch()
        self.assertEqual(
            self.run_it("wanted", ME).stdout, f"learn --config {self.config} --as wanted --recipient {ME} -\nText\n"
        )

    def test_a_recipient_is_an_argument_and_nothing_else(self):
        self.assertEqual(self.run_it("pitch", "$(id); --at now").stdout.splitlines()[0],
                         "learn --as pitch --recipient $(id); --at now -")

    def test_anything_else_is_refused(self):
        for arguments in ([], ["pitch"], ["pitch", ""], ["stop", ME], ["pitch", ME, "more"]):
            run = self.run_it(*arguments)
            self.assertEqual(run.returncode, 2, arguments)
            self.assertNotEqual(run.stderr, "")


if __name__ == "__main__":
    if not (shutil.which("sievec") and shutil.which("sieve-test")) or os.geteuid() != 0:
        print("skipped: needs sievec and sieve-test (Debian's dovecot-sieve), and root to give up being root")
        sys.exit(77)
    unittest.main(verbosity=2)
