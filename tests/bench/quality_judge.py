# SPDX-License-Identifier: MIT
"""Judging many messages with `coldpitch check --json`, on several processors."""

import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile

CONFIG = "authentication: { trusted_authserv_ids: [mx.example.net] }\nlocal_domains: [example.net]\n"
BUILDS = ("release", "dev")


class JudgeError(Exception):
    """coldpitch could not be run, or did not judge what it was given."""


def find_program(wanted, source):
    """The program to measure: `wanted`, else the release build, else the dev build."""
    candidates = [pathlib.Path(wanted)] if wanted else [source / "build" / build / "bin" / "coldpitch" for build in BUILDS]
    for candidate in candidates:
        if candidate.is_file() and os.access(candidate, os.X_OK):
            return candidate.resolve()
    raise JudgeError(f"no program at {' or '.join(map(str, candidates))}; build it, or name it with --bin")


def judge(program, examples, policies=None, more_config="", jobs=2):
    """{path: judgement} of all examples. Each process gets every n-th file, so that long ones are shared out."""
    files = sorted({example.path.partition("#")[0] for example in examples})
    wanted = {example.path for example in examples}
    with tempfile.TemporaryDirectory() as scratch:
        config = pathlib.Path(scratch) / "coldpitch.yaml"
        config.write_text(CONFIG + more_config)
        if policies:
            (pathlib.Path(scratch) / "policies").symlink_to(pathlib.Path(policies).resolve())
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            shares = [files[start::jobs] for start in range(jobs)]
            runs = pool.map(lambda share: check(program, config, share), shares)
            found = {one["path"]: one for run in runs for one in run if one["path"] in wanted}
    missing = wanted - found.keys()
    if missing:
        raise JudgeError(f"{len(missing)} messages were not judged, such as {sorted(missing)[0]}")
    return found


def check(program, config, files):
    """The judgements of `files`, in blocks that fit a command line."""
    found = []
    for start in range(0, len(files), 500):
        command = [program, "check", "--json", "--history", "none", "--config", config, *files[start:start + 500]]
        run = subprocess.run(command, capture_output=True, check=False)
        if run.returncode not in (0, 3):
            raise JudgeError(f"exit status {run.returncode}: {run.stderr.decode(errors='replace').strip()[-2000:]}")
        if run.stderr:
            print(run.stderr.decode(errors="replace"), file=sys.stderr, end="")
        found += [json.loads(line) for line in run.stdout.splitlines()]
    return [one for one in found if one["verdict"] is not None]
