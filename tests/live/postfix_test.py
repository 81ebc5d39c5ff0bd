# SPDX-License-Identifier: MIT
"""A real Postfix in front of coldpitch-milter: what the delivered file holds."""

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
    settings = ""
    default_action = "accept"

    def setUp(self):
        self.folder = Folder()
        self.addCleanup(self.folder.remove)
        self.milter = Milter(self.folder, self.settings)
        self.addCleanup(self.milter.stop)
        self.milter.start()
        self.postfix = Postfix(self.folder, self.milter.socket, self.default_action)
        self.addCleanup(self.postfix.stop)
        self.postfix.start()


class DeliveredMail(LiveCase):
    def test_pitch_carries_the_verdict_on_top_and_no_forged_field(self):
        forged = b"x-COLD-pitch: none; score=0.0\r\nX-Cold-Pitch-Reason: trust me\r\nX-Cold-Pitch: none\r\n"
        self.postfix.send(forged + sample("2-direct-pitch.eml"), sender="marcus@growthloop-mail.example")
        message = parsed(self.postfix.wait_for(b"first-touch-7781")[0])
        names = [name for name, _ in message.items() if name not in ("Return-Path", "X-Original-To", "Delivered-To")]
        self.assertEqual(names[0], "X-Cold-Pitch")
        fields = our_fields(message)
        self.assertTrue(fields[0][1].startswith("pitch; score="), fields)
        self.assertIn("channel=direct", fields[0][1])
        self.assertEqual(len([name for name, _ in fields if name.lower() == "x-cold-pitch"]), 1)
        self.assertEqual(len([name for name, _ in fields if name.lower() == "x-cold-pitch-reason"]), 1)
        self.assertNotIn("trust me", str(fields))
        recipient = dict(fields)["X-Cold-Pitch-Recipient"]
        self.assertEqual(recipient, "alex@example.net; verdict=pitch; action=annotate")

    def test_body_is_never_changed(self):
        octets = sample("2-direct-pitch.eml")
        self.postfix.send(octets)
        delivered = self.postfix.wait_for(b"first-touch-7781")[0].replace(b"\r\n", b"\n")
        self.assertEqual(delivered.partition(b"\n\n")[2], octets.replace(b"\r\n", b"\n").partition(b"\n\n")[2])

    def test_linkedin_inmail_is_read(self):
        self.postfix.send(sample("1-linkedin-inmail.eml"), sender="m-sample1@bounce.linkedin.com")
        fields = dict(our_fields(parsed(self.postfix.wait_for(b"1760257800000@ltx1")[0])))
        self.assertTrue(fields["X-Cold-Pitch"].startswith("pitch; "), fields)
        self.assertIn("channel=linkedin", fields["X-Cold-Pitch"])
        self.assertIn("linkedin-professional-community", fields["X-Cold-Pitch-Clauses"])

    def test_prospect_and_colleague_are_none(self):
        for name, token in (("4-prospect-question.eml", b"c41e2a"), ("5-colleague.eml", b"rota-2")):
            self.postfix.send(sample(name))
            fields = dict(our_fields(parsed(self.postfix.wait_for(token)[0])))
            self.assertTrue(fields["X-Cold-Pitch"].startswith("none; "), (name, fields))

    def test_follow_up_is_a_repeat(self):
        for name, token in (("2-direct-pitch.eml", b"first-touch-7781"), ("3-follow-up.eml", b"bump-7781-2")):
            self.postfix.send(sample(name), sender="marcus@growthloop-mail.example")
            delivered = self.postfix.wait_for(b"Message-ID: <" + token)
            time.sleep(0.2)  # group commit of the history
        fields = dict(our_fields(parsed(delivered[-1])))
        self.assertTrue(fields["X-Cold-Pitch"].startswith("repeat-pitch; "), fields)
        self.assertIn("repetitive", fields["X-Cold-Pitch-Clauses"])

    def test_outbound_mail_is_not_touched_and_makes_a_contact(self):
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
        self.assertEqual(our_fields(parsed(self.postfix.wait_for(b"asked@example.net")[0])), [])
        time.sleep(0.2)
        answer = sample("3-follow-up.eml").replace(b"first-touch-7781@growthloop-mail.example", b"asked@example.net")
        self.postfix.send(answer, sender="marcus@growthloop-mail.example")
        fields = dict(our_fields(parsed(self.postfix.wait_for(b"bump-7781-2")[0])))
        self.assertTrue(fields["X-Cold-Pitch"].startswith("none; "), fields)
        self.assertIn("exempt=in-our-thread", fields["X-Cold-Pitch"])

    def test_blind_recipient_is_not_named(self):
        self.postfix.send(sample("2-direct-pitch.eml"), recipients=("alex@example.net", "hidden@example.net"))
        for octets in self.postfix.wait_for(b"first-touch-7781", count=2):
            self.assertNotIn(b"hidden@example.net", b"\n".join(
                line for line in octets.split(b"\n") if line.lower().startswith(b"x-cold-pitch")))


