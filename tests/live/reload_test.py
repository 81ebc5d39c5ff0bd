# SPDX-License-Identifier: MIT
"""A hundred reloads under load, half of them of files that are refused: no message without an answer, none judged by a mixture of two
policies, memory flat; and where a refusal is told: log, metric, `config check`, systemd's status. Some 20 s.

With the shipped policies in place of a smaller one, as many as one likes, and ten minutes:

    COLDPITCH_RELOADS=600 COLDPITCH_SHIPPED=1 COLDPITCH_SOURCE=. COLDPITCH_BUILD=build/dev python3 tests/live/reload_test.py
"""

import json
import os
import pathlib
import re
import signal
import socket
import statistics
import subprocess
import threading
import time
import unittest
import urllib.request

from mail_server import Folder, Milter, free_port, wait_until
from milter_peer import MilterPeer

SOURCE = pathlib.Path(os.environ["COLDPITCH_SOURCE"])
RELOADS = int(os.environ.get("COLDPITCH_RELOADS", "100"))
CONNECTIONS = 3
SHIPPED = "COLDPITCH_SHIPPED" in os.environ
RULES = 40
OTHER_RULES = 160
# Of the median of 20 reloads' memory, to that of the last 20. malloc finds its shape within the first fifty, then stays.
MEASURED_FROM = 40
MOST_GROWTH_KIB, MOST_GROWTH = 1024, 0.03
HEADER = (
    b"From: Kim Reed <kim@seller.example>\r\nTo: alex@example.net\r\nSubject: More customers\r\n"
    b"Message-ID: <reload@seller.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n"
)
BODY = b"Hello Alex,\r\n" + b"".join(b"marker%d and\r\n" % number for number in range(RULES)) + b"Kim\r\n"


def policy(version, weight):
    """Rules that all hold on BODY, each with a group of its own: with any of them of another version the score is another. And others."""
    rules = "".join(
        f"  - {{id: {version}-{number}, clause: commercial, group: g{number}, weight: {weight}, reason: r,"
        f" any: ['\\bmarker{number}\\b'], examples: {{hit: [marker{number}], miss: [none]}}}}\n"
        for number in range(RULES)
    )
    if SHIPPED:
        return f"extends: direct-outreach\nclauses: [{{id: commercial, cap: 100}}]\nrules:\n{rules}"
    rules += "".join(
        f"  - {{id: other-{number}, clause: commercial, group: other, weight: 1, reason: r, any: ['\\bbuy{number} (?:now|today)\\b',"
        f" {{near: {{within: 5, of: [sell{number}, offer]}}}}], examples: {{hit: [buy{number} now], miss: [none]}}}}\n"
        for number in range(OTHER_RULES)
    )
    return (
        "policy: direct-outreach\n"
        "clauses: [{id: commercial, title: Promotion, text: Do not., source: House rules, captured: 2026-05-27}]\nrules:\n"
        + rules + "title: Ours\nchannels: [direct]\nthresholds: {suspect: 3, pitch: 5}\n"
    )


FIRST, SECOND = policy("first", "0.1"), policy("second", "0.3")
# Each with its place, and a part of the reason.
REFUSED = [
    (FIRST.replace("rules:", "rulse:"), "3:1", "did you mean 'rules'?"),
    # Half written, as an editor may leave it for a moment.
    (SECOND[: SECOND.index("marker20")], r"24:\d+", "left open"),
    (SECOND.replace("weight: 0.3", "weight: much", 1), r"4:\d+", "must be a number from -10 to 10"),
    (FIRST.replace(r"\bmarker0\b", "a.*b", 1), r"4:\d+", "holds a gap wider than"),
    (FIRST.replace("hit: [marker7]", "hit: [none]", 1), r"11:\d+", "first-7"),
]


class Load:
    """Connections that send one message over and over until they are stopped, and count what was done to it."""

    def __init__(self, path):
        self.path, self.is_over = path, threading.Event()
        self.outcomes, self.faults = {}, []
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.run) for _ in range(CONNECTIONS)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        for thread in self.threads:
            thread.join()

    def run(self):
        try:
            peer = MilterPeer(self.path)
            peer.begin()
            while not self.is_over.is_set():
                outcome = judged(peer)
                with self.lock:
                    self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1
                time.sleep(0.02)
            peer.quit()
        except (OSError, EOFError) as fault:
            self.faults.append(repr(fault))


def judged(peer):
    """What is done to one message: the edits and the last answer."""
    peer.envelope("kim@seller.example", ["alex@example.net"])
    peer.header(HEADER)
    peer.body(BODY)
    edits, (answer, _) = peer.end()
    return tuple(edits), answer


