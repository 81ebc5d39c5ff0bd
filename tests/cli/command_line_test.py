# SPDX-License-Identifier: MIT
"""The commands as a person types them: output, exit status, complaints."""

import json
import os
import pathlib
import random
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["COLDPITCH_SOURCE"])
BUILD = pathlib.Path(os.environ["COLDPITCH_BUILD"])
SAMPLES = SOURCE / "tests" / "data" / "samples"
CONFIG = "authentication: { trusted_authserv_ids: [mx.example.net] }\nlocal_domains: [example.net]\n"


def coldpitch(*arguments, text=None):
    return subprocess.run(
        [BUILD / "bin" / "coldpitch", *map(str, arguments)], input=text, capture_output=True, timeout=60
    )


class Commands(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.config = self.folder / "coldpitch.yaml"
        self.config.write_text(CONFIG)

    def check(self, *arguments, text=None):
        return coldpitch("check", "--config", self.config, *arguments, text=text)

    def objects(self, run):
        return [json.loads(line) for line in run.stdout.splitlines()]

    def test_help_is_there_for_every_command(self):
        for command in ([], ["check"], ["explain"], ["replay"], ["probe"], ["config"], ["config", "check"], ["config", "list-rules"], ["policy", "test"], ["train"]):
            run = coldpitch(*command, "--help")
            self.assertEqual(run.returncode, 0, command)
            self.assertIn(b"Usage", run.stdout)
        self.assertEqual(coldpitch("--version").stdout.split()[0], b"coldpitch")

    def test_samples_one_object_each(self):
        run = self.check("--json", SAMPLES / "2-direct-pitch.eml", SAMPLES / "5-colleague.eml")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual([found["verdict"] for found in self.objects(run)], ["pitch", "none"])

    def test_standard_input_and_mbox(self):
        message = (SAMPLES / "2-direct-pitch.eml").read_bytes()
        self.assertEqual(self.objects(self.check("--json", "-", text=message))[0]["verdict"], "pitch")
        mbox = b"".join(b"From a@b.example Thu Oct 15 09:00:00 2026\n" + message + b"\n" for _ in range(3))
        found = self.objects(self.check("--json", "-", text=mbox))
        self.assertEqual([one["path"] for one in found], ["-#1", "-#2", "-#3"])
        self.assertEqual({one["verdict"] for one in found}, {"pitch"})

    def test_text_says_why(self):
        run = self.check(SAMPLES / "2-direct-pitch.eml")
        self.assertTrue(run.stdout.startswith(b"pitch\t"), run.stdout)
        self.assertIn(b"why: ", run.stdout)

    def test_exit_statuses(self):
        pitch = SAMPLES / "2-direct-pitch.eml"
        self.assertEqual(self.check("--fail-on", "pitch", pitch).returncode, 1)
        self.assertEqual(self.check("--fail-on", "repeat-pitch", pitch).returncode, 0)
        self.assertEqual(self.check("--fail-on", "never", pitch).returncode, 2)
        self.assertEqual(self.check("--at", "yesterday", pitch).returncode, 2)
        self.assertEqual(self.check("--history", self.folder / "absent.db", pitch).returncode, 2)
        self.assertEqual(coldpitch("check").returncode, 2)
        self.assertEqual(coldpitch("unknown").returncode, 2)
        run = self.check("--json", self.folder / "absent.eml", pitch)
        self.assertEqual(run.returncode, 3)
        self.assertEqual([found["verdict"] for found in self.objects(run)], [None, "pitch"])

    def test_a_misspelt_word_is_told_with_the_right_one(self):
        for words, said in (
            (["chekc"], "coldpitch: unknown command 'chekc' (did you mean 'check'?)\nRun 'coldpitch --help' for more information.\n"),
            (["config", "chekc"], "coldpitch: unknown command 'chekc' (did you mean 'check'?)\nRun 'coldpitch config --help' for more information.\n"),
            (["check", "--jsn", "x"], "coldpitch: unknown option '--jsn' (did you mean '--json'?)\nRun 'coldpitch check --help' for more information.\n"),
            (["config"], "coldpitch: A subcommand is required\nRun 'coldpitch config --help' for more information.\n"),
            (["status", "x"], "coldpitch: unexpected argument 'x'\nRun 'coldpitch status --help' for more information.\n"),
        ):
            run = coldpitch(*words)
            self.assertEqual((run.returncode, run.stderr.decode()), (2, said))

    def test_what_is_doubtful_is_warned_of(self):
        for text, said in (
            ("policies: []\n", "coldpitch.yaml:1:11: warning: without a policy no mail is judged\n"),
            ("local_domains: [example.net]\nprofiles: [{match: [exmaple.net], mode: fold}]\n",
             "coldpitch.yaml:2:21: warning: 'exmaple.net' is no address of 'local_domains' (did you mean 'example.net'?)\n"),
        ):
            self.config.write_text(text)
            run = coldpitch("config", "check", "-c", self.config)
            self.assertEqual(run.returncode, 0)
            self.assertIn(said, run.stderr.decode())

    def test_explain_tells_more_words_of_a_rule_from_other_rules(self):
        run = coldpitch("explain", "-c", self.config, SAMPLES / "2-direct-pitch.eml")
        text = " ".join(run.stdout.decode().split())
        self.assertRegex(text, r"0\.0 text-model commercial [^(]*\(more words of a rule that counted already; its weight: [1-9]\.\d\)")
        self.assertIn("(another rule of the group value had counted already; its weight: 1.5)", text)

    def test_counter_evidence_is_not_told_by_the_reason_of_its_clause(self):
        run = coldpitch("explain", "-c", self.config, SAMPLES / "5-colleague.eml")
        self.assertIn(b"text-model-doubts", run.stdout)
        self.assertNotIn(b"offers something for sale", run.stdout)

    def test_a_what_if_tells_the_actions_of_both_sides(self):
        other = self.folder / "other.yaml"
        other.write_text(CONFIG + "profiles: [{match: ['*'], mode: fold}]\n")
        page = self.folder / "what-if.html"
        run = coldpitch("replay", "-c", self.config, "--against", other, "--html", page, SAMPLES / "2-direct-pitch.eml")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertRegex(page.read_text(), r"pitches: annotate</span></td><td[^>]*>1</td><td[^>]*>0<")
        self.assertRegex(page.read_text(), r"pitches: fold</span></td><td[^>]*>0</td><td[^>]*>1<")
        run = coldpitch("replay", "-c", self.config, "--against", other, SAMPLES / "2-direct-pitch.eml")
        self.assertIn(b"Pitches acted on before: annotate 1; after: fold 1\n", run.stdout)
        self.assertIn(b"1 message would be acted on otherwise\n", run.stdout)

    def test_a_digest_in_ascii_can_be_read_as_it_stands(self):
        folder = self.folder / "Maildir" / "cur"
        folder.mkdir(parents=True)
        (folder / "1").write_bytes((SAMPLES / "2-direct-pitch.eml").read_bytes())
        shown = {}
        for language in ("en", "de"):
            run = coldpitch("digest", "-c", self.config, "--rcpt", "alex@example.net", "--maildir", folder.parent, "--language", language)
            self.assertEqual(run.returncode, 0, run.stderr)
            shown[language] = run.stdout.decode()
        self.assertIn("Content-Transfer-Encoding: 7bit\n\nThese messages offered something", shown["en"])
        self.assertEqual(shown["de"].count("Content-Transfer-Encoding: base64"), 2)

    def test_a_folder_without_mail_is_told(self):
        empty = self.folder / "empty"
        empty.mkdir()
        run = self.check(empty)
        self.assertEqual((run.returncode, run.stdout, run.stderr), (0, b"", b"coldpitch: there is no message in what was named\n"))
        run = coldpitch("explain", "-c", self.config, empty)
        self.assertEqual((run.returncode, run.stderr.decode()), (3, f"coldpitch: {empty}: there is no message in it\n"))

    def test_outbound_mail_is_not_judged(self):
        run = self.check("--json", "--auth-user", "alex", SAMPLES / "2-direct-pitch.eml")
        self.assertEqual(self.objects(run)[0]["channel"], "outbound")

    def test_recipients_are_taken_as_given(self):
        run = self.check("--json", "--rcpt", "a@example.net", "--rcpt", "b@example.net", SAMPLES / "5-colleague.eml")
        self.assertEqual([one["address"] for one in self.objects(run)[0]["recipients"]], ["a@example.net", "b@example.net"])

    def test_a_recipient_swallows_no_path(self):
        pitch = SAMPLES / "2-direct-pitch.eml"
        run = self.check("--json", "--rcpt", "a@example.net", pitch, pitch)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual([len(one["recipients"]) for one in self.objects(run)], [1, 1])

    def test_bad_configuration_is_shown_with_its_place(self):
        self.config.write_text("local_domain: [example.net]\n")
        for run in (self.check(SAMPLES / "5-colleague.eml"), coldpitch("config", "check", "-c", self.config)):
            self.assertEqual(run.returncode, 2)
            self.assertIn(f"{self.config}:1:1: error:".encode(), run.stderr)
            self.assertIn(b"local_domains", run.stderr)
        self.assertEqual(coldpitch("config", "check", "-c", self.folder / "absent.yaml").returncode, 2)

    def test_shipped_policies_pass_their_own_examples(self):
        run = coldpitch("policy", "test", "-c", self.config)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertRegex(run.stdout.decode(), r"^\d+ rules, \d+ examples")
        rules = coldpitch("config", "list-rules", "-c", self.config).stdout.decode().splitlines()
        self.assertGreater(len(rules), 24)
        self.assertTrue(all(line.count("\t") == 5 for line in rules))

    def test_explain_shows_words_and_what_would_change(self):
        pitch = SAMPLES / "2-direct-pitch.eml"
        run = coldpitch("explain", "-c", self.config, pitch)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn(b"{quick call}[", run.stdout)
        self.assertIn(b"It would be another verdict", run.stdout)
        self.assertNotIn(b"\x1b", run.stdout)
        found = json.loads(coldpitch("explain", "--json", "-c", self.config, pitch).stdout)
        self.assertEqual(found["verdict"], "pitch")
        self.assertTrue(any(change["verdict"] == "repeat-pitch" for change in found["explanation"]["changes"]))
        page = self.folder / "page.html"
        self.assertEqual(coldpitch("explain", "-c", self.config, pitch, "--html", page).returncode, 0)
        self.assertIn("quick call</mark>", page.read_text())
        self.assertEqual(page.stat().st_mode & 0o077, 0)
        self.assertEqual(coldpitch("explain", "-c", self.config, self.folder / "absent.eml").returncode, 3)

    def test_explain_one_message_of_an_mbox(self):
        message = (SAMPLES / "2-direct-pitch.eml").read_bytes()
        mbox = self.folder / "in.mbox"
        mbox.write_bytes(b"".join(b"From a@b.example Thu Oct 15 09:00:00 2026\n" + message + b"\n" for _ in range(2)))
        run = coldpitch("explain", "-c", self.config, mbox, "--html", "-")
        self.assertEqual(run.returncode, 2)
        self.assertIn(b"in.mbox#1", run.stderr)
        run = coldpitch("explain", "-c", self.config, f"{mbox}#2", "--html", "-")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn(b"<!DOCTYPE html>", run.stdout)

    def archive(self):
        archive = self.folder / "archive"
        archive.mkdir()
        for name in ("2-direct-pitch.eml", "3-follow-up.eml", "4-prospect-question.eml"):
            (archive / name).write_bytes((SAMPLES / name).read_bytes())
        return archive

    def test_replay_runs_in_the_order_of_dates_with_history(self):
        run = coldpitch("replay", "--json", "-c", self.config, self.archive())
        self.assertEqual(run.returncode, 0, run.stderr)
        found = self.objects(run)
        self.assertEqual([one["verdict"] for one in found][:2] + [found[-1]["folder"]], ["pitch", "none", "archive"])
        self.assertEqual(sorted(one["date"] for one in found), [one["date"] for one in found])
        follow_up = next(one for one in found if one["path"].endswith("3-follow-up.eml"))
        self.assertEqual(follow_up["verdict"], "repeat-pitch")
        run = coldpitch("replay", "--json", "-c", self.config, "--since", follow_up["date"], self.folder / "archive")
        self.assertEqual([one["verdict"] for one in self.objects(run)], ["repeat-pitch"])

    def test_a_replay_goes_on_from_its_state(self):
        command = ("replay", "--json", "-c", self.config, self.archive(), "--state", self.folder / "state")
        first = coldpitch(*command)
        self.assertEqual(first.returncode, 0, first.stderr)
        state = self.folder / "state"
        self.assertEqual(state.stat().st_mode & 0o077, 0)
        lines = state.read_bytes().splitlines(keepends=True)
        state.write_bytes(b"".join(lines[:2]) + lines[2][:40])
        self.assertEqual(coldpitch(*command).stdout, first.stdout)
        self.config.write_text(CONFIG + "profiles: [{ match: ['*'], mode: fold }]\n")
        run = coldpitch(*command)
        self.assertEqual(run.returncode, 2)
        self.assertIn(b"belongs to another replay", run.stderr)

    def test_replay_shows_what_another_configuration_would_change(self):
        lax = self.folder / "lax.yaml"
        lax.write_text(CONFIG + "profiles: [{ match: ['*'], thresholds: { pitch: 50, repeat-pitch: 50 } }]\n")
        archive = self.archive()
        both = ("replay", "-c", self.config, "--against", lax, archive)
        self.assertEqual({(one["verdict"], one["against"]["verdict"]) for one in self.objects(coldpitch(*both, "--json"))},
                         {("pitch", "suspect"), ("repeat-pitch", "suspect")})
        self.assertEqual(len(self.objects(coldpitch(*both, "--json", "--all"))), 3)
        run = coldpitch(*both, "--fail-on-new-pitch", "--html", self.folder / "what-if.html")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn(b"2 messages would be judged otherwise: 0 new pitches, 2 no longer pitches", run.stdout)
        page = (self.folder / "what-if.html").read_text()
        self.assertIn('href="what-if-messages/2.html"', page)
        self.assertIn("quick call</mark>", (self.folder / "what-if-messages" / "1.html").read_text())
        back = coldpitch("replay", "-c", lax, "--against", self.config, archive, "--fail-on-new-pitch")
        self.assertEqual(back.returncode, 1)
        self.assertEqual(coldpitch("replay", "-c", self.config, archive, "--fail-on-new-pitch").returncode, 2)
        run = coldpitch("replay", "-c", self.config, archive, self.folder / "absent")
        self.assertEqual(run.returncode, 3)
        self.assertIn(b"1 could not be read", run.stdout)

    def write_letters(self, name, opening):
        """Forty letters that share an opening and little else, half of them in an mbox."""
        draw = random.Random(name)
        letters = []
        for _ in range(40):
            words = ["".join(draw.choice("bdfgklmnprst") + draw.choice("aeiou") for _ in range(3)) for _ in range(20)]
            letters.append(f"From: {words[0]}@{words[1]}.example\nTo: a@example.net\nSubject: {words[2]}\n\n{opening} {' '.join(words)}.\n")
        folder = self.folder / name
        folder.mkdir()
        for number, letter in enumerate(letters[:20]):
            (folder / f"{number}.eml").write_text(letter)
        (folder / "rest.mbox").write_text("".join(f"From a Thu Oct 15 09:00:00 2026\n{letter}\n" for letter in letters[20:]))
        return folder

    def test_train_makes_the_same_model_again_and_check_uses_it(self):
        pitches = self.write_letters("pitches", "we offer you cheap leads")
        others = self.write_letters("others", "yesterday the children painted")
        model = self.folder / "ours.model"
        run = coldpitch("train", "-c", self.config, "--pitch", pitches, "--ham", others, "--out", model)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn(b"learned from", run.stdout)
        self.assertIn(b"How sure it was", run.stdout)
        again = self.folder / "again.model"
        parts = sorted(pitches.iterdir(), reverse=True)
        run = coldpitch("train", "-c", self.config, "--ham", others, "--pitch", *parts, "--out", again)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(model.read_bytes(), again.read_bytes())
        run = coldpitch("train", "-c", self.config, "--ham", others, "--pitch", *parts, "--out", again, "--times", f"{others}=3",
                        "--times", f"{parts[0]}=2")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertNotEqual(model.read_bytes(), again.read_bytes())

        self.config.write_text(CONFIG + "model: ours.model\n")
        self.assertIn(b"ours.model: ok", coldpitch("config", "check", "-c", self.config).stdout)
        self.assertEqual(self.check(pitches / "0.eml").returncode, 0)
        model.write_bytes(model.read_bytes()[:-1])
        run = self.check(pitches / "0.eml")
        self.assertEqual(run.returncode, 2)
        self.assertIn(b"ours.model: is cut", run.stderr)

    def test_train_says_what_is_wrong(self):
        others = self.write_letters("others", "yesterday the children painted")
        model = self.folder / "ours.model"
        run = coldpitch("train", "-c", self.config, "--pitch", SAMPLES / "2-direct-pitch.eml", "--ham", others, "--out", model)
        self.assertEqual(run.returncode, 2)
        self.assertIn(b"at least 20 of each are needed", run.stderr)
        self.assertFalse(model.exists())
        self.assertEqual(coldpitch("train", "--pitch", others).returncode, 2)
        pitches = self.write_letters("pitches", "we offer you cheap leads")
        run = coldpitch("train", "-c", self.config, "--pitch", pitches, "--ham", others, "--out", self.folder / "no" / "ours.model")
        self.assertEqual(run.returncode, 2)
        self.assertIn(b"No such file or directory", run.stderr)
        for times in (f"{pitches}=0", f"{pitches}=21", f"{pitches}=2x", f"{pitches}", "=", f"{self.folder}=2"):
            run = coldpitch("train", "-c", self.config, "--pitch", pitches, "--ham", others, "--out", model, "--times", times)
            self.assertEqual(run.returncode, 2, times)
            self.assertIn(b"write PATH=N, with a path of --pitch or --ham", run.stderr)
        self.assertFalse(model.exists())

    def test_report_of_a_log(self):
        log = self.folder / "log"
        log.write_text("2026-10-12T10:00:00+00:00 level=info qid=1 verdict=pitch channel=direct action=fold clauses=commercial rules=x ms=1.0\n" * 3)
        base = ("report", "-c", self.config, "--history", "none", "--since", "2026-10-01")
        run = coldpitch(*base, "--log", log)
        self.assertRegex(run.stdout.decode(), r"commercial +3 ")
        found = json.loads(coldpitch(*base, "--log", "-", "--json", text=log.read_bytes()).stdout)
        self.assertEqual(found["log"]["clauses"], {"commercial": 3})
        run = coldpitch(*base)
        self.assertIn(b"--log FILE", run.stderr)
        self.assertEqual(coldpitch("report", "--since", "yesterday").returncode, 2)

    def test_digest_is_shown_and_sent(self):
        folder = self.folder / "Pitches" / "alex"
        (folder / "cur").mkdir(parents=True)
        (folder / "cur" / "1:2,").write_bytes((SAMPLES / "2-direct-pitch.eml").read_bytes())
        command = ("digest", "-c", self.config, "--rcpt", "alex@example.net", "--maildir", self.folder / "Pitches" / "%u")
        run = coldpitch(*command)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn(b"Subject: 1 sales pitch was put aside for you", run.stdout)
        self.assertEqual(json.loads(coldpitch(*command, "--json").stdout)["messages"][0]["subject"], "Idea for Example Clinics' website")
        sendmail = self.folder / "sendmail"
        sendmail.write_text('#!/bin/sh\ncat > "$0.mail"\n')
        sendmail.chmod(0o700)
        self.config.write_text(CONFIG + f"digest: {{ sendmail: {sendmail} }}\n")
        self.assertEqual(coldpitch(*command, "--send").returncode, 0)
        self.assertIn("To: <alex@example.net>", (self.folder / "sendmail.mail").read_text())
        self.assertEqual(coldpitch("digest", "-c", self.config).returncode, 2)
        self.assertEqual(coldpitch(*command[:-1], self.folder / "absent").returncode, 3)

    def test_probe_without_a_milter_says_so(self):
        run = coldpitch("probe", "--connect", f"unix:{self.folder}/none.sock", SAMPLES / "5-colleague.eml")
        self.assertEqual(run.returncode, 1)
        self.assertIn(b"cannot connect", run.stderr)
        self.assertEqual(coldpitch("probe", "--connect", "nonsense", SAMPLES / "5-colleague.eml").returncode, 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
