# SPDX-License-Identifier: MIT
"""`coldpitch setup` on private copies of stock configurations: what is shown, changed, found done, and given back."""

import os
import pathlib
import pwd
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["COLDPITCH_SOURCE"])
PROGRAM = pathlib.Path(os.environ["COLDPITCH_BUILD"]) / "bin" / "coldpitch"
USER = "nobody"
ENTRY = "{ unix:coldpitch/milter.sock, default_action=accept }"


def tree(folder):
    """Every file below `folder`: its octets, mode and owner."""
    return {
        str(path.relative_to(folder)): (path.read_bytes() if path.is_file() else None, path.stat().st_mode, path.stat().st_uid)
        for path in sorted(folder.rglob("*"))
    }


class Setup(unittest.TestCase):
    program = "postfix"

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.own = self.root / "etc/coldpitch/coldpitch.yaml"
        self.own.parent.mkdir(parents=True)
        shutil.copy(SOURCE / "packaging/coldpitch.yaml", self.own)

    def setup_command(self, *options, status=0, user=USER):
        for main in self.root.glob("etc/postfix/main.cf"):
            os.utime(main, (0, 0))  # postconf waits, up to two seconds, before it reads one that was written just now
        run = subprocess.run(
            [PROGRAM, "setup", self.program, "--root", self.root, "--user", user, *options],
            capture_output=True, text=True, timeout=120,
        )
        self.assertEqual(run.returncode, status, run.stdout + run.stderr)
        return run.stdout if status == 0 else run.stderr

    def check_round_trip(self):
        before = tree(self.root)
        shown = self.setup_command()
        self.assertIn("Nothing was changed", shown)
        self.assertEqual(tree(self.root), before)
        applied = self.setup_command("--apply")
        self.assertEqual(*([line for line in text.splitlines() if line[:1] in ("+", "-")] for text in (shown, applied)))
        once = tree(self.root)
        self.assertNotEqual(once, before)
        self.assertIn("Nothing to change", self.setup_command("--apply"))
        self.assertEqual(tree(self.root), once)
        self.setup_command("--undo")
        self.assertEqual(tree(self.root), before)
        self.assertIn("Nothing to take back", self.setup_command("--undo"))
        return applied


class Postfix(Setup):
    def setUp(self):
        super().setUp()
        self.folder = self.root / "etc/postfix"
        self.folder.mkdir()
        (self.root / "var/spool/postfix").mkdir(parents=True)
        shutil.copy("/usr/share/postfix/main.cf.debian", self.folder / "main.cf")
        shutil.copy("/usr/share/postfix/master.cf.dist", self.folder / "master.cf")

    def main(self):
        return (self.folder / "main.cf").read_text()

    def milters(self):
        return subprocess.run(["postconf", "-c", self.folder, "-h", "smtpd_milters"],
                              capture_output=True, text=True, check=True).stdout.strip()

    def test_stock_configuration(self):
        applied = self.check_round_trip()
        self.assertIn(f"+smtpd_milters = {ENTRY}", applied)
        self.assertIn("+listen: unix:/var/spool/postfix/coldpitch/milter.sock", applied)
        self.assertIn("systemctl reload postfix", applied)

    def test_folder_lets_postfix_reach_the_socket(self):
        self.setup_command("--apply")
        status = (self.root / "var/spool/postfix/coldpitch").stat()
        self.assertEqual(status.st_mode & 0o7777, 0o2750)
        self.assertEqual(status.st_uid, pwd.getpwnam(USER).pw_uid)
        self.assertEqual(status.st_gid, pwd.getpwnam("postfix").pw_gid)

    def test_it_comes_behind_the_milters_that_are_there(self):
        with (self.folder / "main.cf").open("a") as file:
            file.write("# ours\nsmtpd_milters = unix:opendkim/opendkim.sock,\n  { inet:localhost:8893, command_timeout=5s }\n")
        applied = self.check_round_trip()
        self.assertIn("behind the milter that verifies DKIM", applied)
        self.setup_command("--apply")
        self.assertTrue(self.milters().endswith("command_timeout=5s }, " + ENTRY), self.milters())
        self.assertIn("# ours\n", self.main())

    def test_an_entry_in_the_wrong_place_is_moved(self):
        with (self.folder / "main.cf").open("a") as file:
            file.write("smtpd_milters = unix:coldpitch/milter.sock unix:opendkim/opendkim.sock\n")
        self.setup_command("--apply")
        self.assertEqual(self.milters(), "unix:opendkim/opendkim.sock, " + ENTRY)

    def test_services_with_milters_of_their_own_are_named(self):
        with (self.folder / "master.cf").open("a") as file:
            file.write("submission inet n - y - - smtpd\n  -o smtpd_milters=unix:opendkim/opendkim.sock\n")
        self.assertIn("submission/inet has smtpd_milters of its own", self.setup_command())

    def test_tcp_stays_tcp(self):
        self.own.write_text("listen: inet:127.0.0.1:8894\n")
        self.check_round_trip()
        self.setup_command("--apply")
        self.assertEqual(self.milters(), "{ inet:127.0.0.1:8894, default_action=accept }")
        self.assertFalse((self.root / "var/spool/postfix/coldpitch").exists())

    def test_undo_leaves_what_others_changed_since(self):
        self.setup_command("--apply")
        with (self.folder / "main.cf").open("a") as file:
            file.write("smtpd_banner = hello\n")
        main = self.main()
        self.setup_command("--undo")
        self.assertEqual(self.main(), main.replace(f"smtpd_milters = {ENTRY}\n", ""))

    def test_undo_that_cannot_tell_does_nothing(self):
        self.setup_command("--apply")
        (self.folder / "main.cf").write_text(self.main().replace(ENTRY, ENTRY + ", unix:other/other.sock"))
        before = tree(self.root)
        self.assertIn("by hand", self.setup_command("--undo", status=1))
        self.assertEqual(tree(self.root), before)

    def test_two_rounds_are_taken_back_together(self):
        before = tree(self.root)
        self.setup_command("--apply")
        shutil.copy(SOURCE / "packaging/coldpitch.yaml", self.own)
        self.setup_command("--apply")
        self.setup_command("--undo")
        self.assertEqual(tree(self.root), before)

    def test_what_is_missing_is_said(self):
        self.assertIn("no main.cf in", self.setup_command("--config-dir", self.root / "none", status=1))
        self.own.write_text("listn: x\n")
        self.assertIn("coldpitch.yaml:1:1", self.setup_command(status=1))
        self.own.write_text("")
        self.assertIn("there is no user 'nosuchuser'", self.setup_command("--apply", user="nosuchuser", status=1))

    def test_usage(self):
        self.setup_command("--apply", "--undo", status=2)
        run = subprocess.run([PROGRAM, "setup"], capture_output=True, timeout=30)
        self.assertEqual(run.returncode, 2)


