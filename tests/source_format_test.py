# SPDX-License-Identifier: MIT
"""clang-format over every source file: none would be changed."""

import os
import pathlib
import shutil
import subprocess
import sys

SOURCE = pathlib.Path(os.environ["COLDPITCH_SOURCE"])
FOLDERS = ("parsers", "history", "policies", "milter", "cli", "tests")


def main():
    if shutil.which("clang-format") is None:
        print("SKIPPED: clang-format is not installed")
        return 77
    files = [str(file) for folder in FOLDERS for file in sorted((SOURCE / folder).rglob("*")) if file.suffix in (".h", ".cpp")]
    assert files
    return subprocess.run(["clang-format", "--dry-run", "--Werror", *files], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
