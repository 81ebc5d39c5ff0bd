# SPDX-License-Identifier: MIT
"""What is shipped around the programs: unit, alerts, dashboard, filters. Checked with the field's own tools where they are installed."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["COLDPITCH_SOURCE"])
UNIT = SOURCE / "systemd" / "coldpitch-milter.service"
MONITORING = SOURCE / "packaging" / "monitoring"
HIGHEST_EXPOSURE = 1.2
LINE = (
    "Oct 15 09:00:00 mx coldpitch-milter[812]: level=info qid=4XyZ12 verdict=pitch score=5.0 channel=direct action=fold "
    "clauses=commercial rules=offer,ask recipients=1 ms=1.2"
)


def tool(name):
    return unittest.skipUnless(shutil.which(name), f"{name} is not installed")


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, timeout=60, **options)


class Unit(unittest.TestCase):
    @tool("systemd-analyze")
    def test_exposure_is_bounded(self):
        told = run("systemd-analyze", "security", "--offline=true", "--no-pager", str(UNIT))
        exposure = float(re.search(r"exposure level for \S+ ([0-9.]+)", told.stdout).group(1))
        print(f"systemd-analyze security: {exposure}")
        self.assertLessEqual(exposure, HIGHEST_EXPOSURE, told.stdout)

    @tool("systemd-analyze")
    def test_timers_start_units_that_are_there(self):
        timers = sorted(UNIT.parent.glob("*.timer"))
        self.assertEqual([timer.stem for timer in timers], ["coldpitch-digest", "coldpitch-expire"])
        for timer in timers:
            when = re.search(r"^OnCalendar=(.*)$", timer.read_text(), re.M).group(1)
            self.assertEqual(run("systemd-analyze", "calendar", when).returncode, 0, when)
            self.assertIn("User=coldpitch\nExecStart=/usr/bin/coldpitch ", timer.with_suffix(".service").read_text())

    def test_what_the_daemon_needs_stays_allowed(self):
        text = UNIT.read_text()
        for line in ("Type=notify", "WatchdogSec=60", "ExecReload=/bin/kill -HUP $MAINPID", "MemoryDenyWriteExecute=yes",
                     "CapabilityBoundingSet=\n", "StateDirectory=coldpitch", "RuntimeDirectory=coldpitch"):
            self.assertIn(line, text)


class Monitoring(unittest.TestCase):
    def metrics_of_the_daemon(self):
        source = "".join(file.read_text() for file in (SOURCE / "milter").glob("*metrics*.cpp"))
        return set(re.findall(r'"(coldpitch_\w+)"', source))

    def test_every_metric_named_exists(self):
        known = self.metrics_of_the_daemon()
        self.assertGreater(len(known), 4)
        for file in sorted(MONITORING.iterdir()):
            named = set(re.findall(r"\bcoldpitch_\w+", file.read_text()))
            self.assertTrue(named, file.name)
            plain = {re.sub(r"_(bucket|sum|count)$", "", name) if name not in known else name for name in named}
            self.assertEqual(plain - known, set(), file.name)

    def test_the_dashboard_is_whole(self):
        board = json.loads((MONITORING / "grafana.json").read_text())
        self.assertEqual(len({panel["id"] for panel in board["panels"]}), len(board["panels"]))
        self.assertTrue(all(target["expr"] for panel in board["panels"] for target in panel["targets"]))

    @tool("promtool")
    def test_promtool_accepts_the_alerts(self):
        checked = run("promtool", "check", "rules", str(MONITORING / "alerts.yaml"))
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)


class LogTools(unittest.TestCase):
    def test_logcheck_ignores_ordinary_lines_and_shows_faults(self):
        rules = [re.compile(line.replace("[:alnum:]", "A-Za-z0-9"))
                 for line in (SOURCE / "packaging" / "logcheck" / "coldpitch").read_text().splitlines() if line]
        ignored = lambda line: any(rule.search(line) for rule in rules)
        self.assertTrue(ignored(LINE))
        self.assertTrue(ignored("2026-10-15T09:00:00.1+00:00 mx coldpitch-milter[812]: level=info event=ready listen=local:/x"))
        self.assertFalse(ignored("Oct 15 09:00:00 mx coldpitch-milter[812]: level=error event=fault kind=socket detail=x"))
        self.assertFalse(ignored("Oct 15 09:00:00 mx coldpitch-milter[812]: level=error event=reload result=refused"))

    @tool("fail2ban-regex")
    def test_fail2ban_finds_the_host_of_a_refused_pitch(self):
        refused = ("Oct 15 09:00:00 mx postfix/cleanup[91]: 4XyZ12: milter-reject: END-OF-MESSAGE from unknown[192.0.2.44]: 5.7.1 "
                   "Unsolicited sales message, refused under clause 'commercial' of policy 'direct-outreach'; from=<a@b.example> "
                   "to=<alex@example.net> proto=ESMTP helo=<b.example>\n")
        other = refused.replace("5.7.1 Unsolicited sales message, refused under clause 'commercial' of policy 'direct-outreach'", "5.7.1 spam")
        with tempfile.NamedTemporaryFile("w", suffix=".log") as log:
            log.write(refused + other)
            log.flush()
            told = run("fail2ban-regex", log.name, str(SOURCE / "packaging" / "fail2ban" / "coldpitch.conf"))
        self.assertIn("1 matched, 1 missed", told.stdout.replace("2 lines, 0 ignored, ", ""), told.stdout + told.stderr)

    @tool("apparmor_parser")
    def test_the_apparmor_profile_parses(self):
        profile = SOURCE / "packaging" / "apparmor" / "usr.sbin.coldpitch-milter"
        parsed = run("apparmor_parser", "--skip-kernel-load", "--skip-cache", str(profile))
        self.assertEqual(parsed.returncode, 0, parsed.stderr)


class Packages(unittest.TestCase):
    def test_the_packages_ask_for_what_building_takes(self):
        script = (SOURCE / "packaging" / "install-dependencies").read_text()
        wanted = set(re.search(r"^build='([^']*)'", script, re.M).group(1).split()) - {"g++", "ccache", "cmake"}
        control = (SOURCE / "packaging" / "debian" / "control").read_text()
        asked = set(re.findall(r"[a-z0-9.+-]+", re.search(r"Build-Depends:(.*?)\nHomepage", control, re.S).group(1)))
        self.assertEqual(wanted - asked, set())
        spec = (SOURCE / "packaging" / "rpm" / "coldpitch.spec").read_text()
        self.assertGreater(len(re.findall(r"^BuildRequires:", spec, re.M)), len(wanted))

    @tool("rpmspec")
    def test_the_spec_is_read_by_rpm(self):
        told = run("rpmspec", "--query", "--queryformat", "%{name}\\n", str(SOURCE / "packaging" / "rpm" / "coldpitch.spec"))
        self.assertEqual((set(told.stdout.split()), told.stderr), ({"coldpitch", "coldpitch-milter", "coldpitch-policies"}, ""))

    @tool("rpmspec")
    def test_every_macro_of_the_spec_has_a_stand_in(self):
        """Or else tests/packages/rpm cannot build it here."""
        told = run("rpmspec", "--parse", "--load", str(SOURCE / "tests" / "packages" / "rpm-macros"),
                   str(SOURCE / "packaging" / "rpm" / "coldpitch.spec"))
        sections = {"description", "package", "prep", "build", "install", "check", "pre", "post", "preun", "postun", "files", "changelog"}
        marks = {"license", "doc", "dir", "config"}
        self.assertEqual(told.stderr, "")
        self.assertEqual(set(re.findall(r"^\s*%\{?[?!]*(\w+)", told.stdout, re.M)) - sections - marks, set())

    @tool("rpmlint")
    def test_rpmlint_has_nothing_to_say(self):
        folder = SOURCE / "packaging" / "rpm"
        told = run("rpmlint", "--rpmlintrc", str(folder / "coldpitch.rpmlintrc"), str(folder / "coldpitch.spec"))
        self.assertIn("0 errors, 0 warnings", told.stdout)

    @unittest.skipUnless(pathlib.Path("/usr/share/selinux/devel/Makefile").exists(), "selinux-policy-dev is not installed")
    def test_the_selinux_module_compiles(self):
        with tempfile.TemporaryDirectory() as folder:
            for file in (SOURCE / "packaging" / "selinux").iterdir():
                shutil.copy(file, folder)
            made = run("make", "-f", "/usr/share/selinux/devel/Makefile", "coldpitch.pp", cwd=folder)
            self.assertTrue((pathlib.Path(folder) / "coldpitch.pp").exists(), made.stdout + made.stderr)


class Scripts(unittest.TestCase):
    def test_shell_scripts_parse(self):
        scripts = [file for file in (SOURCE / "packaging").rglob("*")
                   if file.is_file() and file.read_bytes().startswith(b"#!/bin/sh")]
        self.assertGreater(len(scripts), 4)
        for script in scripts:
            self.assertEqual(run("sh", "-n", str(script)).stderr, "", script.name)


if __name__ == "__main__":
    unittest.main(verbosity=2)
