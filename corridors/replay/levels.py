"""What the words of a list mean in our rules: a table that can be extended without touching the code."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from django.utils.translation import gettext as _

from corridors.enums import RequirementSubject
from corridors.rules import RuleError, TestKind, parse_content

TABLE = Path(__file__).parents[1] / "fixtures" / "levels.toml"
Asked: TypeAlias = Mapping[str, Mapping[str, Any] | None]
"""By subject the content that is asked, None where nothing is asked any more; subjects left out stay as they were."""
_HOURS = re.compile(r"(\d{1,3})\s*-?\s*(?:hours?|hrs?|h|час\w*|ч)\b")
_DAYS = re.compile(r"(\d{1,3})\s*-?\s*(?:days?|d|дн\w*|сут\w*)\b")
_NUMBERED = re.compile(r"(?:level|stage|c8|уровень)?\s*[:=#]?\s*(\d)(?:\.0+)?(?:\s+-\s.*|\s*[:(].*)?")


class LevelError(ValueError):
    """A level that nobody can read, or a table of levels that is wrong; the text says what to mend."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Level:
    """One line of the table. `numbered_lifts` holds only where the row gave a number: a number is the whole picture."""

    name: str
    words: tuple[str, ...]
    asks: Mapping[str, Mapping[str, Any]]
    lifts: tuple[str, ...]
    numbered_lifts: tuple[str, ...]
    whom: str


@dataclass(frozen=True, slots=True)
class Levels:
    """The whole table, and what is meant where a row gives no number of hours or days."""

    levels: tuple[Level, ...]
    hours: int
    days: int

    @property
    def names(self) -> str:
        return ", ".join(level.name for level in self.levels)


@dataclass(frozen=True, slots=True)
class Meant:
    """What a row means: the names of its levels, what they ask, and whom, where the row itself names nobody."""

    name: str
    asked: Asked
    whom: str
    remarks: tuple[str, ...] = ()


def load(more: Path | None = None) -> Levels:
    """Read our table, and `more` before it: a word that stands in both has the meaning of `more`. Raises LevelError."""
    tables = [_read(path) for path in (more, TABLE) if path is not None]
    defaults: dict[str, Any] = {}
    for table in reversed(tables):
        defaults |= table.get("defaults", {})
    levels = [_level(row) for table in tables for row in table.get("levels", [])]
    found = Levels(tuple(levels), int(defaults.get("hours", 72)), int(defaults.get("days", 14)))
    for level in levels:
        _check(found, level)
    return found


def meaning(levels: Levels, level: str, note: str = "") -> Meant:
    """Say what `level` means, as a number or in words. Raises LevelError where no word or two contrary ones are known."""
    text = _folded(level)
    numbered = _NUMBERED.fullmatch(text)
    chosen, aside = _named(levels, numbered[1] if numbered else text)
    _refuse_turned(level, aside if chosen else [])
    if not chosen:
        raise LevelError(
            _("“%(level)s” is no level that we know. Use one of: 0 to 4, %(names)s; or add it to the table of levels.")
            % {"level": level[:60], "names": levels.names}
        )
    values = _values(levels, f"{text} {_folded(note)}")
    asked: dict[str, Mapping[str, Any] | None] = {}
    for each in chosen:
        for subject, content in _asked(each, values, numbered=bool(numbered)).items():
            if asked.setdefault(subject, content) != content:
                raise LevelError(
                    _("“%(level)s” says two things that cannot both be: %(names)s. Give each a row of its own.")
                    % {"level": level[:60], "names": ", ".join(one.name for one in chosen)}
                )
    return Meant(
        ", ".join(one.name for one in chosen),
        asked,
        next((one.whom for one in chosen if one.whom), ""),
        (_("“%(words)s” of the level was left aside") % {"words": " ".join(aside)},) if aside else (),
    )


def _refuse_turned(level: str, aside: list[str]) -> None:
    """Refuse a level of which a word is left that could turn its meaning: "flights suspended" closes no road."""
    turned = [word for word in aside if word in _TURNING]
    if turned:
        raise LevelError(
            _(
                "“%(level)s” is not understood: “%(words)s” changes what is meant. Say whom it concerns in applies_to, or add "
                "these words to the table of levels."
            )
            % {"level": level[:60], "words": " ".join(turned)}
        )


