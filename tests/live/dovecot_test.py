# SPDX-License-Identifier: MIT
"""Postfix -> coldpitch-milter -> Dovecot's LMTP -> Sieve: where mail lies, and what moving it over IMAP teaches."""

import email
import email.policy
import os
import sys
import unittest

from dovecot_server import Dovecot, quoted, uids_of, why_not
from mail_server import DELIVERS_WITHIN, Folder, Milter, Postfix, wait_until

ALEX, JO = "alex@example.net", "jo@example.net"
PITCHES = "Cold Pitches"
PITCH = """\
I hope this finds you well. We are a growth agency that helps clinics like yours win 30% more patients. We have helped over
200 practices. Would you be open to a quick 15-minute call next week to see how we could do the same for you?
If you are not the right person, could you point me to who is?
"""
ROTA = "The rota for next week is in the usual place. I swapped Tuesday with Kim.\n"


class LearningLoop(unittest.TestCase):
    """One set of servers for all: each case has senders of its own."""

    @classmethod
    def setUpClass(cls):
        cls.folder = Folder()
        cls.addClassCleanup(cls.folder.remove)
        cls.milter = Milter(cls.folder, "profiles: [{ match: [example.net], mode: fold }]\n")
        cls.addClassCleanup(cls.milter.stop)
        cls.dovecot = Dovecot(cls.folder, cls.milter)
        cls.addClassCleanup(cls.dovecot.stop)
        cls.postfix = Postfix(cls.folder, cls.milter.socket, transport=f"lmtp:inet:127.0.0.1:{cls.dovecot.lmtp_port}")
        cls.addClassCleanup(cls.postfix.stop)
        cls.milter.start()
        cls.dovecot.start()
        cls.postfix.start()
        cls.sent = 0
        # Delivery makes the folder when it is needed, see jo's; alex made it, as one must who moves mail there first.
        session = cls.dovecot.imap(ALEX)
        session.create(quoted(PITCHES))
        session.logout()

    def setUp(self):
        self.imap = self.dovecot.imap(ALEX)
        self.addCleanup(self.imap.logout)

    def send(self, sender, body, recipient=ALEX):
        """Sends a message; its Message-ID."""
        type(self).sent += 1
        message_id = f"<{self.sent}.{sender}>"
        self.postfix.send(
            f"From: Sam <{sender}>\r\nTo: {recipient}\r\nSubject: Next week\r\nMessage-ID: {message_id}\r\n"
            f"Date: Thu, 15 Oct 2026 09:00:00 +0000\r\n\r\n{body}".encode(), sender=sender, recipients=(recipient,))
        return message_id

    def where(self, message_id, imap=None):
        """The folder a message arrives in, and its verdict."""
        imap = imap or self.imap

        def found():
            for folder in ("INBOX", PITCHES, "Trash"):
                uids = uids_of(imap, folder, message_id)
                if uids:
                    octets = imap.uid("FETCH", uids[0], "(BODY.PEEK[HEADER])")[1][0][1]
                    header = email.message_from_bytes(octets, policy=email.policy.default)
                    return folder, header["X-Cold-Pitch"].partition(";")[0]
            return None

        try:
            return wait_until(found, DELIVERS_WITHIN, f"{message_id} in a folder")
        except TimeoutError as error:
            raise AssertionError(f"{error}\n{self.postfix.text()}\n{self.dovecot.text()}") from error

    def move(self, message_id, origin, to, how="MOVE", imap=None):
        imap = imap or self.imap
        [uid] = uids_of(imap, origin, message_id)
        answer, text = imap.uid(how, uid, quoted(to))
        self.assertEqual(answer, "OK", text)
        self.assertEqual(len(uids_of(imap, to, message_id)), 1)

    def test_mail_lies_where_the_verdict_says(self):
        self.assertEqual(self.where(self.send("kim@one.example", PITCH)), (PITCHES, "pitch"))
        self.assertEqual(self.where(self.send("sam@two.example", ROTA)), ("INBOX", "none"))

    def test_a_move_to_the_inbox_makes_the_sender_wanted(self):
        first = self.send("kim@three.example", PITCH)
        self.assertEqual(self.where(first), (PITCHES, "pitch"))
        self.move(first, PITCHES, "INBOX")
        self.assertEqual(self.where(self.send("kim@three.example", PITCH)), ("INBOX", "none"))
        # One user's word is theirs alone.
        jo = self.dovecot.imap(JO)
        self.addCleanup(jo.logout)
        folder, verdict = self.where(self.send("kim@three.example", PITCH, JO), jo)
        self.assertEqual((folder, verdict.removeprefix("repeat-")), (PITCHES, "pitch"))

    def test_a_move_into_the_folder_makes_the_sender_a_pitcher(self):
        first = self.send("sam@four.example", ROTA)
        self.assertEqual(self.where(first), ("INBOX", "none"))
        self.move(first, "INBOX", PITCHES)
        self.assertEqual(self.where(self.send("sam@four.example", ROTA)), (PITCHES, "pitch"))

    def test_the_last_word_counts(self):
        first = self.send("sam@five.example", ROTA)
        self.where(first)
        self.move(first, "INBOX", PITCHES)
        self.move(first, PITCHES, "INBOX")
        self.assertEqual(self.where(self.send("sam@five.example", ROTA)), ("INBOX", "none"))

    def test_a_copy_is_a_word_as_well(self):
        first = self.send("sam@six.example", ROTA)
        self.where(first)
        self.move(first, "INBOX", PITCHES, how="COPY")
        self.assertEqual(self.where(self.send("sam@six.example", ROTA)), (PITCHES, "pitch"))

    def test_moves_to_the_trash_teach_nothing(self):
        pitch, rota = self.send("kim@seven.example", PITCH), self.send("sam@eight.example", ROTA)
        self.where(pitch)
        self.where(rota)
        self.move(pitch, PITCHES, "Trash")
        self.move(rota, "INBOX", "Trash")
        folder, verdict = self.where(self.send("kim@seven.example", PITCH))
        self.assertEqual((folder, verdict.removeprefix("repeat-")), (PITCHES, "pitch"))
        self.assertEqual(self.where(self.send("sam@eight.example", ROTA)), ("INBOX", "none"))
        # Nor does what comes back from there.
        self.move(rota, "Trash", "INBOX")
        self.move(pitch, "Trash", "INBOX")
        folder, verdict = self.where(self.send("kim@seven.example", PITCH))
        self.assertEqual((folder, verdict.removeprefix("repeat-")), (PITCHES, "pitch"))

    def test_what_the_filter_files_itself_teaches_nothing(self):
        self.assertEqual(self.where(self.send("kim@nine.example", PITCH)), (PITCHES, "pitch"))
        folder, verdict = self.where(self.send("kim@nine.example", ROTA))
        self.assertEqual(folder, "INBOX")
        self.assertIn(verdict, ("none", "suspect"))  # the pitch before it counts a little; a user's word would decide

    def test_a_folder_is_all_it_takes_to_opt_out(self):
        kay = self.dovecot.imap("kay@example.net")
        self.addCleanup(kay.logout)
        self.assertEqual(kay.create(quoted("No Cold Pitches"))[0], "OK")
        self.assertEqual(self.where(self.send("kim@ten.example", PITCH, "kay@example.net"), kay), ("INBOX", "pitch"))


if __name__ == "__main__":
    reason = why_not() or (None if os.geteuid() == 0 else "needs root")
    if reason:
        print(f"SKIPPED: {reason}")
        sys.exit(77)
    unittest.main(verbosity=2)
