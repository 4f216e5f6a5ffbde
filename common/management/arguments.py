"""What arguments of commands mean: a file that is there, a row by code or by public id."""

from __future__ import annotations

from argparse import ArgumentTypeError
from pathlib import Path
from uuid import UUID


def existing_file(text: str) -> Path:
    """The file that `text` names. Raises ArgumentTypeError where there is none."""
    path = Path(text)
    if not path.is_file():
        raise ArgumentTypeError(f"there is no file “{text}”")
    return path


def code_or_id(text: str) -> UUID | str:
    """The public id that `text` is, or else a code as it stands."""
    try:
        return UUID(text)
    except ValueError:
        return text