class Reloads(unittest.TestCase):
    def setUp(self):
        self.folder = Folder()
        self.addCleanup(self.folder.remove)
        self.port = free_port()
        self.milter = Milter(self.folder, f"metrics: {{ listen: 127.0.0.1:{self.port} }}\nlog: {{ addresses: true }}\n")
        self.addCleanup(self.milter.stop)
        # Without history: it would know the sender from the second message on.
        (self.milter.folder / "conf.d").mkdir()
        (self.milter.folder / "conf.d" / "reload.yaml").write_text(
            "history: { backend: none }\n" + ("" if SHIPPED else "policies: [direct-outreach]\n")
        )
        (self.milter.folder / "policies").mkdir()
        self.policy = self.milter.folder / "policies" / "direct-outreach.yaml"
        self.policy.write_text(FIRST)
        self.status = self.folder.path / "notify"

    def metrics(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=20) as answer:
            return answer.read().decode()

    def metric(self, name):
        return sum(float(value) for value in re.findall(rf"^{re.escape(name)}(?:{{.*}})? (\S+)$", self.metrics(), re.MULTILINE))

    def resident_kib(self):
        text = pathlib.Path(f"/proc/{self.milter.process.pid}/status").read_text()
        return int(re.search(r"RssAnon:\s+(\d+)", text)[1])

    def reload(self, text, result):
        name = f'coldpitch_reloads_total{{result="{result}"}}'
        before = self.metric(name)
        self.policy.write_text(text)
        self.milter.signal(signal.SIGHUP)
        wait_until(lambda: self.metric(name) > before, 30, f"reload number {before + 1:.0f} that is {result}")

    def outcome(self):
        peer = MilterPeer(self.milter.socket)
        peer.begin()
        outcome = judged(peer)
        peer.quit()
        return outcome

    def test_a_hundred_under_load(self):
        self.milter.start()
        first = self.outcome()
        self.reload(SECOND, "ok")
        second = self.outcome()
        self.assertNotEqual(first, second)
        self.assertIn(b"first-", repr(first).encode())
        self.assertIn(b"second-", repr(second).encode())
        memory = []
        with Load(self.milter.socket) as load:
            for number in range(RELOADS):
                if number % 2 == 0:
                    self.reload(REFUSED[number // 2 % len(REFUSED)][0], "refused")
                else:
                    self.reload(FIRST if number % 4 == 1 else SECOND, "ok")
                memory.append(self.resident_kib())
        sent = sum(load.outcomes.values())
        print(f"\n{sent} messages, {load.outcomes.get(first)} and {load.outcomes.get(second)} by each version, memory {memory[::10]} KiB")
        self.assertEqual(load.faults, [])
        self.assertEqual(set(load.outcomes), {first, second})
        self.assertEqual(self.metric("coldpitch_messages_total"), sent + 2)
        self.assertEqual(self.metric("coldpitch_faults_total"), 0)
        self.assertEqual(self.metric('coldpitch_reloads_total{result="refused"}'), RELOADS / 2)
        before = statistics.median(memory[MEASURED_FROM : MEASURED_FROM + 20])
        self.assertLess(statistics.median(memory[-20:]) - before, max(MOST_GROWTH_KIB, MOST_GROWTH * before))

    def test_a_refusal_is_told_wherever_one_looks(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notified:
            notified.bind(str(self.status))
            self.status.chmod(0o777)
            notified.settimeout(20)
            os.environ["NOTIFY_SOCKET"] = str(self.status)
            try:
                self.milter.start()
            finally:
                del os.environ["NOTIFY_SOCKET"]
            before = self.outcome()

            def status():
                while not (found := re.search(r"^STATUS=(.*)", notified.recv(65536).decode(), re.MULTILINE)):
                    pass
                return found[1]

            self.assertEqual(status(), "running")
            for text, place, reason in REFUSED:
                with self.subTest(text[:60]):
                    offset = len(self.milter.text())
                    self.reload(text, "refused")
                    place = re.escape(str(self.policy)) + ":" + place
                    reason = re.escape(reason)
                    self.assertRegex(status(), f"^the new configuration was refused, the one before is in force: {place}: .*{reason}")
                    log = self.milter.text()[offset:]
                    self.assertRegex(log, f'level=error event=config at="?{place}"? detail=.*{reason}')
                    self.assertIn("event=reload result=refused", log)
                    self.assertEqual(self.metric("coldpitch_config_last_load_successful"), 0)
                    checked = subprocess.run(
                        [self.milter.folder / "bin" / "coldpitch", "config", "check", "-c", self.milter.config],
                        capture_output=True, text=True, timeout=60,
                    )
                    self.assertEqual(checked.returncode, 2)
                    self.assertRegex(checked.stderr, rf"(?m)^{place}: error: .*{reason}.*\n    .*\n +\^$")
                    self.assertEqual(self.outcome(), before)
            self.reload(FIRST, "ok")
            self.assertEqual(status(), "running")
            self.assertEqual(self.metric("coldpitch_config_last_load_successful"), 1)

    def test_a_rule_in_shadow_changes_nothing_and_is_counted(self):
        self.milter.start()
        before = self.outcome()
        rule = "id: trial, clause: commercial, group: trial, weight: 9, reason: tried, any: [marker1], examples: {hit: [marker1], miss: [none]}"
        self.reload(FIRST.replace("rules:\n", f"rules:\n  - {{{rule}, shadow: true}}\n"), "ok")
        for _ in range(2):
            self.assertEqual(self.outcome(), before)
        hits = 'coldpitch_rule_shadow_hits_total{policy="direct-outreach",rule="trial"}'
        self.assertEqual(self.metric(hits), 2)
        self.assertEqual(self.metric(hits.replace("shadow_", "")), 0)
        self.assertEqual(len(re.findall(r"rules=\S*\btrial:shadow\b", self.milter.text())), 2)
        report = subprocess.run(
            [self.milter.folder / "bin" / "coldpitch", "report", "--json", "--log", self.milter.log, "-c", self.milter.config],
            capture_output=True, text=True, timeout=60,
        )
        self.assertEqual(report.returncode, 0, report.stderr)
        counted = json.loads(report.stdout)
        self.assertEqual(counted["log"]["shadow_rules"], {"trial": 2})
        self.assertNotIn("trial", counted["log"]["rules"])
        # Out of the shadow it counts: it was no rule that never matters.
        self.reload(FIRST.replace("rules:\n", f"rules:\n  - {{{rule}}}\n"), "ok")
        self.assertNotEqual(self.outcome(), before)


if __name__ == "__main__":
    unittest.main(verbosity=2)
