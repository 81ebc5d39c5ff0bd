# SPDX-License-Identifier: MIT
"""The published schemas: they take what the loader takes, and the references in docs/ are made from the same tables."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

try:
    import jsonschema
    import yaml
except ImportError as absent:
    print(f"SKIPPED: {absent}; packaging/install-dependencies --tests installs it")
    sys.exit(77)

SOURCE = pathlib.Path(os.environ["COLDPITCH_SOURCE"])
BUILD = pathlib.Path(os.environ["COLDPITCH_BUILD"])
RULES = SOURCE / "policies" / "rules"
MADE = re.compile(r"<!-- made by: coldpitch ([a-z -]+) -->\n(.*?)<!-- end -->\n", re.DOTALL)


def coldpitch(*arguments):
    run = subprocess.run([BUILD / "bin" / "coldpitch", *map(str, arguments)], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    return run.stdout


class Loader(yaml.SafeLoader):
    """YAML 1.2's core schema, as editors and coldpitch read it: no dates, and only true and false are booleans."""


Loader.yaml_implicit_resolvers = {}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF"))
Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?[0-9]+$"), list("-+0123456789"))
Loader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"^[-+]?[0-9]+\.[0-9]+$"), list("-+0123456789"))
Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""])


def parsed(text):
    return yaml.load(text, Loader=Loader)  # noqa: S506 (a SafeLoader)


class Schemas(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.validators = {}
        for kind in ("configuration", "policy", "rules"):
            schema = json.loads(coldpitch("config", "schema", kind))
            jsonschema.Draft7Validator.check_schema(schema)
            cls.validators[kind] = jsonschema.Draft7Validator(schema)

    def errors(self, kind, text):
        return [error.message for error in self.validators[kind].iter_errors(parsed(text))]

    def test_shipped_files_are_valid(self):
        for file in RULES.rglob("*.yaml"):
            text = file.read_text()
            kind = "policy" if re.search(r"^policy:", text, re.MULTILINE) else "rules"
            self.assertEqual(self.errors(kind, text), [], file)
        self.assertEqual(self.errors("configuration", (SOURCE / "packaging" / "coldpitch.yaml").read_text()), [])

    def test_a_policy_laid_over_another_needs_its_changes_only(self):
        change = "extends: direct-outreach\nthresholds: {pitch: 5}\nrules: [{id: ask-en, weight: 1}]\nclauses: [{id: x, cap: 3}]\n"
        self.assertEqual(self.errors("policy", change), [])
        self.assertNotEqual(self.errors("policy", change.replace("extends: direct-outreach\n", "")), [])
        self.assertNotEqual(self.errors("policy", change.replace("weight: 1", "weight: 11")), [])

    def test_what_the_loader_refuses_by_its_table_the_schema_refuses(self):
        wrong = {
            "unknown key": "local_domain: [a]",
            "out of range": "limits: {mime_depth: 0}",
            "not one of the words": "on_fault: reject",
            "no size": "limits: {message: many}",
            "no time": "drain: 20",
            "no list": "profiles: {mode: fold}",
            "lacks a key": "profiles: [{mode: fold}]",
            "wrong type": "log: {addresses: perhaps}",
        }
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "coldpitch.yaml"
            for name, text in wrong.items():
                file.write_text(text)
                run = subprocess.run([BUILD / "bin" / "coldpitch", "config", "show", "-c", file], capture_output=True)
                self.assertEqual(run.returncode, 2, name)
                self.assertNotEqual(self.errors("configuration", text), [], name)

    def test_bad_files_of_wrong_structure_are_refused_by_the_schema_too(self):
        structural = re.compile(r": error: (?:unknown (?:key|field|signal|language|channel) |.* lacks '|a condition is missing|"
                                r".* must be (?:a |true |text|[a-z]+, |[a-z]+ or |lower-case))")
        # What a schema cannot say, or only at length: forms of addresses, keys that depend on others.
        only_loader = {"config-listen", "config-metrics-port", "policy-no-reason", "policy-extends-nearly", "policy-header-without-a-name"}
        tried = 0
        for expected in sorted((SOURCE / "tests" / "data" / "refused").glob("*.expected")):
            file = expected.with_suffix(".yaml")
            if not structural.search(expected.read_text()) or expected.stem in only_loader or not file.exists():
                continue
            try:
                wrong = self.errors("configuration" if file.name.startswith("config-") else "policy", file.read_text())
            except yaml.YAMLError:
                continue
            tried += 1
            with self.subTest(file.name):
                self.assertNotEqual(wrong, [])
        self.assertGreater(tried, 40)

    def test_what_the_loader_takes_the_schema_takes(self):
        right = (
            "listen: inet:8894@127.0.0.1\nsocket_mode: '600'\nlocal_domains: example.net\ndrain: 1 min\n"
            "limits: {message: 2048, text: 64 KiB, urls: 5}\nprofiles: [{match: '*', mode: fold, thresholds: {pitch: 6}}]\n"
            "log: {addresses: yes}\nhistory:\n"
        )
        self.assertEqual(self.errors("configuration", right), [])
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "coldpitch.yaml"
            file.write_text(right)
            coldpitch("config", "show", "-c", file)


class References(unittest.TestCase):
    def test_references_are_as_the_tables_have_them(self):
        made = 0
        for file in sorted((SOURCE / "docs").glob("*.md")):
            for command, text in MADE.findall(file.read_text()):
                made += 1
                self.assertEqual(text, coldpitch(*command.split()), f"{file}: run tests/cli/write_references.py")
        self.assertEqual(made, 3)

    def test_every_signal_is_explained(self):
        schema = json.loads(coldpitch("config", "schema", "policy"))
        text = (SOURCE / "docs" / "policies.md").read_text()
        names = schema["definitions"]["signal"]["anyOf"][0]["enum"]
        self.assertGreater(len(names), 40)
        unexplained = [name for name in names if not name.startswith("linkedin.") and f"`{name}`" not in text]
        self.assertEqual(unexplained, [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
