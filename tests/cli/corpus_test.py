# SPDX-License-Identifier: MIT
"""`coldpitch check --json` over real mail: one object a message, none missing, none ill-formed, no crash.

The corpus is no part of the project. It is looked for in $COLDPITCH_CORPUS, else in shared/corpus beside the checkout;
where it is absent the test is skipped, and says so.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

SKIPPED = 77
SOURCE = pathlib.Path(os.environ["COLDPITCH_SOURCE"])
BUILD = pathlib.Path(os.environ["COLDPITCH_BUILD"])
CORPUS = pathlib.Path(os.environ.get("COLDPITCH_CORPUS", SOURCE.parent / "shared" / "corpus"))
FIELDS = {"path", "message_id", "channel", "verdict", "score", "threshold", "clauses", "evidence", "direct",
          "contact", "recipients", "language", "problems"}
VERDICTS = {"none", "suspect", "pitch", "repeat-pitch"}
CHANNELS = {"linkedin", "direct", "list", "outbound", "exempt"}


def check_folders(folders, config):
    files = sorted(
        str(file) for folder in folders for file in folder.rglob("*") if file.is_file() and not file.name.startswith(".")
    )
    run = subprocess.run(
        [BUILD / "bin" / "coldpitch", "check", "--json", "--config", config, *folders], capture_output=True, timeout=800
    )
    complaints = []
    if run.returncode != 0:
        complaints.append(f"exit status {run.returncode}: {run.stderr[-4000:].decode(errors='replace')}")
    seen = set()
    counts = {}
    for line in run.stdout.splitlines():
        found = json.loads(line)
        seen.add(found["path"].partition("#")[0])
        counts[found["verdict"]] = counts.get(found["verdict"], 0) + 1
        missing = FIELDS - found.keys()
        if missing or found["verdict"] not in VERDICTS or found["channel"] not in CHANNELS:
            complaints.append(f"{found['path']}: form: missing {missing}, {found['verdict']}, {found['channel']}")
        for evidence in found["evidence"]:
            if evidence["length"] != len(evidence["text"].encode()) and evidence["length"] != 0:
                complaints.append(f"{found['path']}: {evidence['rule']}: length is not that of the text")
    complaints += [f"{file}: no object" for file in files if file not in seen]
    print(f"{len(folders)} folders, {len(files)} files: {counts}", flush=True)
    return complaints


def main():
    wants_torture = sys.argv[1] == "torture"
    if not CORPUS.is_dir():
        print(f"SKIPPED: there is no corpus at {CORPUS}; set COLDPITCH_CORPUS to run this test")
        return SKIPPED
    folders = [path for path in sorted(CORPUS.iterdir()) if path.is_dir() and path.name.startswith("torture-") == wants_torture]
    with tempfile.TemporaryDirectory() as scratch:
        config = pathlib.Path(scratch) / "coldpitch.yaml"
        config.write_text("authentication: { trusted_authserv_ids: [mx.example.net] }\nlocal_domains: [example.net]\n")
        complaints = check_folders(folders, config) if folders else ["no folder"]
    print("\n".join(complaints))
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
