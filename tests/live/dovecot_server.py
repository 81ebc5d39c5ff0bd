# SPDX-License-Identifier: MIT
"""A private Dovecot 2.3 with IMAP and LMTP on free loopback ports, hooked up by `coldpitch setup dovecot` with the scripts as shipped."""

import imaplib
import os
import pathlib
import re
import shutil
import subprocess

from mail_server import BUILD, STARTS_WITHIN, free_port, listens, must_run, wait_until

SIEVE = pathlib.Path(os.environ["COLDPITCH_SOURCE"]) / "packaging" / "sieve"
PASSWORD = "secret"
# Not the milter's user: the learning program must do without the mail user's rights, and the other way round.
MAIL_USER, MAIL_GROUP = "mail", "mail"
imaplib.Commands.setdefault("MOVE", ("SELECTED",))

DOVECOT_CONF = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_uid = {user}
mail_gid = {group}
mail_location = maildir:{folder}/mail/%u
postmaster_address = postmaster@example.net
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = home={folder}/mail/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  mailbox Trash {{
    auto = create
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp_port}
  }}
}}
!include_try conf.d/*.conf
"""


def why_not():
    """Why this machine cannot run it, or None."""
    missing = [name for name in ("dovecot", "doveconf", "sievec") if not shutil.which(name)]
    missing += [name for name in ("imap", "lmtp") if not pathlib.Path("/usr/lib/dovecot", name).exists()]
    if missing:
        return f"Dovecot lacks {', '.join(missing)} (Debian's dovecot-core, dovecot-imapd, dovecot-lmtpd, dovecot-sieve)"
    version = subprocess.run(["dovecot", "--version"], capture_output=True, text=True, timeout=30).stdout
    return None if version.startswith("2.3.") else f"this Dovecot is {version.strip()}; the test's configuration is for 2.3"


class Dovecot:
    def __init__(self, folder, milter):
        self.folder = folder.path / "dovecot"
        self.config = self.folder / "dovecot.conf"
        self.process = None
        self.imap_port, self.lmtp_port = free_port(), free_port()
        for name in ("conf.d", "run", "state", "mail", "sieve"):
            (self.folder / name).mkdir(parents=True)
        shutil.chown(self.folder / "mail", MAIL_USER, MAIL_GROUP)
        self.config.write_text(DOVECOT_CONF.format(
            folder=self.folder, user=MAIL_USER, group=MAIL_GROUP, password=PASSWORD,
            imap_port=self.imap_port, lmtp_port=self.lmtp_port))
        self._hook_up(milter)

    def _hook_up(self, milter):
        """What docs/folders.md tells an administrator, with private paths for the installed ones."""
        must_run(BUILD / "bin" / "coldpitch", "setup", "dovecot", "--apply", "--config-dir", self.folder,
                 "--config", milter.config, "--user", "nobody")
        ours = self.folder / "conf.d" / "99-coldpitch.conf"
        text = ours.read_text()
        for installed in ("/usr/share/coldpitch/sieve/", "/usr/lib/coldpitch/sieve/"):
            assert installed in text, text
            text = text.replace(installed, f"{self.folder}/sieve/")
        ours.write_text(text)
        wrapper = (SIEVE / "coldpitch-learn").read_text()
        for name, value in (("program", milter.folder / "bin" / "coldpitch"), ("config", milter.config)):
            wrapper, changed = re.subn(rf"^{name}=/.*$", f"{name}={value}", wrapper, flags=re.MULTILINE)
            assert changed == 1, wrapper
        (self.folder / "sieve" / "coldpitch-learn").write_text(wrapper)
        (self.folder / "sieve" / "coldpitch-learn").chmod(0o755)
        for script in SIEVE.glob("*.sieve"):
            copy = shutil.copy(script, self.folder / "sieve")
            must_run("sievec", "-c", self.config, copy)

    def start(self):
        with (self.folder / "dovecot.log").open("ab") as log:
            self.process = subprocess.Popen(["dovecot", "-F", "-c", self.config], stdout=log, stderr=log)

        def serves():
            if self.process.poll() is not None:
                raise RuntimeError("dovecot ended: " + self.text())
            return listens(self.imap_port) and listens(self.lmtp_port)

        wait_until(serves, STARTS_WITHIN, "Dovecot listens")

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=30)

    def text(self):
        log = self.folder / "dovecot.log"
        return log.read_text(errors="replace") if log.exists() else ""

    def imap(self, user):
        session = imaplib.IMAP4("127.0.0.1", self.imap_port, timeout=30)
        session.login(user, PASSWORD)
        return session


def quoted(folder):
    return f'"{folder}"'


def uids_of(session, folder, message_id):
    """Of the messages of `folder` with this Message-ID; selects the folder, none when there is no such folder."""
    if session.select(quoted(folder))[0] != "OK":
        return []
    found = session.uid("SEARCH", "HEADER", "Message-ID", quoted(message_id))[1][0]
    return found.split() if found else []
