"""Small readers of JSON values, each with a sentence for whoever wrote the value."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from common.countries import is_nationality_code


class RuleError(ValueError):
    """A rule that cannot be read. `path` says where ("rule.any[1].test"), `sentence` what to do."""

    def __init__(self, path: str, sentence: str) -> None:
        super().__init__(f"{path}: {sentence}")
        self.path = path
        self.sentence = sentence


def object_of(value: Any, path: str, *, known: Iterable[str]) -> Mapping[str, Any]:
    """Give `value` if it is an object that has only known names."""
    if not isinstance(value, Mapping):
        raise RuleError(path, _("give an object, not %(kind)s") % {"kind": type(value).__name__})
    names = tuple(known)
    for name in value:
        if name not in names:
            raise RuleError(
                f"{path}.{str(name)[:40]}",
                _("is not known here; use: %(names)s") % {"names": ", ".join(names)}
                if names
                else _("is not known here; give an empty object"),
            )
    return value


def words_of(value: Any, path: str, known: Iterable[str]) -> tuple[str, ...]:
    """Give a list of one or more of the `known` words, each once."""
    names = list(known)
    if not isinstance(value, list) or not value or any(word not in names for word in value):
        raise RuleError(path, _("give a list with one or more of: %(names)s") % {"names": ", ".join(names)})
    _refuse_twice(value, path)
    return tuple(value)


def word_of(value: Any, path: str, known: Iterable[str]) -> str:
    """Give one of the `known` words."""
    names = list(known)
    if not isinstance(value, str) or value not in names:
        raise RuleError(path, _("use one of: %(names)s") % {"names": ", ".join(names)})
    return value


def countries_of(value: Any, path: str) -> tuple[str, ...]:
    """Give a list of one or more codes of nationality, each once."""
    if not isinstance(value, list) or not value:
        raise RuleError(path, _("give a list with at least one country code, such as TJK"))
    for number, code in enumerate(value):
        if not isinstance(code, str) or not is_nationality_code(code):
            raise RuleError(
                f"{path}[{number}]", _("“%(code)s” is not a country code of three letters") % {"code": str(code)[:20]}
            )
    _refuse_twice(value, path)
    return tuple(value)


def one_line(value: Any, path: str, *, most: int, needed: bool = True) -> str:
    """Give one line of text of at most `most` letters, without blanks around it."""
    sentence = _("give one line of text of at most %(most)d letters") % {"most": most}
    if not isinstance(value, str) or len(value) > most or not value.isprintable():
        raise RuleError(path, sentence)
    text = value.strip()
    if needed and not text:
        raise RuleError(path, sentence)
    return text


def whole_of(value: Any, path: str, *, least: int, most: int) -> int:
    """Give a whole number between two bounds, both included."""
    if not is_whole(value, least, most):
        raise RuleError(path, _("give a whole number between %(least)d and %(most)d") % {"least": least, "most": most})
    return int(value)


def is_whole(value: Any, least: int, most: int) -> bool:
    """Tell whether a value is a whole number (true and false are none) between two bounds."""
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _refuse_twice(values: list[str], path: str) -> None:
    if len(set(values)) != len(values):
        raise RuleError(path, _("name each only once"))
