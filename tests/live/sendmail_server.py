# SPDX-License-Identifier: MIT
"""A private Sendmail, unpacked beside Postfix, since as packages the two exclude each other."""

import os
import pathlib
import shutil
import signal
import subprocess

from mail_server import BUILD, STARTS_WITHIN, free_port, listens, must_run, wait_until

# Where packaging/install-dependencies --tests unpacks it.
UNPACKED = pathlib.Path(os.environ.get("COLDPITCH_SENDMAIL") or pathlib.Path(os.environ["COLDPITCH_SOURCE"]) / "build" / "sendmail")
PROGRAM = UNPACKED / "usr" / "libexec" / "sendmail" / "sendmail"
MACROS = UNPACKED / "usr" / "share" / "sendmail" / "cf"

# Two doors: the second refuses mail for the time being when the milter is away. All mail goes on to `sink_port`.
SENDMAIL_MC = """\
divert(0)dnl
include(`{macros}/m4/cf.m4')dnl
OSTYPE(`linux')dnl
define(`MAIL_SETTINGS_DIR', `{folder}/')dnl
define(`QUEUE_DIR', `{folder}/queue')dnl
define(`STATUS_FILE', `{folder}/statistics')dnl
define(`HELP_FILE', `{folder}/help')dnl
define(`ALIAS_FILE', `')dnl
define(`confPID_FILE', `{folder}/pid')dnl
define(`confCONTROL_SOCKET_NAME', `')dnl
define(`confSERVICE_SWITCH_FILE', `{folder}/service.switch')dnl
define(`confCW_FILE', `-o {folder}/none')dnl
define(`confCR_FILE', `-o {folder}/none')dnl
define(`confDOMAIN_NAME', `mx.example.net')dnl
define(`confDELIVERY_MODE', `interactive')dnl
define(`confTO_IDENT', `0')dnl
define(`confDONT_PROBE_INTERFACES', `true')dnl
define(`confMAX_MESSAGE_SIZE', `104857600')dnl
define(`confBAD_RCPT_THROTTLE', `0')dnl
define(`confREFUSE_LA', `1000')dnl
define(`confQUEUE_LA', `1000')dnl
define(`confLOG_LEVEL', `9')dnl
define(`SMART_HOST', `relay:[127.0.0.1]')dnl
define(`RELAY_MAILER_ARGS', `TCP $h {sink_port}')dnl
define(`confDONT_BLAME_SENDMAIL', `TrustStickyBit')dnl
FEATURE(`nocanonify')dnl
FEATURE(`promiscuous_relay')dnl
FEATURE(`accept_unresolvable_domains')dnl
FEATURE(`accept_unqualified_senders')dnl
FEATURE(`no_default_msa')dnl
MAIL_FILTER(`coldpitch-or-later', `S=local:{socket}, F=T, T=C:5s;S:10s;R:10s;E:1m')dnl
DAEMON_OPTIONS(`Name=accept, Addr=127.0.0.1, Port={port}')dnl
DAEMON_OPTIONS(`Name=later, Addr=127.0.0.1, Port={later_port}, InputMailFilters=coldpitch-or-later')dnl
MAILER(`smtp')dnl
"""


def why_not():
    """Why this machine cannot run it, or None."""
    if not PROGRAM.exists():
        return f"no Sendmail in {UNPACKED}: run packaging/install-dependencies --tests as root"
    missing = [name for name in ("m4", "unshare") if not shutil.which(name)]
    return f"Sendmail's test needs {', '.join(missing)}" if missing else None


class Sendmail:
    """Hooked up by `coldpitch setup sendmail`, and built with m4 as an administrator would."""

    def __init__(self, folder, milter, sink_port):
        self.folder = folder.path / "sendmail"
        self.folder.mkdir()
        (self.folder / "queue").mkdir(mode=0o700)
        self.port, self.later_port = free_port(), free_port()
        (self.folder / "service.switch").write_text("hosts files\naliases files\npasswd files\n")
        (self.folder / "sendmail.mc").write_text(SENDMAIL_MC.format(
            macros=MACROS, folder=self.folder, sink_port=sink_port, socket=milter.socket, port=self.port,
            later_port=self.later_port))
        self.setup = [BUILD / "bin" / "coldpitch", "setup", "sendmail", "--config-dir", self.folder, "--config", milter.config]
        must_run(*self.setup, "--apply")
        made = must_run("m4", f"-D_CF_DIR_={MACROS}/", self.folder / "sendmail.mc")
        self.config = self.folder / "sendmail.cf"
        self.config.write_text(made)
        self.process = None

    def start(self):
        # Without a qualified host name Sendmail waits a minute for one, so it gets one of its own.
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                ["unshare", "--uts", "sh", "-c", 'hostname mx.example.net && exec "$@"', "sh",
                 PROGRAM, "-C", self.config, f"-X{self.folder}/traffic", "-bD"], stdout=log, stderr=log)

        def serves():
            if self.process.poll() is not None:
                raise RuntimeError("Sendmail ended:\n" + self.text())
            return listens(self.port) and listens(self.later_port)

        wait_until(serves, STARTS_WITHIN, "Sendmail listens")

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=30)

    def text(self):
        return "".join((self.folder / name).read_text(errors="replace") for name in ("log", "traffic") if (self.folder / name).exists())[-8000:]
