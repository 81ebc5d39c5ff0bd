# SPDX-License-Identifier: MIT
"""Bad files, each with exactly what is said of it: tests/data/refused/, and some made here because they are large.

A file policy-NAME.yaml is the one policy of a configuration, config-NAME.yaml a configuration, and a folder NAME with a coldpitch.yaml in it
one of several files; NAME.expected is what `coldpitch config check` says, without the folder's name. What is only warned of is warned-NAME.yaml. To write them anew after a message was changed on purpose, and then to read the difference:

    COLDPITCH_SOURCE=. COLDPITCH_BUILD=build/dev python3 tests/cli/refused_test.py --write
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

SOURCE = pathlib.Path(os.environ["COLDPITCH_SOURCE"])
BUILD = pathlib.Path(os.environ["COLDPITCH_BUILD"])
REFUSED = SOURCE / "tests" / "data" / "refused"
SHIPPED = BUILD / "share" / "coldpitch" / "policies"
SOUND = (
    "policy: sample\ntitle: A sample\nchannels: [direct]\nthresholds: {suspect: 3, pitch: 5}\n"
    "clauses:\n  - {id: commercial, title: Promotion, text: Do not., source: House rules, captured: 2026-05-27}\nrules:\n"
    "  - {id: ask, clause: commercial, group: ask, weight: 1, any: [call], reason: asks, examples: {hit: [call]}}\n"
)


def check(config):
    return subprocess.run(
        [BUILD / "bin" / "coldpitch", "config", "check", "--config", config], capture_output=True, text=True, timeout=60
    )


def said_of(file):
    """Exit status and what is said, without folders that differ from machine to machine."""
    if file.is_dir():
        run = check(file / "coldpitch.yaml")
        return run.returncode, run.stderr.replace(f"{file.resolve()}/", "").replace(f"{file}/", "").replace(
            f"{file.resolve()}", "HERE").replace(str(SHIPPED.resolve()), "SHIPPED")
    if file.name.startswith("config-"):
        run = check(file)
    else:
        with tempfile.TemporaryDirectory() as folder:
            config = pathlib.Path(folder) / "coldpitch.yaml"
            config.write_text(f"policies: [{file.resolve()}]\n")
            run = check(config)
    text = run.stderr.replace(f"{file.resolve().parent}/", "").replace(f"{file.parent}/", "")
    text = text.replace(str(SHIPPED.resolve()), "SHIPPED").replace(f"{file.resolve().parent}", "HERE")
    return run.returncode, text


def all_files():
    return sorted([*REFUSED.glob("*.yaml"), *(config.parent for config in REFUSED.glob("*/coldpitch.yaml"))])


class RefusedFiles(unittest.TestCase):
    maxDiff = None

    def test_each_is_refused_with_its_message(self):
        files = all_files()
        self.assertGreater(len(files), 110)
        for file in files:
            with self.subTest(file.name):
                status, text = said_of(file)
                self.assertEqual(status, 0 if file.name.startswith("warned-") else 2)
                self.assertEqual(text, file.with_suffix(".expected").read_text())

    def test_each_message_has_a_place_a_line_and_a_caret(self):
        for file in sorted(REFUSED.glob("*.expected")):
            with self.subTest(file.name):
                text = file.read_text()
                kind = "warning" if file.name.startswith("warned-") else "error"
                self.assertIn(f": {kind}: ", text)
                self.assertRegex(text, rf"(?m)^\S+:\d+:\d+: {kind}: .*\n    .*\n    +\^$")


class HostileFiles(unittest.TestCase):
    """What is large or made to hurt: refused soon, with a place, and without much memory."""

    def refused(self, octets, within=20):
        with tempfile.TemporaryDirectory() as folder:
            policy = pathlib.Path(folder) / "hostile.yaml"
            policy.write_bytes(octets)
            config = pathlib.Path(folder) / "coldpitch.yaml"
            config.write_text(f"policies: [{policy}]\n")
            start = time.monotonic()
            run = check(config)
            self.assertLess(time.monotonic() - start, within)
            self.assertEqual(run.returncode, 2, run.stderr[:500])
            self.assertLess(len(run.stderr), 100_000)
            return run.stderr.replace(f"{folder}/", "")

    def test_scalar_of_5_mb(self):
        self.assertEqual(
            self.refused(b"title: '" + b"a" * 5_000_000 + b"'\n").splitlines()[0],
            "hostile.yaml: error: larger than 4194304 octets",
        )
        below = self.refused(SOUND.replace("any: [call]", "any: ['" + "a" * 4_000_000 + "']").encode())
        self.assertIn("hostile.yaml:8:64: error: expression 'aaa", below)
        self.assertIn("is longer than 1000 octets", below)

    def test_alias_bomb(self):
        bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))
        self.assertIn("hostile.yaml:1:5: error: anchors ('&name') are not allowed", self.refused(bomb.encode()))

    def test_deep_nesting(self):
        self.assertIn("hostile.yaml:1:1: error: ", self.refused(b"[" * 200_000))
        self.assertIn("error: nested deeper than 16 levels", self.refused(b"a: " + b"[" * 300 + b"]" * 300))
        self.assertIn("error: nested deeper than 16 levels", self.refused(b"a:\n" + b"".join(
            b" " * n + b"a:\n" for n in range(1, 300))))

    def test_many_values_and_brackets(self):
        self.assertIn("more than 200000 values", self.refused(b"a: [" + b"b, " * 300_000 + b"]"))
        self.assertIn("more than 400000 brackets and commas", self.refused(b"a: '" + b"[" * 500_000 + b"'"))

    def test_many_mistakes(self):
        text = self.refused((SOUND + "".join(f"unknown-{n}: 1\n" for n in range(10_000))).encode())
        self.assertIn("policy has more unknown keys", text)

    def test_octets_that_are_no_text(self):
        self.assertIn("hostile.yaml:1:8: error: not valid UTF-8 (octet 0xFF)", self.refused(b"title: \xff\n"))
        self.assertIn("hostile.yaml:2:1: error: control character U+0000", self.refused(b"a: b\n\0\n"))
        self.assertIn("error: the file is UTF-16", self.refused(SOUND.encode("utf-16")))
        self.assertIn("hostile.yaml", self.refused(bytes(range(256)) * 100))

    def test_lone_comma(self):
        self.assertIn("hostile.yaml:1:1: error: unexpected ','", self.refused(b","))

    def test_expressions_made_to_hurt(self):
        for expression in ("(((a{100}){100}){100})", "(?:" * 400 + "a" + ")*" * 400, "[" * 999):
            text = self.refused(SOUND.replace("any: [call]", f"any: ['{expression}']").encode())
            self.assertIn("hostile.yaml:8:64: error: expression ", text)


def write():
    for file in all_files():
        status, text = said_of(file)
        print(f"{file.name}: {status}\n{text}")
        file.with_suffix(".expected").write_text(text)


if __name__ == "__main__":
    if "--write" in sys.argv:
        write()
    else:
        unittest.main(verbosity=2)
