# SPDX-License-Identifier: MIT
"""What an operator sees of a running daemon: metrics, health, a real Prometheus, and what it tells systemd."""

import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import time
import unittest
import urllib.error
import urllib.request

from mail_server import BUILD, Folder, Milter, free_port, wait_until

SOURCE = pathlib.Path(os.environ["COLDPITCH_SOURCE"])
PITCH = SOURCE / "tests" / "data" / "samples" / "2-direct-pitch.eml"


class Daemon(unittest.TestCase):
    def setUp(self):
        self.folder = Folder()
        self.addCleanup(self.folder.remove)
        self.port = free_port()
        self.milter = Milter(self.folder, f"metrics: {{ listen: 127.0.0.1:{self.port} }}\n")
        self.addCleanup(self.milter.stop)

    def get(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    def judge(self, count=1):
        for _ in range(count):
            subprocess.run(
                [BUILD / "bin" / "coldpitch", "probe", "--connect", f"unix:{self.milter.socket}", "--rcpt", "alex@example.net", PITCH],
                check=True, capture_output=True, timeout=30,
            )


class Metrics(Daemon):
    def test_pages_are_answered_and_others_are_not(self):
        self.milter.start()
        self.assertEqual(self.get("/healthz"), (200, "ok\n"))
        self.assertEqual(self.get("/readyz"), (200, "ready\n"))
        self.assertEqual(self.get("/")[0], 404)
        self.assertEqual(self.get("/metrics/../../etc/passwd")[0], 404)
        self.judge()
        status, text = self.get("/metrics")
        self.assertEqual(status, 200)
        self.assertIn('coldpitch_messages_total{', text)
        self.assertIn('coldpitch_judging_seconds_bucket{le="0.0005"}', text)
        self.assertIn('coldpitch_stage_seconds_count{stage="parse"} 1', text)
        self.assertRegex(text, r'coldpitch_rule_hits_total\{policy="direct-outreach",rule="[a-z0-9-]+"\} 1')
        self.assertIn("coldpitch_build_info{", text)

    @unittest.skipUnless(shutil.which("promtool"), "promtool is not installed")
    def test_promtool_finds_nothing_to_say_of_the_metrics(self):
        self.milter.start()
        self.judge()
        checked = subprocess.run(
            ["promtool", "check", "metrics"], input=self.get("/metrics")[1], capture_output=True, text=True, timeout=30
        )
        self.assertEqual((checked.returncode, checked.stdout + checked.stderr), (0, ""))

    @unittest.skipUnless(shutil.which("prometheus"), "prometheus is not installed")
    def test_a_prometheus_scrapes_them(self):
        self.milter.start()
        self.judge(3)
        port = free_port()
        config = self.folder.path / "prometheus.yml"
        config.write_text(
            "global: {scrape_interval: 1s}\n"
            f"rule_files: ['{SOURCE}/packaging/monitoring/alerts.yaml']\n"
            f"scrape_configs: [{{job_name: coldpitch, static_configs: [{{targets: ['127.0.0.1:{self.port}']}}]}}]\n"
        )
        server = subprocess.Popen(
            ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={self.folder.path}/tsdb",
             f"--web.listen-address=127.0.0.1:{port}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        self.addCleanup(server.wait, 30)
        self.addCleanup(server.terminate)

        def asked(query):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/query?query={query}", timeout=5) as answer:
                    return json.load(answer)["data"]["result"]
            except (urllib.error.URLError, ConnectionError):
                return []

        up = wait_until(lambda: asked("up"), 60, "a scrape")
        self.assertEqual(up[0]["value"][1], "1")
        judged = wait_until(lambda: asked("sum(coldpitch_messages_total)"), 30, "the counter")
        self.assertEqual(judged[0]["value"][1], "3")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/rules", timeout=5) as answer:
            groups = json.load(answer)["data"]["groups"]
        self.assertTrue(all(rule["health"] in ("ok", "unknown") for group in groups for rule in group["rules"]))


class Signals(Daemon):
    def test_no_other_thread_takes_a_signal_that_is_for_the_daemon(self):
        """libmilter would stop serving by the second of two SIGHUPs."""
        self.milter.start()
        threads = pathlib.Path(f"/proc/{self.milter.process.pid}/task")
        main = str(self.milter.process.pid)

        def open_to_signals():
            ours = sum(1 << number - 1 for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGUSR1))
            blocked = {path.name: int(re.search(r"SigBlk:\t(\w+)", (path / "status").read_text())[1], 16) for path in threads.iterdir()}
            return {name for name, mask in blocked.items() if mask & ours != ours}

        wait_until(lambda: len(list(threads.iterdir())) > 5, 10, "libmilter's threads")
        time.sleep(0.3)
        self.assertEqual(open_to_signals(), {main})


class Commands(Daemon):
    """What an operator asks with, over the control socket."""

    def coldpitch(self, *arguments, user=None):
        as_user = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"] if user else []
        return subprocess.run([*as_user, self.milter.folder / "bin" / "coldpitch", *arguments],
                              capture_output=True, text=True, timeout=60)

    def test_status_and_reload(self):
        control = f"control: {{ listen: unix:{self.milter.folder}/control.sock }}\n"
        metrics = f"metrics: {{ listen: 127.0.0.1:{self.port} }}\n"
        where = ["--connect", f"unix:{self.milter.folder}/control.sock"]
        told = self.coldpitch("status", "--config", self.milter.config)
        self.assertEqual(told.returncode, 2)
        self.assertIn("no control socket is configured", told.stderr)
        self.milter.write_config(control + metrics)
        told = self.coldpitch("status", "--config", self.milter.config)
        self.assertEqual(told.returncode, 1)
        self.assertIn("is coldpitch-milter running?", told.stderr)
        self.milter.start()
        self.judge()
        told = self.coldpitch("status", "--config", self.milter.config)
        self.assertEqual((told.returncode, told.stderr), (0, ""))
        self.assertRegex(told.stdout, r"running, process \d+, since 20")
        self.assertIn("messages       1 judged since it started, 0 under way", told.stdout)
        self.assertEqual(json.loads(self.coldpitch("status", "--json", *where).stdout)["messages"], 1)

        told = self.coldpitch("reload", *where)
        self.assertEqual((told.returncode, told.stderr), (0, ""))
        self.assertIn("coldpitch_config_last_load_successful 1", self.get("/metrics")[1])
        self.milter.write_config(control + metrics + "nonsense: 1\n")
        told = self.coldpitch("reload", *where)
        self.assertEqual(told.returncode, 1)
        self.assertIn("coldpitch.yaml:9:1:", told.stderr)
        self.assertIn("coldpitch_config_last_load_successful 0", self.get("/metrics")[1])
        told = self.coldpitch("status", *where)
        self.assertEqual(told.returncode, 1)
        self.assertIn("the one before is in force", told.stdout)
        if os.geteuid() == 0:
            told = self.coldpitch("status", *where, user="daemon")
            self.assertEqual(told.returncode, 1)
            self.assertIn("Permission denied", told.stderr)


class ServiceManager(Daemon):
    """systemd's side of sd_notify(3), played by a datagram socket."""

    def test_it_says_ready_feeds_the_watchdog_and_says_stopping(self):
        path = self.folder.path / "notify"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notified:
            notified.bind(str(path))
            path.chmod(0o777)
            notified.settimeout(20)
            os.environ.update(NOTIFY_SOCKET=str(path), WATCHDOG_USEC="400000")
            try:
                self.milter.start()
            finally:
                del os.environ["NOTIFY_SOCKET"], os.environ["WATCHDOG_USEC"]
            messages = []

            def until(wanted):
                deadline = time.monotonic() + 20
                while wanted not in messages and time.monotonic() < deadline:
                    messages.extend(notified.recv(4096).decode().split("\n"))
                self.assertIn(wanted, messages)

            until("READY=1")
            until("WATCHDOG=1")
            self.milter.signal(signal.SIGHUP)
            until("RELOADING=1")
            messages.clear()
            until("READY=1")
            until("WATCHDOG=1")
            self.milter.write_config("nonsense: 1\n")
            self.milter.signal(signal.SIGHUP)
            messages.clear()
            until("READY=1")
            status = next(message for message in messages if message.startswith("STATUS="))
            self.assertRegex(status, r"refused, the one before is in force: .*coldpitch\.yaml:7:1: .*nonsense")
            self.milter.signal(signal.SIGTERM)
            until("STOPPING=1")


@unittest.skipUnless(os.geteuid() == 0 and shutil.which("unshare"), "another /run takes root")
class Journal(Daemon):
    """systemd's journal, played by a datagram socket at its place in a /run of the daemon's own."""

    def test_a_message_is_an_entry_with_fields(self):
        place = self.folder.path / "run" / "systemd" / "journal"
        place.mkdir(parents=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as journal:
            journal.bind(str(place / "socket"))
            (place / "socket").chmod(0o777)
            journal.settimeout(20)
            stream = self.milter.log.open("wb")
            self.addCleanup(stream.close)
            status = os.fstat(stream.fileno())
            self.milter.process = subprocess.Popen(
                ["unshare", "--mount", "sh", "-c", 'mount --bind "$0" /run && exec "$@"', place.parents[1], *self.milter.command()],
                stderr=stream, env={**os.environ, "JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"},
            )

            def entry_with(name, value):
                while True:
                    entry = dict(line.split("=", 1) for line in journal.recv(65536).decode().splitlines())
                    if entry.get(name) == value:
                        return entry

            ready = entry_with("COLDPITCH_EVENT", "ready")
            self.assertEqual((ready["PRIORITY"], ready["SYSLOG_IDENTIFIER"]), ("6", "coldpitch-milter"))
            self.judge()
            judged = entry_with("COLDPITCH_VERDICT", "pitch")
            self.assertRegex(judged["MESSAGE"], r"^level=info qid=\S+ verdict=pitch score=")
            self.assertEqual(judged["COLDPITCH_CHANNEL"], "direct")
            self.assertIn(f"qid={judged['COLDPITCH_QID']} ", judged["MESSAGE"])
            self.assertRegex(judged["COLDPITCH_MS"], r"^[0-9.]+$")
            self.milter.signal(signal.SIGTERM)
            entry_with("COLDPITCH_EVENT", "stopped")
        self.assertEqual(self.milter.text(), "")


if __name__ == "__main__":
    unittest.main(verbosity=2)
