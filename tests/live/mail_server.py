# SPDX-License-Identifier: MIT
"""A private Postfix and a coldpitch-milter for live tests: own folders, free loopback ports, stopped again."""

import json
import os
import pathlib
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
import time

BUILD = pathlib.Path(os.environ["COLDPITCH_BUILD"])
OUTSIDE = "192.0.2.44"
# Clients that may send outwards. The milter knows nothing of the first network: it goes by the login name.
OWN_CLIENT = "203.0.113.5"
OWN_CLIENTS = "203.0.113.0/24, 198.51.100.0/24"
STARTS_WITHIN = 30
DELIVERS_WITHIN = 30


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, seconds, what):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        result = condition()
        if result:
            return result
        time.sleep(0.05)
    raise TimeoutError(f"{what}: not within {seconds} s")


def listens(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def must_run(*command):
    """What the command says; an error with all of it when it fails."""
    run = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=60)
    if run.returncode != 0:
        raise RuntimeError(f"{' '.join(run.args)}: {run.stdout}{run.stderr}")
    return run.stdout


def look_old(main_cf):
    """Postfix's programs wait, up to two seconds, before they read a main.cf that was written just now."""
    past = time.time() - 60
    os.utime(main_cf, (past, past))


class Folder:
    """A temporary folder that other users may pass through."""

    def __init__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="coldpitch-live-"))
        self.path.chmod(0o755)

    def remove(self):
        shutil.rmtree(self.path, ignore_errors=True)


