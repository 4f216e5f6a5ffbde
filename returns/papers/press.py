"""Print one paper: JSON on the standard input, PDF on the standard output. Run as a program, it ends with its memory.

The input holds `source` (a file of this folder), `inputs` (texts for `sys.inputs`) and `timestamp`. A warning, such as a font
that is not there, prints nothing: it is told on the standard error, and the exit code is 1.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import typst

HERE = Path(__file__).parent


def press(source: str, inputs: dict[str, str], timestamp: int) -> tuple[bytes, list[str]]:
    """Give the PDF and the warnings of the compiler; only its own fonts are used, and nothing outside of this folder."""
    pdf, warnings = typst.compile_with_warnings(
        str(HERE / source),
        root=str(HERE),
        ignore_system_fonts=True,
        font_paths=[],
        format="pdf",
        sys_inputs=inputs,
        timestamp=timestamp,
    )
    return bytes(pdf), [str(warning) for warning in warnings]


def main() -> int:
    order = json.load(sys.stdin)
    pdf, warnings = press(order["source"], order["inputs"], order["timestamp"])
    if warnings:
        sys.stderr.write("\n".join(warnings))
        return 1
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main())
