"""Reading JSON bodies: what the database cannot hold, or what would bring the reader down, is refused with a sentence."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

DEEPEST = 60
WORST_INTEGER = 2**63


class CarefulJSONParser(JSONParser):
    """JSON as people and databases can hold it: no NUL, no half letters, no number beyond 64 bits, not endlessly nested."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """Raises ParseError, which becomes a 400."""
        try:
            content = super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError(_("This JSON is nested too deeply to be meant.")) from error
        _check(content)
        return content


def _check(content: Any, depth: int = 0) -> None:
    if depth > DEEPEST:
        raise ParseError(_("This JSON is nested too deeply to be meant."))
    if isinstance(content, str):
        if "\x00" in content or any("\ud800" <= letter <= "\udfff" for letter in content):
            raise ParseError(_("A text holds signs that are no letters (NUL or half of a pair). Take them out."))
    elif isinstance(content, dict):
        for name, inner in content.items():
            _check(name)
            _check(inner, depth + 1)
    elif isinstance(content, list):
        for inner in content:
            _check(inner, depth + 1)
    elif isinstance(content, int | float) and not -WORST_INTEGER <= content < WORST_INTEGER:
        raise ParseError(_("A number is too large to be meant."))
