"""Join phrases of the active language so that nobody has to guess what belongs together."""

import re
from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

ENCLOSED = re.compile(r"\([^()]*\)|“[^”]*”|«[^»]*»")


def either(words: Iterable[str]) -> str:
    """Join words as alternatives: "a, b or c"."""
    return _joined(list(words), lambda first, last: _("%(first)s or %(last)s") % {"first": first, "last": last})


def together(words: Iterable[str]) -> str:
    """Join words that hold together: "a, b and c"."""
    return _joined(list(words), lambda first, last: _("%(first)s and %(last)s") % {"first": first, "last": last})


def who_are_also(people: Iterable[str]) -> str:
    """Say those who are several things at once: "children under 12 if they are also nationals of …"."""
    first, *others = people
    return (
        _("%(people)s if they are also %(others)s") % {"people": first, "others": together(others)} if others else first
    )


def bracketed(phrase: str) -> str:
    """Give a phrase that stands inside of a longer one: in brackets where its own joints would be read as joints of that."""
    bare, before = phrase, ""
    while bare != before:
        before, bare = bare, ENCLOSED.sub("", bare)
    return f"({phrase})" if any(joint in bare for joint in _joints()) else phrase


def _joints() -> tuple[str, ...]:
    return (", ", either(("\0", "\0")).replace("\0", ""), together(("\0", "\0")).replace("\0", ""))


def _joined(words: list[str], join: Callable[[str, str], str]) -> str:
    if not words:
        return _("nothing")
    return words[0] if len(words) == 1 else join(", ".join(words[:-1]), words[-1])
