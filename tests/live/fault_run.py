# SPDX-License-Identifier: MIT
"""Mail sent steadily through a real Postfix and coldpitch-milter, while one thing after another is broken.

    COLDPITCH_SOURCE=. COLDPITCH_BUILD=build/dev python3 tests/live/fault_run.py [--seconds 600] [--seed 7] [--postgresql]

Every fault happens at least once, in an order that the seed gives; with --seconds they go round for so long. At the end a checker reads what
was delivered: each message that Postfix accepted once, no other, each with the header fields of one judgement or of none. Postfix
delivers nothing until the end: killed between a delivery and the note of it, it delivers again, which is no fault of a milter's.
"""

import argparse
import collections
import contextlib
import os
import pathlib
import random
import re
import signal
import smtplib
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request

from mail_server import DELIVERS_WITHIN, Folder, Milter, Postfix, free_port, look_old, wait_until
from postgres_server import PostgresServer

SAMPLES = pathlib.Path(os.environ["COLDPITCH_SOURCE"]) / "tests" / "data" / "samples"
CLIENTS = 4
PAUSE = 0.02
HISTORY_KIB = 2048
OURS = re.compile(rb"^X-Cold-Pitch[^:]*", re.IGNORECASE)
FORGED = b"X-Cold-Pitch: none; forged=yes\r\nX-Cold-Pitch-Score: 0.1; forged\r\n"
SANITIZER = re.compile(r"(Address|Thread|Leak|UndefinedBehavior)Sanitizer|runtime error:|terminate called")
FAKETIME = sorted(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))


class Fault(Exception):
    """What the run is to show did not hold."""


def crlf(octets):
    return re.sub(rb"\r?\n", b"\r\n", octets)


def make_messages():
    """Bodies and fields of every kind, each with and without fields that pretend to be ours."""
    plain = [crlf(path.read_bytes()) for path in sorted(SAMPLES.glob("*.eml"))]
    long = plain[0].split(b"\r\n\r\n")[0] + b"\r\n\r\n" + b"One line of a long report about the office.\r\n" * 2000
    return [message for octets in [*plain, long] for message in (octets, FORGED + octets)]


class Client(threading.Thread):
    """Sends a message every now and then, each once, and keeps what became of it."""

    def __init__(self, number, port, messages):
        super().__init__(daemon=True)
        self.number, self.port, self.messages = number, port, messages
        self.stopping = threading.Event()
        self.outcomes = {}
        self.smtp = None

    def run(self):
        choose = random.Random(self.number)
        count = 0
        while not self.stopping.wait(PAUSE * CLIENTS * choose.uniform(0.2, 1.8)):
            token = f"run-token-{self.number}-{count}-"
            count += 1
            self.outcomes[token] = self.send(token.encode(), choose.choice(self.messages))
            if choose.random() < 0.25:  # a session whose milter was lost once has none to its end
                self.leave()
        self.leave()

    def leave(self):
        if self.smtp is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self.smtp.close()
        self.smtp = None

    def send(self, token, message):
        """"accepted", "refused", "never" (not handed over in full) or "unknown" (no answer came)."""
        handed = False
        try:
            if self.smtp is None:
                self.smtp = smtplib.SMTP("127.0.0.1", self.port, local_hostname="client.example", timeout=15)
                self.smtp.ehlo()
            for command in (b"MAIL FROM:<sender%d@outside.example>" % (hash(token) % 50), b"RCPT TO:<alex@example.net>", b"DATA"):
                code, _ = self.smtp.docmd(command.decode())
                if code >= 400:
                    self.leave()
                    return "never"
            self.smtp.send(b"X-Token: " + token + b"\r\n" + message)
            handed = True
            self.smtp.send(b"\r\n.\r\n")
            code, _ = self.smtp.getreply()
            return "accepted" if code == 250 else "refused"
        except (OSError, smtplib.SMTPException):
            self.leave()
            return "unknown" if handed else "never"