class Milter:
    """coldpitch-milter, run as nobody, since it refuses root."""

    def __init__(self, folder, settings="", internal="198.51.100.7", history=""):
        self.internal, self.history = internal, history
        self.folder = folder.path / "milter"
        (self.folder / "bin").mkdir(parents=True)
        for program in ("coldpitch-milter", "coldpitch"):
            shutil.copy(BUILD / "bin" / program, self.folder / "bin")
        shutil.copytree(BUILD / "share", self.folder / "share")
        self.socket = self.folder / "milter.sock"
        self.config = self.folder / "coldpitch.yaml"
        self.log = self.folder / "milter.log"
        self.write_config(settings)
        shutil.chown(self.folder, "nobody")
        self.process = None

    def write_config(self, settings=""):
        self.config.write_text(
            f"listen: unix:{self.socket}\n"
            'socket_mode: "0666"\n'
            "authentication: { trusted_authserv_ids: [mx.example.net] }\n"
            "local_domains: [example.net]\n"
            f"internal_networks: [198.51.100.0/24, {self.internal}]\n"
            f"history: {{ backend: sqlite, path: {self.folder}/history.db{self.history} }}\n" + settings
        )

    def command(self):
        program = [str(self.folder / "bin" / "coldpitch-milter"), "--config", str(self.config)]
        if os.geteuid() != 0:
            return program
        return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *program]

    def start(self):
        offset = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command(), stdout=log, stderr=log)

        def ready():
            if self.process.poll() is not None:
                raise RuntimeError("the milter ended:\n" + self.text())
            return "event=ready" in self.text()[offset:]

        wait_until(ready, STARTS_WITHIN, "milter ready")

    def signal(self, number):
        self.process.send_signal(number)

    def reload(self):
        """Re-reads the configuration and waits until it is in force or refused."""
        before = self.text().count("event=reload result=")
        self.signal(signal.SIGHUP)
        wait_until(lambda: self.text().count("event=reload result=") > before, STARTS_WITHIN, "reload")

    def stop(self):
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise

    def text(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""


MAIN_CF = """\
compatibility_level = 3.6
queue_directory = {queue}
data_directory = {data}
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.example.net
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = {own_clients}
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
virtual_mailbox_domains = example.net
virtual_mailbox_base = {folder}
virtual_mailbox_maps = static:mail/
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
virtual_minimum_uid = 100
virtual_mailbox_limit = 0
virtual_transport = {transport}
message_size_limit = 104857600
default_transport = {outbound}
relay_transport = {outbound}
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
smtpd_authorized_xclient_hosts = 127.0.0.1
smtpd_peername_lookup = no
smtpd_milters = {{ unix:{socket}, default_action={default_action}, connect_timeout=5s }}
milter_protocol = 6
in_flow_delay = 0
"""

MASTER_CF = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
smtp unix - - n - - smtp
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""
LATER_DOOR = """\
127.0.0.1:{port} inet n - n - - smtpd
  -o {{ smtpd_milters = {{ unix:{socket}, default_action=tempfail, connect_timeout=5s }} }}
"""


class Postfix:
    """A real Postfix on a free loopback port, delivering example.net into one Maildir (or by `transport`), and the rest by `outbound`.

    At `later_port` mail is refused for the time being when the milter is away.
    """

    def __init__(self, folder, milter_socket, default_action="accept", transport="virtual", outbound="discard", later_port=None):
        self.folder = folder.path / "postfix"
        self.config = self.folder / "etc"
        self.mail = self.folder / "mail"
        self.port = free_port()
        for name in ("etc", "queue", "data", "mail"):
            (self.folder / name).mkdir(parents=True)
        shutil.chown(self.folder / "data", "postfix")
        shutil.chown(self.mail, 65534, 65534)
        values = {
            "folder": self.folder,
            "queue": self.folder / "queue",
            "data": self.folder / "data",
            "socket": milter_socket,
            "default_action": default_action,
            "own_clients": OWN_CLIENTS,
            "transport": transport,
            "outbound": outbound,
        }
        (self.config / "main.cf").write_text(MAIN_CF.format(**values))
        master = MASTER_CF.format(port=self.port)
        if later_port is not None:
            master += LATER_DOOR.format(port=later_port, socket=milter_socket)
        (self.config / "master.cf").write_text(master)

    def run(self, *arguments):
        return subprocess.run(
            ["postfix", "-c", str(self.config), *arguments], capture_output=True, text=True, timeout=60
        )

    def start(self):
        look_old(self.config / "main.cf")
        started = self.run("start")
        if started.returncode != 0:
            raise RuntimeError("postfix start: " + started.stderr + self.text())
        wait_until(lambda: listens(self.port), STARTS_WITHIN, "Postfix listens")

    def stop(self):
        self.run("stop")

    def text(self):
        log = self.folder / "postfix.log"
        return log.read_text(errors="replace") if log.exists() else ""

    def session(self, client=OUTSIDE, login=None):
        """An SMTP session that seems to come from `client` (XCLIENT), logged in as `login`."""
        smtp = smtplib.SMTP("127.0.0.1", self.port, local_hostname="client.example", timeout=60)
        smtp.ehlo()
        attributes = f"XCLIENT NAME=[UNAVAILABLE] ADDR={client}" + (f" LOGIN={login}" if login else "")
        code, text = smtp.docmd(attributes)
        if code != 220:
            raise RuntimeError(f"XCLIENT: {code} {text!r}")
        smtp.ehlo()
        return smtp

    def send(self, message, sender="sender@outside.example", recipients=("alex@example.net",), **session):
        """Sends octets; raises smtplib's exceptions for refusals."""
        with self.session(**session) as smtp:
            smtp.sendmail(sender, list(recipients), message)

    def queue(self):
        """What postqueue -j tells of each queued message."""
        listed = subprocess.run(
            ["postqueue", "-c", str(self.config), "-j"], capture_output=True, text=True, timeout=30, check=True
        )
        return [json.loads(line) for line in listed.stdout.splitlines()]

    def release(self, queue_id):
        """What an administrator does with a message on hold."""
        subprocess.run(
            ["postsuper", "-c", str(self.config), "-H", queue_id], capture_output=True, timeout=30, check=True
        )
        self.run("flush")

    def delivered(self):
        """All delivered messages, as octets."""
        new = self.mail / "new"
        return [file.read_bytes() for file in sorted(new.iterdir())] if new.is_dir() else []

    def wait_for(self, token, count=1):
        """The delivered messages that hold `token`."""

        def found():
            hits = [octets for octets in self.delivered() if token in octets]
            return hits if len(hits) >= count else None

        try:
            return wait_until(found, DELIVERS_WITHIN, f"delivery of {token!r}")
        except TimeoutError as error:
            raise AssertionError(f"{error}\n{self.text()}") from error
