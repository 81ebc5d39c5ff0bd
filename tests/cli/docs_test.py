# SPDX-License-Identifier: MIT
"""What the documentation tells people to write and to type: the files load, the commands and their options exist."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["COLDPITCH_SOURCE"])
BUILD = pathlib.Path(os.environ["COLDPITCH_BUILD"])
PAGES = sorted([SOURCE / "README.md", *(SOURCE / "docs").glob("*.md")])
SOLAR = (
    "From: Joe <joe@sunny.example>\nTo: alex@example.net\nSubject: Roof\nDate: Mon, 23 Nov 2026 10:00:00 +0000\n"
    "Message-ID: <1@sunny.example>\n\nHi Alex,\n\nWe put solar panels on your roof.\n"
)


def coldpitch(*arguments):
    return subprocess.run([BUILD / "bin" / "coldpitch", *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False)


def blocks(page):
    """The indented blocks, without their indentation."""
    found = re.findall(r"(?m)(?:^    .*\n|^\n(?=    ))+", page.read_text())
    return ["\n".join(line[4:] for line in block.splitlines()).strip("\n") + "\n" for block in found]


def block_with(page, words):
    return next(block for block in blocks(SOURCE / "docs" / page) if words in block)


class Documentation(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.config = self.folder / "coldpitch.yaml"
        self.config.write_text("local_domains: [example.net]\n")

    def sound(self, run):
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        return run.stdout

    def lay_over(self, text):
        policies = self.folder / "policies"
        policies.mkdir(exist_ok=True)
        (policies / "direct-outreach.yaml").write_text(text)

    def test_commands_and_options_exist(self):
        helps, typed = {}, 0
        for page in PAGES:
            code = re.findall(r"`(coldpitch [^`]+)`", page.read_text())
            code += re.findall(r"(?m)\bcoldpitch [a-z].*$", "".join(blocks(page)))
            for command in code:
                words = re.split(r"\s+#|[|;>]", command)[0].split()[1:]
                names = [word for word in words[:2] if re.fullmatch(r"[a-z][a-z-]*", word)]
                run = coldpitch(*names, "--help")
                while run.returncode != 0 and len(names) > 1:
                    run = coldpitch(*(names := names[:-1]), "--help")
                helps[tuple(names)] = self.sound(run)
                for option in re.findall(r"--[a-z-]+", " ".join(words)):
                    typed += 1
                    self.assertIn(option, helps[tuple(names)], f"{page.name}: {command}")
        self.assertGreater(typed, 30)
        self.assertGreater(len(helps), 15)

    def test_every_command_is_in_the_table(self):
        commands = re.findall(r"(?m)^  ([a-z]+) {3,}", self.sound(coldpitch("--help")).partition("Subcommands:")[2])
        self.assertGreater(len(commands), 10)
        table = re.findall(r"(?m)^\| (`.*?) \|", (SOURCE / "docs" / "commands.md").read_text())
        self.assertEqual(sorted(re.findall(r"[a-z]+", " ".join(table))), sorted(commands))

    def test_a_policy_laid_over_the_shipped_one_loads(self):
        self.lay_over(block_with("policies.md", "{id: opener-en, weight: 0.5}"))
        self.sound(coldpitch("config", "check", "-c", self.config))
        shown = self.sound(coldpitch("config", "show", "-c", self.config))
        ours, theirs = re.escape(f"{self.folder}/policies/direct-outreach.yaml"), r"share/coldpitch/policies"
        for line in (
            rf"thresholds\.pitch: 5\.0 +# {ours}:3, instead of .*/{theirs}/direct-outreach\.yaml:\d+",
            rf"thresholds\.suspect: [0-9.]+ +# .*/{theirs}/direct-outreach\.yaml:\d+",
            rf"clauses\.untargeted\.cap: 3\.0 +# {ours}:5, instead of .*/{theirs}/direct-outreach\.yaml:\d+",
            rf"rules\.opener-en\.weight: 0\.5 +# {ours}:7, instead of .*/{theirs}/sales/en-[a-z]+\.yaml:\d+",
            rf"rules\.pain-en\.shadow: true +# {ours}:8",
        ):
            self.assertRegex(shown, rf"(?m)^policy\.direct-outreach\.{line}$")
        self.assertNotIn("policy.linkedin-professional-community.rules", shown)

    @unittest.skipUnless(os.geteuid() == 0 and shutil.which("unshare"), "another /etc takes root")
    def test_a_policy_is_read_from_etc_even_without_a_coldpitch_yaml(self):
        etc = self.folder / "etc"
        (etc / "coldpitch" / "policies").mkdir(parents=True)
        # What the program's libraries are found by.
        shutil.copytree("/etc/alternatives", etc / "alternatives", symlinks=True)
        shutil.copy("/etc/ld.so.cache", etc)
        (etc / "coldpitch" / "policies" / "direct-outreach.yaml").write_text(block_with("policies.md", "- id: solar-offer"))
        in_etc = ["unshare", "--mount", "sh", "-c", 'mount --bind "$0" /etc && exec "$@"', etc]
        run = subprocess.run([*in_etc, BUILD / "bin" / "coldpitch", "config", "list-rules"], capture_output=True, text=True, timeout=60)
        self.assertIn("\tsolar-offer (shadow)\t", self.sound(run))
        run = subprocess.run([*in_etc, BUILD / "bin" / "coldpitch", "config", "check"], capture_output=True, text=True, timeout=60)
        self.assertIn("/etc/coldpitch/policies/direct-outreach.yaml: ok", self.sound(run))

    def test_the_rule_in_ten_minutes(self):
        text = block_with("policies.md", "- id: solar-offer")
        self.lay_over(text)
        self.assertIn("all as written", self.sound(coldpitch("policy", "test", "-c", self.config)))
        message = self.folder / "solar.eml"
        message.write_text(SOLAR)
        self.assertIn('solar-offer (shadow) [commercial]: "solar panels"', self.sound(coldpitch("check", "-c", self.config, message)))
        self.assertRegex(self.sound(coldpitch("explain", "-c", self.config, message)), r"(?m)^ +\d+ +shadow  solar-offer ")
        tryout = self.folder / "tryout"
        (tryout / "policies").mkdir(parents=True)
        (tryout / "coldpitch.yaml").write_text(self.config.read_text())
        (tryout / "policies" / "direct-outreach.yaml").write_text(re.sub(r"(?m)^.*shadow: true.*\n", "", text))
        self.sound(coldpitch("replay", "-c", self.config, "--against", tryout / "coldpitch.yaml", message))
        self.lay_over(re.sub(r"(?m)^.*shadow: true.*\n", "", text))
        self.assertIn("solar-offer 2.5 [commercial]", self.sound(coldpitch("check", "-c", self.config, message)))

    def test_profiles_load(self):
        for words, page in (("mode: annotate", "configuration.md"), ("mode: fold", "folders.md")):
            self.config.write_text(block_with(page, words))
            self.sound(coldpitch("config", "check", "-c", self.config))


if __name__ == "__main__":
    unittest.main(verbosity=2)
