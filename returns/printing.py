"""Have a paper printed by a process of its own, so that the fonts leave the memory of the web with it."""

from __future__ import annotations

import json
import os
import subprocess  # nosec  # for our own press alone
import sys
from datetime import datetime

from django.conf import settings

LONGEST_PRINT = 30
"""Seconds."""


class PaperError(RuntimeError):
    """The paper would not print as it should; nothing half-made is given out."""


def printed(source: str, inputs: dict[str, str], *, at: datetime) -> bytes:
    """Give the PDF of a source of `returns/papers` with texts for its inputs. Raises PaperError."""
    order = {"source": source, "inputs": inputs, "timestamp": int(at.timestamp())}
    done = subprocess.run(  # our own program, and nothing of the order is in the call  # nosec
        [sys.executable, "-m", "returns.papers.press"],
        input=json.dumps(order, ensure_ascii=False).encode(),
        capture_output=True,
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ.get("PATH", ""), "PYTHONUTF8": "1"},  # no key of ours goes along
        timeout=LONGEST_PRINT,
        check=False,
    )
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        raise PaperError(done.stderr.decode(errors="replace")[-500:])
    return done.stdout