class Rejecting(LiveCase):
    settings = "profiles:\n  - { match: [example.net], mode: reject }\n"

    def test_pitch_is_refused_with_the_clause_and_the_colleague_is_not(self):
        with self.assertRaises(smtplib.SMTPDataError) as refused:
            self.postfix.send(sample("2-direct-pitch.eml"))
        self.assertEqual(refused.exception.smtp_code, 550)
        self.assertIn(b"5.7.1", refused.exception.smtp_error)
        self.assertIn(b"direct-outreach", refused.exception.smtp_error)
        self.postfix.send(sample("5-colleague.eml"))
        self.postfix.wait_for(b"rota-2")

    def test_refusal_speaks_the_language_of_the_recipient(self):
        self.milter.write_config("profiles:\n  - { match: [example.net], mode: reject, language: fr }\n")
        self.milter.reload()
        refusals = []
        for options in ([], ["SMTPUTF8"]):
            with self.postfix.session() as smtp:
                smtp.mail("sender@outside.example", options)
                smtp.rcpt("alex@example.net")
                code, text = smtp.data(sample("2-direct-pitch.eml"))
                self.assertEqual(code, 550)
                refusals.append(text)
        self.assertIn(b"5.7.1 Message de demarchage non sollicite", refusals[0])
        self.assertIn("5.7.1 Message de démarchage non sollicité".encode(), refusals[1])

    def test_one_recipient_who_wants_it_keeps_it_for_all(self):
        self.milter.write_config(
            "profiles:\n  - { match: [example.net], mode: reject }\n  - { match: [jo@example.net], mode: annotate }\n"
        )
        self.milter.reload()
        self.postfix.send(sample("2-direct-pitch.eml"), recipients=("alex@example.net", "jo@example.net"))
        self.postfix.wait_for(b"first-touch-7781", count=2)


class Tagging(LiveCase):
    settings = 'profiles:\n  - { match: ["*"], mode: tag, tag: "[pitch] " }\n'

    def test_subject_is_tagged_once(self):
        already = sample("2-direct-pitch.eml").replace(b"Subject: Idea", b"Subject: [pitch] Idea").replace(b"7781", b"7782")
        self.postfix.send(sample("2-direct-pitch.eml"))
        self.postfix.send(already)
        for token in (b"first-touch-7781", b"first-touch-7782"):
            message = parsed(self.postfix.wait_for(token)[0])
            self.assertEqual(message["Subject"], "[pitch] Idea for Example Clinics' website")


    def test_encoded_subject_stays_as_it_is_behind_the_tag(self):
        encoded = b"=?iso-8859-1?Q?Id=E9es_pour?=\r\n =?utf-8?B?IHZvdXM=?="
        self.postfix.send(sample("2-direct-pitch.eml").replace(b"Idea for Example Clinics' website", encoded))
        octets = self.postfix.wait_for(b"first-touch-7781")[0].replace(b"\r\n", b"\n")
        self.assertIn(b"\nSubject: [pitch] " + encoded.replace(b"\r\n", b"\n"), octets)
        self.assertEqual(parsed(octets)["Subject"], "[pitch] Id\u00e9es pour vous")


class Holding(LiveCase):
    settings = "profiles:\n  - { match: [example.net], mode: quarantine }\n"

    def test_pitch_waits_on_hold_until_it_is_released(self):
        self.postfix.send(sample("2-direct-pitch.eml"))
        self.postfix.send(sample("5-colleague.eml"))
        self.postfix.wait_for(b"rota-2")
        [held] = self.postfix.queue()
        self.assertEqual(held["queue_name"], "hold")
        self.assertIn("milter-hold", self.postfix.text())  # the reason is logged from Postfix 3.8 on
        self.assertEqual(len(self.postfix.delivered()), 1)
        self.postfix.release(held["queue_id"])
        fields = dict(our_fields(parsed(self.postfix.wait_for(b"first-touch-7781")[0])))
        self.assertEqual(fields["X-Cold-Pitch-Action"], "quarantine")


class QuarantineMailbox(LiveCase):
    settings = (
        "profiles:\n  - { match: [example.net], mode: quarantine, quarantine: mailbox, "
        "quarantine_mailbox: held@example.net }\n"
    )

    def test_recipients_are_replaced_and_the_visible_ones_kept(self):
        self.postfix.send(sample("2-direct-pitch.eml"), recipients=("alex@example.net", "hidden@example.net"))
        self.postfix.send(plain("after"), recipients=("alex@example.net",))
        self.postfix.wait_for(b"Message-ID: <after")
        [held] = self.postfix.wait_for(b"first-touch-7781")
        self.assertIn(b"Delivered-To: held@example.net", held)
        fields = dict(our_fields(parsed(held)))
        self.assertEqual(fields["X-Cold-Pitch-Original-Recipients"], "alex@example.net; blind=1")
        self.assertNotIn(b"hidden@example.net", held)
        self.assertIn("to=held@example.net instead_of=alex@example.net,hidden@example.net", self.milter.text())


