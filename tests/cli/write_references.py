# SPDX-License-Identifier: MIT
"""Writes the references of docs/ anew: run it after a change of a table of keys.

    python3 tests/cli/write_references.py build/dev/bin/coldpitch
"""

import pathlib
import re
import subprocess
import sys

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"
MADE = re.compile(r"(<!-- made by: coldpitch ([a-z -]+) -->\n).*?(<!-- end -->\n)", re.DOTALL)


def main(program):
    def made(match):
        text = subprocess.run([program, *match[2].split()], capture_output=True, text=True, check=True).stdout
        return match[1] + text + match[3]

    for file in DOCS.glob("*.md"):
        before = file.read_text()
        after = MADE.sub(made, before)
        if after != before:
            file.write_text(after)
            print(f"{file} written")


if __name__ == "__main__":
    main(sys.argv[1])
