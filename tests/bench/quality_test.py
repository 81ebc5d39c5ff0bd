# SPDX-License-Identifier: MIT
"""The scorer on a corpus of four messages whose figures can be told by hand."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import quality_corpus
import quality_measure

QUALITY = pathlib.Path(__file__).resolve().parent / "quality"
PROGRAM = pathlib.Path(os.environ["COLDPITCH_BUILD"]) / "bin" / "coldpitch"

HEADER = "From: Kim Vale <kim@{domain}>\nTo: alex@example.net\nSubject: {subject}\nDate: Mon, 5 Oct 2026 10:00:00 +0000\n\n"
PITCH = (HEADER + "Hi {name},\n\nI came across your website. We are a leading web design agency and we help companies like yours get more "
         "leads.\nWould you be interested in a quick call next week? If you would rather not hear from me, just reply stop.\n\n{name}\n")
HAM = HEADER + "Dad, the train is at six, please bring the blue bag and the keys of the garden house.\n"


class Corpus(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self.scratch.cleanup)
        self.root = pathlib.Path(self.scratch.name)
        (self.root / "pitch-web").mkdir()
        for name, domain in (("Ann", "first-agency.com"), ("Bob", "second-agency.com")):
            text = PITCH.format(domain=domain, subject="Your website", name=name)
            (self.root / "pitch-web" / f"{name}.eml").write_text(text)
        letters = [HAM.format(domain="family.org", subject=f"Train {number}") for number in (1, 2)]
        (self.root / "ham-home.mbox").write_text("".join(f"From kim Mon Oct  5 10:00:00 2026\n{letter}\n" for letter in letters))

    def run_quality(self, *arguments):
        command = [sys.executable, QUALITY, "--bin", PROGRAM, "--corpus", self.root, *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)

    def test_near_copies_are_one_text_and_mbox_messages_are_numbered(self):
        examples = quality_corpus.load(self.root)
        self.assertEqual([(e.folder, e.label) for e in examples], [("ham-home", "ham")] * 2 + [("pitch-web", "pitch")] * 2)
        self.assertTrue(examples[1].path.endswith("ham-home.mbox#2"))
        self.assertEqual(examples[2].cluster, examples[3].cluster)
        self.assertNotEqual(examples[1].cluster, examples[2].cluster)

    def test_fixture_tells_its_kind_and_its_file_the_language(self):
        (self.root / "pitch").mkdir()
        letter = "X-Fixture: p-direct-seo-de-01; kind=seo\n" + PITCH.format(domain="a.example", subject="Hallo", name="Ann")
        (self.root / "pitch" / "direct-web-de.mbox").write_text(f"From ann Mon Oct  5 10:00:00 2026\n{letter}\n")
        told = [e for e in quality_corpus.load(self.root) if e.folder == "pitch"]
        self.assertEqual([(e.kind, e.language, e.note) for e in told], [("seo", "de", "p-direct-seo-de-01")])

    def test_figures(self):
        run = self.run_quality("--json")
        self.assertEqual(run.returncode, 0, run.stderr)
        figures = json.loads(run.stdout)
        self.assertEqual(figures["messages"], {"pitch": 2, "ham": 2, "other": 0})
        recall = figures["recall"]["folder"]["pitch-web"]
        self.assertEqual((recall["messages"], recall["texts"], recall["found"]), (2, 1, 2))
        self.assertEqual(figures["alarms"]["ham-home"]["found"], 0)
        self.assertEqual(figures["curve"]["recall_at_alarms"]["0.001"], 1.0)
        self.assertEqual((figures["worst_misses"], figures["worst_alarms"]), ([], []))

    def test_broken_bound_is_told(self):
        bounds = self.root / "bounds"
        bounds.write_text("recall pitch-web >= 99  # both\nalarms ham-* <= 0\n")
        self.assertEqual(self.run_quality("--bounds", bounds).returncode, 0)
        bounds.write_text("recall pitch-web/A*.eml >= 99\nrecall pitch-web/B*.eml >= 99\n")
        self.assertEqual(self.run_quality("--bounds", bounds).returncode, 0)
        bounds.write_text("recall pitch-web/C*.eml >= 0\n")
        self.assertEqual(self.run_quality("--bounds", bounds).returncode, 1)
        bounds.write_text("alarms pitch-web <= 0\n")
        run = self.run_quality("--bounds", bounds)
        self.assertEqual(run.returncode, 1)
        self.assertIn("NO MESSAGES", run.stdout)
        bounds.write_text("recall everything\n")
        self.assertEqual(self.run_quality("--bounds", bounds).returncode, 2)

    def test_page_stands_alone(self):
        page = self.root / "page.html"
        self.assertEqual(self.run_quality("--html", page).returncode, 0)
        text = page.read_text()
        self.assertIn("<svg", text)
        self.assertNotIn("src=", text)
        self.assertNotIn("href=", text)

    def test_absent_corpus_is_skipped_aloud(self):
        run = subprocess.run([sys.executable, QUALITY, "--corpus", self.root / "nothing"], capture_output=True, text=True, check=False)
        self.assertEqual(run.returncode, 77)
        self.assertIn("SKIPPED", run.stderr)


class Measures(unittest.TestCase):
    def test_curve_counts_copies_as_one_text(self):
        def example(path, label, cluster):
            return quality_corpus.Example(path, "f", label, "k", "en", cluster=cluster)

        pitches = [example("a", "pitch", 1), example("b", "pitch", 1), example("c", "pitch", 2)]
        judged = {"a": {"score": 5}, "b": {"score": 1}, "c": {"score": 4}, "d": {"score": 4}}
        curve = quality_measure.curve(pitches, [example("d", "ham", 3)], judged)
        self.assertEqual([(p["score"], p["recall"], p["alarms"]) for p in curve["points"]], [(5, .25, 0), (4, .75, 1), (1, 1, 1)])
        self.assertAlmostEqual(curve["points"][1]["precision"], 1.5 / 2.5)


if __name__ == "__main__":
    unittest.main()