class Run:
    def __init__(self, folder, options):
        self.options = options
        self.folder = folder
        self.metrics_port = free_port()
        self.history = folder.path / "history"
        self.history.mkdir()
        self.is_mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={HISTORY_KIB}k,mode=0777", "none", self.history], capture_output=True
        ).returncode == 0
        self.history.chmod(0o777)
        self.postgres = PostgresServer(folder) if options.postgresql else None
        self.milter = Milter(folder)
        self.write_config()
        self.clock = folder.path / "clock"
        self.clock.write_text("+0\n")
        if FAKETIME:
            self.preload_clock()
        self.postfix = Postfix(folder, self.milter.socket)
        self.main_cf = self.postfix.config / "main.cf"
        self.main_cf.write_text(
            self.main_cf.read_text() + "milter_connect_timeout = 2s\nmilter_command_timeout = 2s\nmilter_content_timeout = 3s\n"
            "smtpd_error_sleep_time = 0\nservice_throttle_time = 1s\n"
        )
        self.hold_deliveries(True)
        self.starts = 0
        self.told = []
        self.clients = [Client(number, self.postfix.port, make_messages()) for number in range(CLIENTS)]

    def preload_clock(self):
        *before, program, option, file = self.milter.command()
        self.milter.command = lambda: [
            *before, "env", f"LD_PRELOAD={FAKETIME[0]}", f"FAKETIME_TIMESTAMP_FILE={self.clock}", "FAKETIME_NO_CACHE=1",
            "DONT_FAKE_MONOTONIC=1", program, option, file]

    def write_config(self, more=""):
        store = f"history: {{ backend: sqlite, path: {self.history}/history.db }}\n"
        if self.postgres:
            store = f"history: {{ backend: postgresql, uri: '{self.postgres.uri}', secret: {self.history}/history.secret, pause: 500 ms }}\n"
        self.milter.write_config()
        text = re.sub(r"^history:.*\n", "", self.milter.config.read_text(), flags=re.MULTILINE)
        self.milter.config.write_text(text + store + f"metrics: {{ listen: 127.0.0.1:{self.metrics_port} }}\n" + more)

    def hold_deliveries(self, held):
        text = re.sub(r"^defer_transports.*\n", "", self.main_cf.read_text(), flags=re.MULTILINE)
        self.main_cf.write_text(text + f"defer_transports = {'virtual' if held else ''}\n")
        look_old(self.main_cf)

    def start_milter(self):
        self.milter.start()
        self.starts += 1

    def metric(self, name):
        """The value of one line of the metrics; 0 where there is none."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics_port}/metrics", timeout=10) as answer:
            found = re.search(rf"^{re.escape(name)} (\S+)$", answer.read().decode(), re.MULTILINE)
        return float(found.group(1)) if found else 0.0

    def wait_for_metric(self, name, more_than):
        wait_until(lambda: self.metric(name) > more_than, 10, f"metric {name} over {more_than}")

    def wait_for_line(self, text, source, offset):
        wait_until(lambda: text in source()[offset:], 10, f"a line of the log with {text!r}")

    def judged(self):
        return self.milter.text().count(" verdict=")

    def wait_until_judging(self):
        before = self.judged()
        wait_until(lambda: self.judged() > before + 2, 15, "messages judged again")

    def must_live(self):
        if self.milter.process.poll() is not None:
            raise Fault(f"the milter ended by itself, status {self.milter.process.returncode}")

    # The faults. Each breaks one thing, sees that log and metrics tell of it, mends it, and sees mail judged again.

    def kill_milter(self):
        offset = len(self.postfix.text())
        for _ in range(3):
            time.sleep(random.uniform(0.05, 0.3))
            self.milter.process.kill()
            self.milter.process.wait()
            time.sleep(0.3)
            self.start_milter()
        self.wait_for_line("milter", self.postfix.text, offset)

    def stop_milter(self):
        offset = len(self.postfix.text())
        self.milter.signal(signal.SIGSTOP)
        try:
            self.wait_for_line("milter", self.postfix.text, offset)
        finally:
            self.milter.signal(signal.SIGCONT)

    def kill_mta(self):
        master = int((self.postfix.folder / "queue" / "pid" / "master.pid").read_text())
        os.killpg(master, signal.SIGKILL)
        time.sleep(0.3)
        self.postfix.start()
        wait_until(lambda: self.metric("coldpitch_connections") <= CLIENTS + 1, 10, "connections of the dead MTA closed")

    def kill_smtpd(self):
        """The processes of the MTA that speak to the milter, in the middle of their work."""
        master = int((self.postfix.folder / "queue" / "pid" / "master.pid").read_text())
        for _ in range(4):
            time.sleep(0.2)
            for child in pathlib.Path(f"/proc/{master}/task/{master}/children").read_text().split():
                with contextlib.suppress(OSError):
                    if pathlib.Path(f"/proc/{child}/comm").read_text().strip() in ("smtpd", "cleanup"):
                        os.kill(int(child), signal.SIGKILL)

    def fill_disk(self):
        name = 'coldpitch_faults_total{kind="history-write"}'
        before, offset = self.metric(name), len(self.milter.text())
        ballast = self.history / "ballast"
        try:
            with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
                while file.write(bytes(4096)):
                    pass
            self.wait_for_metric(name, before)
            self.wait_for_line("event=fault kind=history-write", self.milter.text, offset)
        finally:
            ballast.unlink()
        self.wait_for_line("event=history state=written", self.milter.text, offset)

    def storm_of_reloads(self):
        good, bad = ('coldpitch_reloads_total{result="%s"}' % result for result in ("ok", "refused"))
        before, offset = (self.metric(good), self.metric(bad)), len(self.milter.text())
        for number in range(16):
            self.write_config("no_such_key: 1\n" if number % 2 == 0 else "")
            self.milter.signal(signal.SIGHUP)
            time.sleep(0.15)
        self.wait_for_metric(bad, before[1])
        self.wait_for_line("event=reload result=refused", self.milter.text, offset)
        self.milter.reload()
        self.wait_for_metric(good, before[0])
        wait_until(lambda: self.metric("coldpitch_config_last_load_successful") == 1, 10, "the last load is good")

    def jump_clock(self):
        try:
            for jump in ("+400d", "-3y", "+1h", "-1", "+0"):
                self.clock.write_text(f"{jump}\n")
                before = self.judged()
                wait_until(lambda: self.judged() > before, 10, f"mail judged with the clock at {jump}")
        finally:
            self.clock.write_text("+0\n")

    def kill_store(self):
        name = 'coldpitch_faults_total{kind="history"}'
        before, offset = self.metric(name), len(self.milter.text())
        self.postgres.kill()
        self.wait_for_metric(name, before)
        self.wait_for_line("event=fault kind=history", self.milter.text, offset)
        self.postgres.start()
        self.wait_for_line("event=history state=", self.milter.text, offset)

    def faults(self):
        found = [self.kill_milter, self.stop_milter, self.kill_mta, self.kill_smtpd, self.storm_of_reloads]
        if self.postgres:
            found.append(self.kill_store)
        elif self.is_mounted:
            found.append(self.fill_disk)
        else:
            print("NOT TRIED: a full disk: a small file system cannot be mounted here")
        if FAKETIME:
            found.append(self.jump_clock)
        else:
            print("NOT TRIED: a jumping clock: libfaketime is not installed")
        return [fault for fault in found if self.options.only in fault.__name__]

    def break_things(self):
        order = random.Random(self.options.seed)
        deadline = time.monotonic() + self.options.seconds
        rounds = 0
        while rounds == 0 or time.monotonic() < deadline:
            faults = self.faults() if rounds == 0 else faults
            order.shuffle(faults)
            for fault in faults:
                begun = time.monotonic()
                fault()
                self.must_live()
                self.wait_until_judging()
                self.told.append(fault.__name__)
                if rounds == 0:
                    print(f"{fault.__name__:<18} {time.monotonic() - begun:5.1f} s", flush=True)
            rounds += 1

    def finish(self):
        for client in self.clients:
            client.stopping.set()
        for client in self.clients:
            client.join(60)
            if client.is_alive():
                raise Fault("a client hangs")
        self.milter.stop()
        if self.milter.process.returncode != 0:
            raise Fault(f"the milter stopped with status {self.milter.process.returncode}")
        self.postfix.stop()
        self.hold_deliveries(False)
        self.postfix.start()
        self.postfix.run("flush")
        wait_until(lambda: not self.postfix.queue(), DELIVERS_WITHIN + self.options.seconds, "the queue is empty")

    def check(self):
        outcomes = {token.encode(): outcome for client in self.clients for token, outcome in client.outcomes.items()}
        problems = []
        copies = collections.Counter()
        judged = 0
        for octets in self.postfix.delivered():
            token = re.search(rb"^X-Token: (run-token-\S+)", octets, re.MULTILINE)
            if token is None:
                problems.append(f"delivered, and never sent: {octets[:200]!r}")
                continue
            copies[token.group(1)] += 1
            judged += check_fields(octets, problems)
        for token, outcome in outcomes.items():
            if copies[token] not in {"accepted": (1,), "unknown": (0, 1)}.get(outcome, (0,)):
                problems.append(f"{token.decode()}: {outcome}, delivered {copies[token]} times")
        for token in copies.keys() - outcomes.keys():
            problems.append(f"{token.decode()}: delivered, and nobody knows of it")
        if found := SANITIZER.search(self.milter.text()):
            problems.append("the milter's log: " + self.milter.text()[found.start() : found.start() + 1500])
        if not self.postgres:
            problems += self.damages()
        counted = collections.Counter(outcomes.values())
        print(f"{len(self.told)} faults; {len(outcomes)} messages: " + ", ".join(f"{count} {what}" for what, count in sorted(counted.items()))
              + f"; {sum(copies.values())} delivered, {judged} of them judged; {self.starts} starts of the milter")
        if counted["accepted"] < 50 or judged < 50:
            problems.append("too few messages to tell anything")
        return problems

    def damages(self):
        database = sqlite3.connect(self.history / "history.db")
        told = [line for (line,) in database.execute("PRAGMA integrity_check")]
        database.close()
        aside = [path.name for path in self.history.iterdir() if "damaged" in path.name]
        return ([] if told == ["ok"] else [f"the history: {told}"]) + [f"the history was set aside: {name}" for name in aside]

    def end(self):
        for what in (self.milter.stop, self.postfix.stop):
            with contextlib.suppress(Exception):
                what()
        if self.postgres:
            self.postgres.stop()
        if self.is_mounted:
            subprocess.run(["umount", self.history], check=False)


def check_fields(octets, problems):
    """One set of our fields, or none, or the pretended ones alone where nobody judged. True where it was judged."""
    header = octets.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    fields = [line for line in re.split(rb"\n(?![ \t])", header) if OURS.match(line)]
    names = collections.Counter(field.partition(b":")[0].lower() for field in fields)
    forged = [field for field in fields if b"forged" in field]
    if any(count > 1 for count in names.values()) or (forged and len(forged) < len(fields)):
        problems.append(f"fields of more than one judgement: {fields}")
    return bool(fields) and not forged


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=0, help="go on breaking things for so long (default: each once)")
    parser.add_argument("--seed", type=int, default=None, help="gives the order of the faults (default: by the clock)")
    parser.add_argument("--postgresql", action="store_true", help="a PostgreSQL history, which is killed too")
    parser.add_argument("--only", default="", help="the faults whose names hold this, such as store")
    options = parser.parse_args()
    if os.geteuid() != 0:
        print("SKIPPED: needs root, to run Postfix")
        return 77
    options.seed = options.seed if options.seed is not None else int(time.time()) % 10000
    random.seed(options.seed)
    print(f"seed {options.seed}", flush=True)
    folder = Folder()
    run = Run(folder, options)
    try:
        run.start_milter()
        run.postfix.start()
        for client in run.clients:
            client.start()
        run.wait_until_judging()
        run.break_things()
        run.finish()
        problems = run.check()
    except (Fault, RuntimeError, OSError) as error:
        problems = [str(error), f"the milter's status: {run.milter.process.poll()}", "the milter's last lines:\n" + run.milter.text()[-3000:], "Postfix's:\n" + run.postfix.text()[-2000:]]
    finally:
        run.end()
        folder.remove()
    print("\n".join(problems[:20]))
    print(f"{len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
