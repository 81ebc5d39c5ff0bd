# SPDX-License-Identifier: MIT
"""Man pages and completion scripts against --help of the programs: what one knows the others know."""

import os
import pathlib
import re
import shutil
import subprocess
import unittest

BUILD = pathlib.Path(os.environ["COLDPITCH_BUILD"])
SHARE = BUILD / "manual"


def run(*command, **more):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=60, check=False, **more)


def help_of(path):
    result = run(BUILD / "bin" / path[0], *path[1:], "--help")
    assert result.returncode == 0, (path, result.stderr)
    return result.stdout


def options_in(text):
    """Names of the options a help text lists: all long ones, else the short one."""
    names = []
    for line in text.splitlines():
        found = re.match(r"  (-[^ ]+)(?: |$)", line)
        if found:
            names += [name for name in found.group(1).split(",") if name.startswith("--")] or [found.group(1)]
    return names


def commands_in(text):
    _, _, below = text.partition("Subcommands:\n")
    return re.findall(r"^  ([a-z][a-z-]*)(?: |$)", below, re.MULTILINE)


def all_paths(path=("coldpitch",)):
    yield path
    for command in commands_in(help_of(path)):
        yield from all_paths((*path, command))


PATHS = list(all_paths())


def plain(page):
    """A page as it is read, without its fonts."""
    return re.sub(r"\\f[BIR]", "", page).replace("\\-", "-").replace("\\&", "").replace("\\(aq", "'").replace("\\e", "\\")


class Manual(unittest.TestCase):
    def page(self, name):
        return plain((SHARE / "man" / f"man{name[-1]}" / name).read_text())

    def test_commands_are_found(self):
        self.assertIn(("coldpitch", "replay"), PATHS)
        self.assertIn(("coldpitch", "config", "check"), PATHS)

    def test_every_command_and_option_is_in_its_page(self):
        overview = self.page("coldpitch.1")
        for path in PATHS[1:]:
            page = self.page(f"coldpitch-{path[1]}.1")
            text = page
            if len(path) == 2:
                self.assertIn(f"coldpitch-{path[1]} (1)", overview)
            else:
                text = page.partition(f".SS {' '.join(path)}\n")[2].partition("\n.SS ")[0]
            options = options_in(help_of(path))
            self.assertIn("--help", options, path)
            for option in options:
                self.assertRegex(text, rf"(?m)^[^\n]*{option}( |,|$)[^\n]*\n[^.\n]", f"{path} {option} is not explained")

    def test_the_daemon_has_a_page_too(self):
        page = self.page("coldpitch-milter.8")
        for option in options_in(help_of(("coldpitch-milter",))):
            self.assertRegex(page, rf"{option}\b")
        for word in ("SIGHUP", "SIGTERM", "EXIT STATUS"):
            self.assertIn(word, page)

    def test_pages_of_formats_explain_every_key(self):
        for name, keys in (("coldpitch.yaml.5", ("listen", "trusted_authserv_ids", "thresholds", "message")),
                           ("coldpitch-policy.5", ("clauses", "weight", "near", "minimum-groups"))):
            page = self.page(name)
            for key in keys:
                self.assertRegex(page, rf"(?m)^\.TP\n{key}\n[a-z\"]", f"{name}: {key}")
            for entry in page.split(".TP\n")[1:]:
                self.assertIn("Value: ", entry)
        self.assertIn("one or a list of: a language", self.page("coldpitch-policy.5"))
        self.assertLess(len(self.page("coldpitch-policy.5").splitlines()), 600)

    def test_pages_are_sound(self):
        if shutil.which("groff") is None:
            self.skipTest("groff is not installed")
        for page in sorted((SHARE / "man").rglob("*.[158]")):
            result = run("groff", "-ww", "-man", "-Tutf8", "-z", page)
            self.assertEqual((result.returncode, result.stderr), (0, ""), page)

    def test_exit_statuses_are_the_same_everywhere(self):
        for path in PATHS[1:]:
            if len(path) == 2:
                page = self.page(f"coldpitch-{path[1]}.1")
                self.assertEqual(re.findall(r"(?m)^\.B (\d)$", page.partition("EXIT STATUS")[2]), ["0", "1", "2", "3"])


class Completion(unittest.TestCase):
    def bash(self, *words):
        script = SHARE / "bash-completion" / "completions" / "coldpitch"
        line = f'source "{script}"; COMP_WORDS=("$@"); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _coldpitch; printf "%s\\n" "${{COMPREPLY[@]}}"'
        result = run("bash", "-c", line, "bash", *words)
        self.assertEqual(result.stderr, "")
        return result.stdout.split()

    def test_bash(self):
        for path in PATHS:
            self.assertEqual(sorted(self.bash(*path, "-")), sorted(set(self.bash(*path, "-"))), path)
            for option in options_in(help_of(path)):
                self.assertIn(option, self.bash(*path, "--"), path)
            commands = commands_in(help_of(path))
            if commands:
                self.assertEqual(sorted(self.bash(*path, "")), sorted(commands))
        self.assertEqual(self.bash("coldpitch", "check", "--fail-on", "p"), ["pitch"])
        self.assertEqual(sorted(self.bash("coldpitch", "check", "--config", "/etc/host")),
                         sorted(str(path) for path in pathlib.Path("/etc").glob("host*")))

    def test_zsh(self):
        script = SHARE / "zsh" / "vendor-completions" / "_coldpitch"
        text = script.read_text()
        for path in PATHS:
            for option in options_in(help_of(path)):
                self.assertIn(f"'*{option}[", text)
        if shutil.which("zsh") is None:
            self.skipTest("zsh is not installed")
        result = run("zsh", "-n", script)
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    def test_fish(self):
        if shutil.which("fish") is None:
            self.skipTest("fish is not installed")
        script = SHARE / "fish" / "vendor_completions.d" / "coldpitch.fish"
        home = {**os.environ, "HOME": "/nonexistent", "XDG_CONFIG_HOME": "/nonexistent", "XDG_DATA_HOME": "/nonexistent"}
        lines = "; ".join(f'echo "== {" ".join(path)}"; complete -C "{" ".join(path)} --"; complete -C "{" ".join(path)} "' for path in PATHS)
        result = run("fish", "--no-config", "-c", f'source "{script}"; {lines}', env=home)
        self.assertEqual(result.returncode, 0, result.stderr)
        for part in result.stdout.split("== ")[1:]:
            path = tuple(part.splitlines()[0].split())
            offered = [line.split("\t")[0] for line in part.splitlines()[1:]]
            for word in options_in(help_of(path)) + commands_in(help_of(path)):
                self.assertIn(word, offered, path)


if __name__ == "__main__":
    unittest.main(verbosity=2)