def _named(levels: Levels, text: str) -> tuple[list[Level], list[str]]:
    """The level that is called exactly so, else each whose words stand in the text, the longest words first.

    The second value are words that no level took and that are not mere padding.
    """
    text = text.strip(" .!")
    for level in levels.levels:
        if text in (level.name, *level.words):
            return [level], []
    phrases = sorted(((word, level) for level in levels.levels for word in level.words), key=lambda pair: -len(pair[0]))
    found: list[Level] = []
    for word, level in phrases:
        if word.isdigit():
            continue
        left = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", "·", text)
        if left != text:
            text = left
            if level not in found:
                found.append(level)
    left = _DAYS.sub(" ", _HOURS.sub(" ", text))
    return found, [word for word in re.findall(r"[^\W\d][\w'-]*", left) if word not in _PADDING]


def _asked(level: Level, values: Mapping[str, Any], *, numbered: bool) -> Asked:
    lifts = (*level.lifts, *(level.numbered_lifts if numbered else ()))
    return {**dict.fromkeys(lifts), **{subject: _filled(content, values) for subject, content in level.asks.items()}}


def _values(levels: Levels, text: str) -> dict[str, Any]:
    """Hours, days and kinds of test as the row says them; where it says none or several, those of the table."""
    hours, days = set(_HOURS.findall(text)), set(_DAYS.findall(text))
    kinds = [kind for kind, words in _KINDS.items() if any(word in text for word in words)]
    return {
        "hours": int(hours.pop()) if len(hours) == 1 else levels.hours,
        "days": int(days.pop()) if len(days) == 1 else levels.days,
        "kinds": kinds,
    }


_TURNING = _words(
    "only except excluding unless but not no without some certain selected flights flight air airport airports aviation "
    "visa visas transit cargo freight trucks goods rail railway trains sea ports кроме только не без авиа рейсы визы "
    "транзит"
)
_PADDING = _words(
    "a an and or the of for on at in to with within old older than all everyone arrival arrivals entry exit border "
    "borders crossing crossings land required mandatory negative valid proof country national temporarily temporary "
    "fully hours days day и для на все всех границы границ часов дней"
)
_KINDS = {TestKind.PCR.value: ("pcr", "пцр"), TestKind.RAPID.value: ("rapid", "antigen", "экспресс", "антиген")}


def _filled(content: Any, values: Mapping[str, Any]) -> Any:
    match content:
        case Mapping():
            filled = {key: _filled(value, values) for key, value in content.items()}
            if "max_age_hours" in filled and values["kinds"]:
                filled["kinds"] = values["kinds"]
            return filled
        case list():
            return [_filled(value, values) for value in content]
        case "{hours}":
            return values["hours"]
        case str():
            return content.replace("{days}", str(values["days"])).replace("{hours}", str(values["hours"]))
        case _:
            return content


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LevelError(
            _("The table of levels “%(name)s” cannot be read: %(why)s") % {"name": path.name, "why": error}
        ) from error


def _level(row: Mapping[str, Any]) -> Level:
    words = tuple(_folded(str(word)) for word in row.get("words", []))
    name = str(row.get("name", words[0] if words else ""))
    return Level(
        name=name,
        words=(*words, _folded(name)),
        asks=row.get("asks", {}),
        lifts=tuple(row.get("lifts", ())),
        numbered_lifts=tuple(row.get("numbered_lifts", ())),
        whom=str(row.get("whom", "")),
    )


def _check(levels: Levels, level: Level) -> None:
    """Refuse a level without a name, of a subject that is none, or with a rule that cannot be read."""
    if not level.name:
        raise LevelError(_("A level of the table has neither a name nor words."))
    for subject, content in _asked(level, _values(levels, ""), numbered=True).items():
        if subject not in RequirementSubject.values:
            raise LevelError(
                _("The level “%(name)s” speaks of “%(subject)s”; use one of: %(subjects)s.")
                % {"name": level.name, "subject": subject, "subjects": ", ".join(RequirementSubject.values)}
            )
        try:
            parse_content(content or {"rule": {"all": []}})
        except RuleError as error:
            raise LevelError(
                _("The level “%(name)s” has a rule that cannot be read: %(why)s") % {"name": level.name, "why": error}
            ) from error


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").replace("–", "-").split())
