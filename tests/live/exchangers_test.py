# SPDX-License-Identifier: MIT
"""Two mail exchangers with one memory in PostgreSQL, over TLS: what one learns the other knows, and no outage delays or loses mail.

COLDPITCH_OUTAGE=30 makes each outage last so many seconds, in place of 2."""

import os
import pathlib
import socket
import statistics
import sys
import threading
import time
import unittest

from mail_server import Folder, Milter, wait_until
from milter_peer import MilterPeer
from postgres_server import PostgresServer, make_authority, programs

SAMPLES = pathlib.Path(os.environ["COLDPITCH_SOURCE"]) / "tests" / "data" / "samples"
OUTAGE = float(os.environ.get("COLDPITCH_OUTAGE", "2"))
PITCHER = "marcus@growthloop-mail.example"
LIMIT = 0.2  # seconds, the default of history.limit
BUSY = 0.8  # what a busy machine may add


def sample(name):
    return (SAMPLES / name).read_bytes().replace(b"\n", b"\r\n")


def refusal():
    return (
        "From: alex@example.net\r\nTo: marcus@growthloop-mail.example\r\nSubject: Re: Idea\r\n"
        "Message-ID: <refusal@example.net>\r\nIn-Reply-To: <first-touch-7781@growthloop-mail.example>\r\n\r\n"
        "Please remove me from your list and never contact me again.\r\n"
    ).encode()


def plain(number):
    return (f"From: person{number}@outside.example\r\nTo: alex@example.net\r\nSubject: Rota {number}\r\n"
            f"Message-ID: <{number}@outside.example>\r\n\r\nSee you at two.\r\n").encode()


class Exchanger(Milter):
    def __init__(self, folder, uri, secret, more="limit: 200 ms"):
        self.uri, self.more = uri, more
        super().__init__(folder)
        (self.folder / "secret").write_bytes(secret)
        (self.folder / "secret").chmod(0o600)
        os.chown(self.folder / "secret", self.folder.stat().st_uid, -1)

    def write_config(self, settings=""):
        self.config.write_text(
            f"listen: unix:{self.socket}\n"
            "local_domains: [example.net]\n"
            f'history: {{ backend: postgresql, uri: "{self.uri}", secret: {self.folder}/secret, pause: 1 s, {self.more} }}\n' + settings
        )

    def command(self):
        # libpq looks for certificates at home, which must not be root's.
        return ["env", f"HOME={self.folder}", *super().command()]

    def take(self, sender, recipients, octets, login=None):
        """The verdict ("" for mail that is not judged) and the seconds it took. The message must be taken."""
        header, _, body = octets.partition(b"\r\n\r\n")
        begun = time.monotonic()
        peer = MilterPeer(self.socket)
        try:
            peer.begin()
            peer.envelope(sender, recipients, login=login)
            peer.header(header + b"\r\n")
            peer.body(body)
            edits, (answer, _) = peer.end()
            peer.quit()
        finally:
            peer.close()
        if answer not in "ac":
            raise AssertionError(f"{answer}: {self.text()[-2000:]}")
        verdict = [data[4:].split(b"\0")[1] for command, data in edits if command == "i" and data[4:].startswith(b"X-Cold-Pitch\0")]
        return verdict[0].strip().split(b";")[0].decode() if verdict else "", time.monotonic() - begun

    def follow_up(self):
        return self.take(PITCHER, ["alex@example.net"], sample("3-follow-up.eml"))[0]


class LongLine:
    """A TCP port that leads to another, with so many seconds of delay each way."""

    def __init__(self, port, delay):
        self.target, self.delay = port, delay
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.ends = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                near = self.listener.accept()[0]
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self.target))
            self.ends += [near, far]
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(source, target), daemon=True).start()

    def _carry(self, source, target):
        try:
            while octets := source.recv(1 << 20):
                time.sleep(self.delay)
                target.sendall(octets)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self):
        for end in [self.listener, *self.ends]:
            end.close()


class Feeder(threading.Thread):
    """Mail at an even pace, until told to stop."""

    numbers = iter(range(1_000_000))

    def __init__(self, exchanger):
        super().__init__()
        self.exchanger, self.done, self.seconds, self.error = exchanger, threading.Event(), [], None

    def run(self):
        try:
            while not self.done.wait(0.02):
                number = next(self.numbers)
                self.seconds.append(self.exchanger.take("a@outside.example", ["alex@example.net"], plain(number))[1])
        except BaseException as error:  # told by finish(), in the thread of the test
            self.error = error

    def finish(self):
        self.done.set()
        self.join()
        if self.error:
            raise self.error
        return self.seconds