class Sendmail(Setup):
    program = "sendmail"

    def setUp(self):
        super().setUp()
        self.file = self.root / "etc/mail/sendmail.mc"
        self.file.parent.mkdir()
        self.file.write_text("OSTYPE(`debian')dnl\nFEATURE(`no_default_msa')dnl\nMAILER(`local')dnl\nMAILER(`smtp')dnl\n")

    def test_line_stands_before_the_mailers(self):
        self.check_round_trip()
        self.setup_command("--apply")
        lines = self.file.read_text().splitlines()
        self.assertEqual(lines[2], "INPUT_MAIL_FILTER(`coldpitch', `S=local:/run/coldpitch/milter.sock, T=C:10s;S:10s;R:10s;E:1m')dnl")
        self.assertEqual(lines[3], "MAILER(`local')dnl")

    def test_line_stands_behind_other_filters(self):
        other = "INPUT_MAIL_FILTER(`opendkim', `S=inet:8891@localhost')dnl\n"
        self.file.write_text(self.file.read_text() + other)
        self.check_round_trip()
        self.setup_command("--apply")
        text = self.file.read_text()
        self.assertLess(text.index("opendkim"), text.index("coldpitch"))

    def test_an_order_that_is_set_by_hand_is_told(self):
        self.file.write_text("define(`confINPUT_MAIL_FILTERS', `opendkim')dnl\n" + self.file.read_text())
        self.assertIn("put coldpitch last in it", self.setup_command())


@unittest.skipUnless(shutil.which("doveconf"), "needs Dovecot")
class Dovecot(Setup):
    program = "dovecot"

    def setUp(self):
        super().setUp()
        self.folder = self.root / "etc/dovecot"
        (self.folder / "conf.d").mkdir(parents=True)
        for file in [*pathlib.Path("/etc/dovecot").glob("*.conf"), *pathlib.Path("/etc/dovecot/conf.d").glob("*")]:
            shutil.copy(file, self.folder / file.relative_to("/etc/dovecot"))

    def asked(self, *words):
        return subprocess.run(["doveconf", "-c", self.folder / "dovecot.conf", *words],
                              capture_output=True, text=True, check=True).stdout

    def test_stock_configuration(self):
        self.check_round_trip()
        self.setup_command("--apply")
        self.assertIn("coldpitch-folder.sieve", self.asked("-n"))
        self.assertIn("user = " + USER, self.asked("-n"))

    @unittest.skipUnless(subprocess.run(["dovecot", "--version"], capture_output=True, text=True).stdout.startswith("2.3.")
                         if shutil.which("dovecot") else False, "of Dovecot 2.3")
    def test_what_is_set_already_stays(self):
        (self.folder / "conf.d/95-mine.conf").write_text(
            "mail_uid = 5000\nprotocol imap {\n  mail_plugins = $mail_plugins quota imap_quota\n}\n"
            "plugin {\n  sieve_before = /mine.sieve\n  sieve_plugins = sieve_extprograms\n"
            "  imapsieve_mailbox1_name = Junk\n  imapsieve_mailbox2_name = INBOX\n  sieve_pipe_socket_dir = pipes\n}\n"
        )
        self.check_round_trip()
        self.setup_command("--apply")
        self.assertEqual(self.asked("-f", "protocol=imap", "-h", "mail_plugins").split(), ["quota", "imap_quota", "imap_sieve"])
        text = self.asked("-n")
        for line in ("sieve_before = /mine.sieve", "sieve_before2 = ", "imapsieve_mailbox1_name = Junk", "imapsieve_mailbox2_name = INBOX\n",
                     "imapsieve_mailbox3_name = Cold Pitches", "imapsieve_mailbox4_from = Cold Pitches",
                     "sieve_plugins = sieve_extprograms sieve_imapsieve", "sieve_pipe_socket_dir = pipes",
                     "unix_listener pipes/coldpitch-learn", "user = 5000"):
            self.assertIn(line, text)


if __name__ == "__main__":
    if not shutil.which("postconf") or os.geteuid() != 0:
        print("skipped: needs postconf (Debian's postfix), and root to give folders away")
        sys.exit(77)
    unittest.main(verbosity=2)
