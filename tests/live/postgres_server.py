# SPDX-License-Identifier: MIT
"""A private PostgreSQL server that speaks TLS alone over TCP, run as nobody since it refuses root: own folder, free loopback port, stopped again."""

import glob
import os
import pathlib
import shutil
import signal
import subprocess

from mail_server import free_port, must_run, wait_until

NAME = "db.example.net"
SETTINGS = "fsync=off\nfull_page_writes=off\nshared_buffers=32MB\nautovacuum=off\nlisten_addresses='127.0.0.1'\nssl=on\n"
ACCESS = "local all all trust\nhostssl all all 127.0.0.1/32 trust\n"


def programs():
    """The folder of PostgreSQL's programs, None where there is none."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
    return pathlib.Path(found[-1]) if found else None


def make_authority(folder, name):
    """A root certificate and its key."""
    root, key = folder / f"{name}.crt", folder / f"{name}.key"
    must_run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
             "-subj", f"/CN={name}", "-keyout", key, "-out", root)
    root.chmod(0o644)
    return root, key


class PostgresServer:
    def __init__(self, folder):
        self.folder = folder.path / "postgres"
        self.folder.mkdir()
        self.root, root_key = make_authority(self.folder, "root")
        self._make_certificate(root_key)
        for file in [self.folder, *self.folder.iterdir()]:
            shutil.chown(file, "nobody")
        self.port = free_port()
        self.process = None
        must_run(*self._as_nobody("initdb", "-D", self.folder / "data", "-U", "coldpitch", "-A", "trust", "--no-sync",
                                  "-E", "UTF8", "--locale=C"))
        with (self.folder / "data" / "postgresql.conf").open("a") as settings:
            settings.write(f"{SETTINGS}ssl_cert_file='{self.folder}/server.crt'\nssl_key_file='{self.folder}/server.key'\n"
                           f"unix_socket_directories='{self.folder}'\nport={self.port}\n")
        (self.folder / "data" / "pg_hba.conf").write_text(ACCESS)

    def _make_certificate(self, root_key):
        names = self.folder / "names"
        names.write_text(f"subjectAltName=DNS:{NAME}\n")
        must_run("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={NAME}",
                 "-keyout", self.folder / "server.key", "-out", self.folder / "server.csr")
        must_run("openssl", "x509", "-req", "-in", self.folder / "server.csr", "-CA", self.root, "-CAkey", root_key,
                 "-set_serial", "2", "-days", "2", "-extfile", names, "-out", self.folder / "server.crt")
        (self.folder / "server.key").chmod(0o600)

    @staticmethod
    def _as_nobody(program, *arguments):
        command = [programs() / program, *arguments]
        if os.geteuid() != 0:
            return command
        return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *command]

    def start(self):
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(self._as_nobody("postgres", "-D", self.folder / "data"), cwd=self.folder,
                                            stdout=log, stderr=log)
        wait_until(self._answers, 30, "PostgreSQL")

    def _answers(self):
        if self.process.poll() is not None:
            raise RuntimeError("PostgreSQL ended:\n" + (self.folder / "log").read_text())
        ready = [programs() / "pg_isready", "-q", "-h", self.folder, "-p", str(self.port)]
        return subprocess.run(ready, timeout=30, check=False).returncode == 0

    def _signal_all(self, number):
        """The server's own processes, and nobody else's."""
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children", encoding="ascii") as children:
            processes = [self.process.pid, *map(int, children.read().split())]
        for process in processes:
            try:
                os.kill(process, number)
            except ProcessLookupError:
                pass

    def freeze(self):
        self._signal_all(signal.SIGSTOP)

    def thaw(self):
        self._signal_all(signal.SIGCONT)

    def kill(self):
        """At once, as a power cut would."""
        if self.process is not None and self.process.poll() is None:
            self._signal_all(signal.SIGKILL)
            self.process.wait(30)

    def uri(self, root):
        """Over TCP, believing what `root` signed and nothing else."""
        return (f"postgresql://coldpitch@{NAME}:{self.port}/postgres"
                f"?hostaddr=127.0.0.1&sslmode=verify-full&sslrootcert={root}")

    def query(self, sql):
        psql = [programs() / "psql", "-h", self.folder, "-p", self.port, "-U", "coldpitch", "-d", "postgres", "-Atc", sql]
        return must_run(*psql).strip()
