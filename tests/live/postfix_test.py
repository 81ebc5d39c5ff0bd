# SPDX-License-Identifier: MIT
"""A real Postfix and its own ways: logins, its hold queue, its chroot, and load. What is the same for all servers: cases_test.py."""

import base64
import email
import email.policy
import os
import pathlib
import re
import signal
import smtplib
import subprocess
import sys
import threading
import time
import unittest

# Debian puts its modules where a Python of another make does not look.
sys.path.append("/usr/lib/python3/dist-packages")
import dkim  # noqa: E402

from mail_server import BUILD, OWN_CLIENT, Folder, Milter, Postfix

SAMPLES = pathlib.Path(os.environ["COLDPITCH_SOURCE"]) / "tests" / "data" / "samples"
OUR_FIELDS = "x-cold-pitch"


def sample(name):
    return (SAMPLES / name).read_bytes().replace(b"\n", b"\r\n")


def parsed(octets):
    return email.message_from_bytes(octets, policy=email.policy.default)


def our_fields(message):
    return [(name, str(value)) for name, value in message.items() if name.lower().startswith(OUR_FIELDS)]


def plain(token, subject="Rota", body="See you at two."):
    return (
        f"From: Sam Outside <sam@outside.example>\r\nTo: alex@example.net\r\nSubject: {subject}\r\n"
        f"Message-ID: <{token}@outside.example>\r\nDate: Thu, 15 Oct 2026 09:00:00 +0000\r\n\r\n{body}\r\n"
    ).encode()


class LiveCase(unittest.TestCase):
    """One Postfix and one milter for the cases of a class, which must leave them as they were; each case has its own tokens."""

    settings = ""

    @classmethod
    def setUpClass(cls):
        folder = Folder()
        cls.addClassCleanup(folder.remove)
        cls.milter = Milter(folder, cls.settings)
        cls.addClassCleanup(cls.milter.stop)
        cls.milter.start()
        cls.postfix = Postfix(folder, cls.milter.socket, "tempfail")
        cls.addClassCleanup(cls.postfix.stop)
        cls.postfix.start()


