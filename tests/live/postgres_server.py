# SPDX-License-Identifier: MIT
"""A private PostgreSQL server for live tests, on a free loopback port, run as nobody. Raises FileNotFoundError where none is installed."""

import os
import pathlib
import shutil
import signal
import subprocess

from mail_server import STARTS_WITHIN, free_port, must_run, wait_until

AS_NOBODY = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]


def programs():
    folders = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))
    if not folders:
        raise FileNotFoundError("no PostgreSQL server is installed")
    return folders[-1]


class PostgresServer:
    def __init__(self, folder):
        self.bin = programs()
        self.folder = folder.path / "postgresql"
        self.folder.mkdir()
        shutil.chown(self.folder, "nobody")
        self.port = free_port()
        self.uri = f"postgresql://coldpitch@127.0.0.1:{self.port}/postgres"
        must_run(*AS_NOBODY, self.bin / "initdb", "-D", self.folder / "data", "-U", "coldpitch", "-A", "trust", "-E", "UTF8",
                 "--locale=C", "--no-sync")
        self.process = None
        self.start()

    def start(self):
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*AS_NOBODY, self.bin / "postgres", "-D", self.folder / "data", "-k", self.folder, "-p", str(self.port),
                 "-c", "listen_addresses=127.0.0.1", "-c", "shared_buffers=32MB"],
                stdout=log, stderr=log, start_new_session=True,
            )
        asks = [self.bin / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        wait_until(lambda: subprocess.run(asks, check=False).returncode == 0, STARTS_WITHIN, "PostgreSQL answers")

    def kill(self):
        """SIGKILL to the server and all that serves its clients."""
        processes = [self.process.pid]
        processes += [int(child) for child in pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()]
        for process in processes:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)  # its fast shutdown
            self.process.wait(timeout=30)