class Exchangers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folders = [Folder() for _ in range(5)]
        for folder in cls.folders:
            cls.addClassCleanup(folder.remove)
        cls.server = PostgresServer(cls.folders[0])
        cls.addClassCleanup(cls.server.kill)
        cls.server.start()
        cls.secret = os.urandom(32)
        cls.first, cls.second = (Exchanger(folder, cls.server.uri(cls.server.root), cls.secret) for folder in cls.folders[1:3])
        for exchanger in (cls.first, cls.second):
            cls.addClassCleanup(exchanger.stop)
            exchanger.start()
        cls.learn_a_stop()

    @classmethod
    def learn_a_stop(cls):
        """A pitch through the first exchanger, its refusal through the second."""
        cls.pitched = cls.first.take(PITCHER, ["alex@example.net"], sample("2-direct-pitch.eml"))[0]
        wait_until(lambda: cls.server.query("SELECT to_regclass('coldpitch_event')"), 20, "tables")
        wait_until(lambda: cls.events("kind = 0") == 1, 20, "the pitch in the database")
        cls.second.take("alex@example.net", [PITCHER], refusal(), login="alex")
        wait_until(lambda: cls.events("kind = 2") == 1, 20, "the refusal in the database")

    @classmethod
    def events(cls, condition):
        return int(cls.server.query(f"SELECT count(*) FROM coldpitch_event WHERE {condition}"))

    def test_what_one_learns_the_other_knows(self):
        self.assertEqual(self.pitched, "pitch")
        self.assertEqual(self.first.follow_up(), "repeat-pitch")
        self.assertEqual(self.second.follow_up(), "repeat-pitch")

    def test_connections_are_encrypted(self):
        self.first.follow_up()
        told = self.server.query("SELECT DISTINCT s.ssl FROM pg_stat_activity a JOIN pg_stat_ssl s USING (pid)"
                                 " WHERE a.application_name = 'coldpitch'")
        self.assertEqual(told, "t")

    def test_a_server_that_cannot_prove_its_name_is_not_believed(self):
        root, _ = make_authority(self.folders[3].path, "stranger")
        doubting = Exchanger(self.folders[3], self.server.uri(root), bytes(32))
        self.addCleanup(doubting.stop)
        doubting.start()
        for _ in range(4):  # one more than history.failures
            self.assertEqual(doubting.take(PITCHER, ["alex@example.net"], sample("2-direct-pitch.eml"))[0], "pitch")
        self.assertIn("certificate verify failed", doubting.text())

    def test_a_message_to_200_people_asks_once(self):
        line = LongLine(self.server.port, 0.1)
        self.addCleanup(line.close)
        uri = self.server.uri(self.server.root).replace(f":{self.server.port}/", f":{line.port}/")
        far = Exchanger(self.folders[4], uri, self.secret, "limit: 10 s")
        self.addCleanup(far.stop)
        far.start()
        wait_until(lambda: far.follow_up() == "repeat-pitch", 30, "an answer of the history")
        before = self.events("kind = 0")
        people = [f"person{number}@example.net" for number in range(199)]
        verdict, seconds = far.take(PITCHER, ["alex@example.net", *people], sample("3-follow-up.eml"))
        self.assertEqual((verdict, "fault=" in far.text().splitlines()[-1]), ("pitch", False))
        self.assertGreater(seconds, 0.2)
        self.assertLess(seconds, 3)  # 200 round trips would take 40 s
        wait_until(lambda: self.events("kind = 0") >= before + 200, 30, "200 events")

    def test_a_frozen_server_delays_and_loses_nothing(self):
        self.outlast(self.server.freeze, self.server.thaw)

    def test_a_killed_server_delays_and_loses_nothing(self):
        self.outlast(self.server.kill, self.server.start)

    def outlast(self, stop, resume):
        for exchanger in (self.first, self.second):
            wait_until(lambda: exchanger.follow_up() == "repeat-pitch", 30, "an answer of the history")
        condition = "person IS NOT NULL AND verdict = 'none'"
        wait_until(lambda: self.first.text().count("state=bypassed") == self.first.text().count("state=back"), 20, "calm")
        before = self.events(condition)
        bypasses = [exchanger.text().count("state=bypassed") for exchanger in (self.first, self.second)]
        feeders = [Feeder(self.first), Feeder(self.second)]
        stop()
        try:
            for feeder in feeders:
                feeder.start()
            time.sleep(OUTAGE)
            seconds = [feeder.finish() for feeder in feeders]
        finally:
            resume()
        for exchanger in (self.first, self.second):
            wait_until(lambda: exchanger.follow_up() == "repeat-pitch", 30, "recovery")
        everything = before + sum(map(len, seconds))
        wait_until(lambda: self.events(condition) == everything, 30, f"{everything} events")
        for exchanger, times, before in zip((self.first, self.second), seconds, bypasses):
            self.assertGreater(exchanger.text().count("state=bypassed"), before)
            waited = sum(time > LIMIT for time in times)
            print(f"{len(times)} messages: half within {1000 * statistics.median(times):.1f} ms, {waited} waited for the"
                  f" history, the slowest {1000 * max(times):.0f} ms", file=sys.stderr)
            self.assertLess(max(times), LIMIT + BUSY)
            self.assertLess(statistics.median(times), LIMIT / 2)


if __name__ == "__main__":
    if not programs():
        print("no PostgreSQL server is installed")
        sys.exit(77)
    unittest.main()