class Signed(LiveCase):
    """A DKIM signature made before us still verifies behind us, whatever was done, but for a changed subject."""

    settings = (
        "profiles:\n  - { match: [fold@example.net], mode: fold }\n"
        "  - { match: [held@example.net], mode: 'off' }\n"
        "  - { match: [away@example.net], mode: quarantine, quarantine: mailbox, quarantine_mailbox: held@example.net }\n"
        "  - { match: [tag@example.net], mode: tag }\n"
    )

    def setUp(self):
        super().setUp()
        self.key = subprocess.run(
            ["openssl", "genrsa", "-traditional", "2048"], capture_output=True, timeout=60, check=True
        ).stdout
        public = subprocess.run(
            ["openssl", "rsa", "-pubout", "-outform", "DER"], input=self.key, capture_output=True, timeout=60, check=True
        ).stdout
        self.record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)

    def verifies(self, octets):
        return dkim.verify(octets, dnsfunc=lambda name, timeout=5: self.record)

    def test_signature(self):
        plain_octets = sample("2-direct-pitch.eml")
        fields = [b"from", b"to", b"subject", b"date", b"message-id", b"content-type"]
        signature = dkim.sign(plain_octets, b"s1", b"growthloop-mail.example", self.key, include_headers=fields)
        signed = signature.replace(b"\n", b"\r\n").replace(b"\r\r\n", b"\r\n") + plain_octets
        self.assertTrue(self.verifies(signed))
        for recipient, box, whole in (
            ("alex", "alex", True), ("fold", "fold", True), ("away", "held", True), ("tag", "tag", False)
        ):
            with self.subTest(recipient):
                self.postfix.send(b"X-Cold-Pitch: none\r\n" + signed, recipients=(f"{recipient}@example.net",))
                [delivered] = self.postfix.wait_for(f"Delivered-To: {box}@example.net".encode())
                self.assertIn(b"X-Cold-Pitch: pitch", delivered.replace(b"repeat-", b""))
                self.assertEqual(self.verifies(delivered.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")), whole)


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


class Discarding(LiveCase):
    settings = "allow_discard: true\nprofiles:\n  - { match: [example.net], mode: discard }\n"

    def test_pitch_is_taken_and_gone(self):
        self.postfix.send(sample("2-direct-pitch.eml"))
        self.postfix.send(sample("5-colleague.eml"))
        self.postfix.wait_for(b"rota-2")
        self.assertEqual(self.postfix.queue(), [])
        self.assertEqual(len(self.postfix.delivered()), 1)
        self.assertIn("action=discard", self.milter.text())


class ByVerdict(LiveCase):
    settings = "profiles:\n  - { match: [example.net], actions: { pitch: fold, repeat-pitch: reject } }\n"

    def test_each_verdict_gets_its_action(self):
        self.postfix.send(sample("2-direct-pitch.eml"), sender="marcus@growthloop-mail.example")
        fields = dict(our_fields(parsed(self.postfix.wait_for(b"first-touch-7781")[0])))
        self.assertEqual(fields["X-Cold-Pitch-Action"], "fold")
        time.sleep(0.2)  # group commit of the history
        with self.assertRaises(smtplib.SMTPDataError) as refused:
            self.postfix.send(sample("3-follow-up.eml"), sender="marcus@growthloop-mail.example")
        self.assertEqual(refused.exception.smtp_code, 550)


class Signals(LiveCase):
    default_action = "tempfail"

    def send_many(self, thread, over, outcomes):
        """Sends until `over` is set, and a few more, so that some meet the milter whatever was done to it."""
        number = 0
        left = 5
        while left > 0:
            left -= 1 if over.is_set() else 0
            number += 1
            time.sleep(0.02)
            token = f"load-{thread}-{number}"
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
        self.postfix.wait_for(b"Message-ID: <load-", count=len(accepted))
        delivered = [
            octets.partition(b"Message-ID: <")[2].partition(b"@")[0].decode() for octets in self.postfix.delivered()
        ]
        self.assertEqual(sorted(delivered), sorted(accepted))
        for octets in self.postfix.delivered():
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


class Absent(LiveCase):
    def test_mail_flows_without_the_milter(self):
        self.milter.stop()
        self.postfix.send(plain("milter-away"))
        self.assertEqual(our_fields(parsed(self.postfix.wait_for(b"milter-away")[0])), [])

    def test_an_idle_milter_stops_at_once(self):
        # Until the next one listens, mail goes unjudged.
        self.postfix.send(plain("seen"))
        asked = time.monotonic()
        self.milter.stop()
        self.assertLess(time.monotonic() - asked, 3)
        self.assertEqual(self.milter.process.returncode, 0)
        self.assertIn("event=stopped result=ok", self.milter.text())

    def test_second_milter_on_the_same_socket_is_refused(self):
        second = subprocess.run(self.milter.command(), capture_output=True, text=True, timeout=30)
        self.assertEqual(second.returncode, 1)
        self.assertIn("another coldpitch-milter", second.stderr)
        self.postfix.send(plain("still-served"))
        self.postfix.wait_for(b"still-served")


if __name__ == "__main__":
    unittest.main(verbosity=2)
