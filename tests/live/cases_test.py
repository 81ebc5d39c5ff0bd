# SPDX-License-Identifier: MIT
"""The cases of cases.txt on Postfix, on Sendmail or on the protocol alone: one server and one milter for all cases."""

import os
import pathlib
import re
import sys
import unittest

from case_language import Run, read_cases
from fronts import INSIDE_LOOPBACK, PostfixFront, ProtocolFront, SendmailFront
from mail_sink import MailSink
from mail_server import Folder, Milter

SETTINGS = f"""\
allow_discard: true
profiles:
  - {{ match: [fold@example.net], mode: fold }}
  - {{ match: [tag@example.net], mode: tag, tag: "[pitch] " }}
  - {{ match: [hold@example.net], mode: quarantine }}
  - match: [box@example.net, box2@example.net]
    mode: quarantine
    quarantine: mailbox
    quarantine_mailbox: held@example.net
  - {{ match: [reject@example.net], mode: reject }}
  - {{ match: [french@example.net], mode: reject, language: fr }}
  - {{ match: [gone@example.net], mode: discard }}
  - {{ match: [steps@example.net], actions: {{ pitch: fold, repeat-pitch: reject }} }}
  - {{ match: [off@example.net], mode: "off" }}
"""
CASES = read_cases(pathlib.Path(__file__).with_name("cases.txt"))


class Cases:
    front_class = None

    @classmethod
    def setUpClass(cls):
        folder = Folder()
        cls.addClassCleanup(folder.remove)
        # Many cases send the same text; that it comes to many is not what they are about.
        cls.milter = Milter(folder, SETTINGS, internal=INSIDE_LOOPBACK, history=", same_text_recipients: 100")
        cls.addClassCleanup(cls.milter.stop)
        sink = MailSink()
        cls.addClassCleanup(sink.close)
        cls.front = cls.front_class(folder, cls.milter, sink)
        cls.addClassCleanup(cls.front.stop)
        cls.milter.start()
        cls.front.start()


def with_cases(front_class):
    """A TestCase with one method a case."""
    methods = {}
    for number, case in enumerate(CASES):

        def method(self, case=case, number=number):
            Run(self, case, self.front, self.milter, number).run()

        methods["test_" + re.sub(r"\W+", "_", case.title).lower()] = method
    assert len(methods) == len(CASES), "two cases have one title"
    return type(front_class.__name__, (Cases, unittest.TestCase), {"front_class": front_class, **methods})


FRONTS = {"postfix": PostfixFront, "sendmail": SendmailFront, "protocol": ProtocolFront}
Postfix, Sendmail, Protocol = (with_cases(front) for front in FRONTS.values())

if __name__ == "__main__":
    # The front, then what unittest takes: cases_test.py sendmail -k quarantine
    name = sys.argv.pop(1)
    reason = FRONTS[name].why_not() or (None if os.geteuid() == 0 else "needs root")
    if reason:
        print(f"SKIPPED: {reason}")
        sys.exit(77)
    unittest.main(verbosity=2, defaultTest=name.title())