class Delivery(LiveCase):
    settings = (
        "profiles:\n  - { match: [fold@example.net], mode: fold }\n"
        "  - { match: [held@example.net], mode: 'off' }\n"
        "  - { match: [away@example.net], mode: quarantine, quarantine: mailbox, quarantine_mailbox: held@example.net }\n"
        "  - { match: [hold@example.net], mode: quarantine }\n"
        "  - { match: [tag@example.net], mode: tag }\n"
    )

    def test_a_login_makes_mail_outbound_and_a_contact(self):
        outgoing = (
            b"From: alex@example.net\r\nTo: marcus@growthloop-mail.example\r\nSubject: Your audit\r\n"
            b"Message-ID: <asked@example.net>\r\n\r\nPlease send me the audit you offered.\r\n"
        )
        self.postfix.send(
            outgoing,
            sender="alex@example.net",
            recipients=("marcus@growthloop-mail.example", "jo@example.net"),
            client=OWN_CLIENT,
            login="alex",
        )
        self.assertEqual(our_fields(parsed(self.postfix.wait_for(b"<asked@example.net>")[0])), [])
        time.sleep(0.3)  # group commit of the history
        answer = sample("3-follow-up.eml").replace(b"first-touch-7781@growthloop-mail.example", b"asked@example.net")
        self.postfix.send(answer, sender="marcus@growthloop-mail.example")
        fields = dict(our_fields(parsed(self.postfix.wait_for(b"Message-ID: <bump-7781-2")[0])))
        self.assertTrue(fields["X-Cold-Pitch"].startswith("none; "), fields)
        self.assertIn("exempt=in-our-thread", fields["X-Cold-Pitch"])

    def test_pitch_waits_on_hold_until_it_is_released(self):
        self.postfix.send(sample("2-direct-pitch.eml").replace(b"7781", b"7790"), recipients=("hold@example.net",))
        [held] = [queued for queued in self.postfix.queue() if queued["queue_name"] == "hold"]
        self.assertIn("milter-hold", self.postfix.text())  # the reason is logged from Postfix 3.8 on
        self.postfix.release(held["queue_id"])
        fields = dict(our_fields(parsed(self.postfix.wait_for(b"first-touch-7790")[0])))
        self.assertEqual(fields["X-Cold-Pitch-Action"], "quarantine")

    def test_a_signature_still_verifies_unless_the_subject_was_changed(self):
        key = subprocess.run(
            ["openssl", "genrsa", "-traditional", "2048"], capture_output=True, timeout=60, check=True
        ).stdout
        public = subprocess.run(
            ["openssl", "rsa", "-pubout", "-outform", "DER"], input=key, capture_output=True, timeout=60, check=True
        ).stdout
        record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)

        def verifies(octets):
            return dkim.verify(octets, dnsfunc=lambda name, timeout=5: record)

        unsigned = sample("2-direct-pitch.eml").replace(b"7781", b"7791")
        fields = [b"from", b"to", b"subject", b"date", b"message-id", b"content-type"]
        signature = dkim.sign(unsigned, b"s1", b"growthloop-mail.example", key, include_headers=fields)
        signed = signature.replace(b"\n", b"\r\n").replace(b"\r\r\n", b"\r\n") + unsigned
        self.assertTrue(verifies(signed))
        for recipient, box, whole in (("pat", "pat", True), ("fold", "fold", True), ("away", "held", True), ("tag", "tag", False)):
            with self.subTest(recipient):
                self.postfix.send(b"X-Cold-Pitch: none\r\n" + signed, recipients=(f"{recipient}@example.net",))
                [delivered] = self.postfix.wait_for(f"Delivered-To: {box}@example.net".encode())
                self.assertIn(b"X-Cold-Pitch: pitch", delivered.replace(b"repeat-", b""))
                self.assertEqual(verifies(delivered.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")), whole)

    def test_second_milter_on_the_same_socket_is_refused(self):
        second = subprocess.run(self.milter.command(), capture_output=True, text=True, timeout=30)
        self.assertEqual(second.returncode, 1)
        self.assertIn("another coldpitch-milter", second.stderr)
        self.postfix.send(plain("still-served"))
        self.postfix.wait_for(b"still-served")

    def test_an_idle_milter_stops_at_once(self):
        # Until the next one listens, mail goes unjudged.
        self.postfix.send(plain("seen"))
        asked = time.monotonic()
        self.milter.stop()
        self.assertLess(time.monotonic() - asked, 3)
        self.assertEqual(self.milter.process.returncode, 0)
        self.assertIn("event=stopped result=ok", self.milter.text())
        self.milter.start()


class Signals(LiveCase):
    def send_many(self, thread, over, outcomes):
        """Sends until `over` is set, and a few more, so that some meet the milter whatever was done to it."""
        number = 0
        left = 5
        while left > 0:
            left -= 1 if over.is_set() else 0
            number += 1
            time.sleep(0.02)
            token = f"{self.id()}-{thread}-{number}"
            try:
                self.postfix.send(plain(token))
                outcomes[token] = 250
            except smtplib.SMTPRecipientsRefused as refused:
                outcomes[token] = next(iter(refused.recipients.values()))[0]
            except smtplib.SMTPResponseException as refused:
                outcomes[token] = refused.smtp_code
            except smtplib.SMTPServerDisconnected:
                outcomes[token] = 421

    def under_load(self, disturb, threads=4):
        outcomes = {}
        over = threading.Event()
        senders = [threading.Thread(target=self.send_many, args=(number, over, outcomes)) for number in range(threads)]
        for sender in senders:
            sender.start()
        try:
            disturb()
        finally:
            over.set()
            for sender in senders:
                sender.join(120)
        self.assertGreaterEqual(len(outcomes), threads * 5)
        return outcomes

    def check_each_accepted_is_delivered_once(self, outcomes):
        accepted = {token for token, code in outcomes.items() if code == 250}
        self.assertTrue(accepted)
        arrived = self.postfix.wait_for(f"Message-ID: <{self.id()}-".encode(), count=len(accepted))
        delivered = [octets.partition(b"Message-ID: <")[2].partition(b"@")[0].decode() for octets in arrived]
        self.assertEqual(sorted(delivered), sorted(accepted))
        for octets in arrived:
            self.assertLessEqual(len(our_fields(parsed(octets))), 6)

    def test_reloads_under_load_lose_nothing(self):
        def disturb():
            for _ in range(20):
                self.milter.signal(signal.SIGHUP)
                time.sleep(0.1)

        outcomes = self.under_load(disturb)
        self.assertEqual(set(outcomes.values()), {250})
        self.check_each_accepted_is_delivered_once(outcomes)
        self.assertIsNone(self.milter.process.poll())
        self.assertIn("event=reload result=ok", self.milter.text())

    def test_bad_configuration_keeps_the_old_one(self):
        self.milter.write_config("polices: [direct-outreach]\n")
        self.milter.reload()
        self.assertIn("event=reload result=refused", self.milter.text())
        self.assertIn("polices", self.milter.text())
        self.postfix.send(sample("2-direct-pitch.eml"))
        fields = dict(our_fields(parsed(self.postfix.wait_for(b"first-touch-7781")[0])))
        self.assertTrue(fields["X-Cold-Pitch"].startswith("pitch; "), fields)
        self.milter.write_config(self.settings)
        self.milter.reload()

    def test_stop_and_start_under_load_lose_nothing(self):
        def disturb():
            for _ in range(3):
                time.sleep(0.4)
                self.milter.stop()
                self.milter.start()

        outcomes = self.under_load(disturb)
        for token, code in outcomes.items():
            self.assertTrue(code == 250 or 400 <= code < 500, f"{token}: {code}")
        self.check_each_accepted_is_delivered_once(outcomes)


class SetUp(unittest.TestCase):
    """`coldpitch setup postfix --apply` on Debian's stock configuration, chroot and all: mail goes through, --undo gives the files back."""

    def setUp(self):
        self.folder = Folder()
        self.addCleanup(self.folder.remove)
        self.milter = Milter(self.folder)
        self.addCleanup(self.milter.stop)
        self.milter.config.write_text(self.milter.config.read_text().replace('"0666"', '"0660"'))
        self.postfix = Postfix(self.folder, self.milter.socket)
        self.addCleanup(self.postfix.stop)
        stock = pathlib.Path("/usr/share/postfix")
        main = self.postfix.config / "main.cf"
        private = [line for line in main.read_text().splitlines() if not line.startswith("smtpd_milters")]
        main.write_text((stock / "main.cf.debian").read_text() + "".join(line + "\n" for line in private))
        master = (stock / "master.cf.dist").read_text()
        ours = re.sub(r"^smtp( +inet.* y .* smtpd)$", rf"127.0.0.1:{self.postfix.port}\1", master, flags=re.MULTILINE)
        self.assertNotEqual(ours, master)
        (self.postfix.config / "master.cf").write_text(ours)

    def setup_command(self, option):
        return subprocess.run(
            [BUILD / "bin" / "coldpitch", "setup", "postfix", option, "--config-dir", self.postfix.config,
             "--config", self.milter.config, "--user", "nobody"],
            capture_output=True, text=True, timeout=60, check=True,
        ).stdout

    def files(self):
        return {path.name: path.read_bytes() for path in [self.milter.config, *sorted(self.postfix.config.iterdir())]}

    def test_apply_mail_and_undo(self):
        before = self.files()
        self.assertIn("default_action=accept }", self.setup_command("--apply"))
        changed = {name for name, octets in self.files().items() if octets != before.get(name)}
        self.assertEqual(changed, {"main.cf", "coldpitch.yaml"})
        self.milter.start()
        self.postfix.start()
        self.postfix.send(sample("2-direct-pitch.eml"))
        fields = dict(our_fields(parsed(self.postfix.wait_for(b"first-touch-7781")[0])))
        self.assertTrue(fields["X-Cold-Pitch"].startswith("pitch; "), fields)
        self.setup_command("--undo")
        self.assertEqual(self.files(), before)


if __name__ == "__main__":
    unittest.main(verbosity=2)
