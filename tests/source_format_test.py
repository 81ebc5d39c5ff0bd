# SPDX-License-Identifier: MIT
"""clang-format over every source file: none would be changed."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

SOURCE = pathlib.Path(os.environ["COLDPITCH_SOURCE"])
# Debian 12's. Others break some lines elsewhere.
VERSION = "14"
FOLDERS = ("parsers", "history", "policies", "milter", "cli", "tests")


def main():
    if shutil.which("clang-format") is None:
        print("SKIPPED: clang-format is not installed")
        return 77
    told = subprocess.run(["clang-format", "--version"], capture_output=True, text=True, check=True).stdout
    if re.search(r"version (\d+)", told)[1] != VERSION:
        print(f"SKIPPED: the sources are formatted by clang-format {VERSION}, not by this one: {told.strip()}")
        return 77
    files = [str(file) for folder in FOLDERS for file in sorted((SOURCE / folder).rglob("*")) if file.suffix in (".h", ".cpp")]
    assert files
    return subprocess.run(["clang-format", "--dry-run", "--Werror", *files], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
