# SPDX-License-Identifier: MIT
"""The HTML pages in a real browser: explain, replay, what-if, report and digest of a small archive with a hostile message.

Each page is loaded in headless Chromium. Nothing may be asked of any server, no script may run or fail, the Content-Security-Policy must
have nothing to object to, and what a message says must be text. Some 2 s a page on an idle machine.
"""

import email
import email.policy
import html.parser
import http.server
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

SOURCE = pathlib.Path(os.environ["COLDPITCH_SOURCE"])
BUILD = pathlib.Path(os.environ["COLDPITCH_BUILD"])
CHROMIUM = shutil.which("chromium")
CONFIG = "authentication: { trusted_authserv_ids: [mx.example.net] }\nlocal_domains: [example.net]\n"


class Counter(http.server.BaseHTTPRequestHandler):
    """Notes whoever asks; nobody should."""

    asked = []

    def do_GET(self):  # noqa: N802 (the name is http.server's)
        Counter.asked.append(self.path)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


class Text(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.words, self.links = [], [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.links += [value for name, value in attributes if name in ("href", "src")]
        assert not [name for name, _ in attributes if name.startswith("on") or name == "style"], (tag, attributes)

    def handle_data(self, data):
        self.words.append(data)


def coldpitch(*arguments):
    run = subprocess.run([str(word) for word in (BUILD / "bin" / "coldpitch", *arguments)], capture_output=True, timeout=60, check=False)
    assert run.returncode == 0, (arguments, run.stderr)
    return run.stdout


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Counter)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.trap = f"http://127.0.0.1:{cls.server.server_address[1]}"
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.temporary.name)
        cls.hostile = f"</title><script>fetch('{cls.trap}/s')</script><img src='{cls.trap}/i' onerror=alert(1)>"
        archive = cls.folder / "archive" / "cur"
        archive.mkdir(parents=True)
        for sample in sorted((SOURCE / "tests" / "data" / "samples").glob("*.eml")):
            (archive / sample.name).write_bytes(sample.read_bytes())
        pitch = (SOURCE / "tests" / "data" / "samples" / "2-direct-pitch.eml").read_text()
        pitch = re.sub(r"(?m)^Subject: .*$", f"Subject: {cls.hostile}", pitch, count=1)
        pitch = re.sub(r"(?m)^From: .*$", f'From: "{cls.hostile}" <evil@seller.example>', pitch, count=1)
        pitch = pitch.replace("Hi Alex,", f"Hi Alex, {cls.hostile}</div></main><style>body{{display:none}}</style><iframe src={cls.trap}/f>", 1)
        (archive / "hostile.eml").write_text(pitch)
        cls.config = cls.folder / "coldpitch.yaml"
        cls.config.write_text(CONFIG)
        cls.other = cls.folder / "other.yaml"
        cls.other.write_text(CONFIG + "profiles: [{ match: ['*'], thresholds: { pitch: 50 } }]\n")
        cls.log = cls.folder / "log"
        cls.log.write_text("".join(
            f"2026-10-{day:02}T10:00:00+00:00 level=info qid={day} verdict=pitch channel=direct action=fold clauses=commercial "
            f"rules=offer-en,{cls.hostile.replace(' ', '_')}:shadow net=192.0.2.0/24 ms=1.5\n" for day in range(1, 20)))

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.server.server_close()
        cls.temporary.cleanup()

    def load(self, page):
        """The page as Chromium has it after loading."""
        net_log = self.folder / "net.json"
        profile = self.folder / "profile"
        run = subprocess.run(
            [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", f"--user-data-dir={profile}", f"--log-net-log={net_log}",
             "--enable-logging=stderr", "--virtual-time-budget=2000", "--dump-dom", page.as_uri()],
            capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertNotIn("CONSOLE", run.stderr)
        self.assertEqual(Counter.asked, [])
        asked = set(re.findall(r'"url":"([a-z]+:[^"]*)"', net_log.read_text(errors="replace")))
        self.assertEqual([url for url in asked if "127.0.0.1" in url], [])
        shutil.rmtree(profile, ignore_errors=True)
        return run.stdout

    def check(self, page, hostile=True):
        text = Text()
        text.feed(self.load(page))
        for tag in ("script", "img", "iframe", "object", "form", "input", "link"):
            self.assertNotIn(tag, text.tags)
        self.assertEqual([link for link in text.links if re.match(r"[a-z]+:|//", link)], [])
        if hostile:
            self.assertIn("<script>", "".join(text.words))
        return text

    def test_explain(self):
        page = self.folder / "explain.html"
        coldpitch("explain", "-c", self.config, self.folder / "archive" / "cur" / "hostile.eml", "--html", page)
        text = self.check(page)
        self.assertIn("mark", text.tags)
        self.assertIn(self.hostile, "".join(text.words))

    def test_replay_and_what_if(self):
        for name, more in (("replay", ()), ("what-if", ("--against", self.other))):
            page = self.folder / f"{name}.html"
            coldpitch("replay", "-c", self.config, self.folder / "archive", *more, "--html", page)
            text = self.check(page)
            pages = [link for link in text.links if link.startswith(f"{name}-messages/")]
            self.assertGreaterEqual(len(pages), 3)
            hostile = next(one for one in pages if "evil@seller.example" in (self.folder / one).read_text())
            if name == "what-if":
                self.assertIn("Before", "".join(self.check(self.folder / hostile).words))

    def test_report(self):
        page = self.folder / "report.html"
        coldpitch("report", "-c", self.config, "--history", "none", "--log", self.log, "--since", "2026-10-01", "--html", page)
        text = self.check(page)
        self.assertIn("svg", text.tags)
        self.assertIn("192.0.2.0/24", "".join(text.words))

    def test_the_html_of_a_digest(self):
        mail = coldpitch("digest", "-c", self.config, "--rcpt", "alex@example.net", "--maildir", self.folder / "archive", "--language", "de")
        message = email.message_from_bytes(mail, policy=email.policy.default)
        page = self.folder / "digest.html"
        page.write_text(message.get_body(("html",)).get_content())
        text = Text.__new__(Text)
        html.parser.HTMLParser.__init__(text)
        text.tags, text.words, text.links = [], [], []
        text.handle_starttag = lambda tag, attributes: (text.tags.append(tag), text.links.extend(v for n, v in attributes if n in ("href", "src")))
        text.feed(self.load(page))
        self.assertEqual(text.links, [])
        self.assertNotIn("script", text.tags)
        self.assertIn("<script>", "".join(text.words))


if __name__ == "__main__":
    if CHROMIUM is None:
        print("SKIPPED: chromium is not installed")
        sys.exit(77)
    unittest.main(verbosity=2)
