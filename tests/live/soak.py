# SPDX-License-Identifier: MIT
"""Judges many messages in one coldpitch-milter, history on, and sees whether its memory stays flat.

    COLDPITCH_SOURCE=. COLDPITCH_BUILD=build/dev python3 tests/live/soak.py --messages 2000000

Two million messages are eight hours at 70 a second. Flat means: from the first quarter to the end memory grows by a twentieth at most, and it
never goes over 96 MB. Prints messages sent and memory held, at each twentieth of the way.
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request

from mail_server import BUILD, STARTS_WITHIN, Folder, Milter, free_port, wait_until
from milter_peer import MilterPeer

MOST_GROWTH = 1.05
# 84 MB over four connections with the rules of today; 80 are aimed at, with two hundred.
MOST_KIB = 96 * 1024
# A reload holds two configurations for a moment, and gives back nearly all of it.
MOST_GROWTH_BY_RELOADS = 1.25


class QuietMilter(Milter):
    """Says nothing of each message, nor that it is ready."""

    def __init__(self, folder, port):
        super().__init__(folder, f"metrics: {{ listen: 127.0.0.1:{port} }}\nlog: {{ level: warning }}\n")

    def start(self):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command(), stdout=log, stderr=log)
        wait_until(self.answers, STARTS_WITHIN, "milter ready")

    def answers(self):
        try:
            MilterPeer(self.socket).quit()
        except OSError:
            return False
        return True

    def resident_kib(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1])


def metric(port, name):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        return sum(float(value) for value in re.findall(rf"^{name}(?:{{.*}})? (\S+)$", answer.read().decode(), re.MULTILINE))


def soak(milter, port, options):
    """What is wrong, as lines."""
    client = subprocess.Popen(
        [BUILD / "bin" / "soak_client", f"unix:{milter.socket}", str(milter.process.pid), str(options.messages), str(options.connections)],
        stdout=subprocess.PIPE, text=True,
    )
    begun = time.monotonic()
    memory = []
    for line in client.stdout:
        sent, kib = map(int, line.split())
        memory.append(kib)
        print(f"{sent:>9} messages {kib / 1024:7.1f} MB {time.monotonic() - begun:8.0f} s", flush=True)
    problems = [] if client.wait() == 0 else ["a message was not answered, see above"]
    if milter.process.poll() is not None:
        return [*problems, f"the milter ended, status {milter.process.returncode}"]
    if max(memory) > MOST_KIB:
        problems.append(f"memory went up to {max(memory)} KiB")
    if memory[-1] > MOST_GROWTH * memory[len(memory) // 4]:
        problems.append(f"memory grew from {memory[len(memory) // 4]} to {memory[-1]} KiB")
    if (judged := metric(port, "coldpitch_messages_total")) != options.messages:
        problems.append(f"{judged:.0f} messages judged of {options.messages}")
    before = milter.resident_kib()
    for number in range(1, 4):
        milter.signal(signal.SIGHUP)
        wait_until(lambda: metric(port, "coldpitch_reloads_total") == number, 30, "reload")
    print(f"after 3 reloads {milter.resident_kib() / 1024:7.1f} MB")
    if milter.resident_kib() > MOST_GROWTH_BY_RELOADS * before:
        problems.append(f"reloads took memory from {before} to {milter.resident_kib()} KiB")
    # On a busy machine the history is late now and then (history.limit).
    faults = metric(port, "coldpitch_faults_total")
    print(f"{faults:.0f} faults")
    if faults > options.messages / 100:
        problems.append("too many faults")
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--connections", type=int, default=4)
    options = parser.parse_args()
    if os.geteuid() != 0:
        print("SKIPPED: needs root, to run the milter as another user")
        return 77
    folder = Folder()
    port = free_port()
    milter = QuietMilter(folder, port)
    try:
        milter.start()
        problems = soak(milter, port, options)
        milter.stop()
        problems += [line for line in milter.text().splitlines() if "level=error" in line][:5]
    finally:
        milter.stop()
        folder.remove()
    print("\n".join([*problems, f"{len(problems)} problems"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
