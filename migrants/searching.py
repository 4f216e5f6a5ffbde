"""Search: whom somebody means who gives a name in any script, a number, a phone or a document, and why each is shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from migrants.entries import e164, normalised_phone
from migrants.identity import digest_of, name_keys
from migrants.looking_up import Clues, people_found
from migrants.models import Migrant, PersonPhone
from migrants.models.people import MigrantQuerySet
from migrants.names import NameMatch, icao, initial_keys, latin, match_names, slipped_keys, words

MOST = 20
"""So many are shown: whoever finds more has to say more."""
MOST_COMPARED = 120
SHORTEST_PART = 3

WHY: dict[str, str | Promise] = {
    "number": _("this number"),
    "document": _("a document with this number"),
    "phone": _("this telephone"),
    "same": _("the same name"),
    "spelling": _("the name in another spelling"),
    "ending": _("the name with another ending"),
    "called": _("the name with an addition of respect"),
    "close": _("the name but for one letter"),
    "initial": _("the name as far as initials tell"),
    "single": _("this one name"),
    "part": _("a part of the name"),
    "alike": _("a name like this"),
    "patronymic": _("the father’s name too"),
    "born": _("born in this year"),
}
"""Why somebody is found, in words."""

_LEVELS = ("same", "spelling", "ending", "called", "close", "initial", "single", "part", "alike")
_STRONG = frozenset({"same", "spelling", "ending", "called"})
_EXACT = frozenset({"number", "document", "phone"})
_DIALLED_BEFORE = ("00", "810")
_NETWORKS = ("TJ", "UZ", "KZ", "KG", "TM", "RU")
"""Countries whose numbers are said without the country here."""
_YEAR = re.compile(r"(?<!\d)(19|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who may be meant: the key of the person, and codes of `WHY`, the weightiest first."""

    pk: int
    why: tuple[str, ...]
    unsaid: int = 0
    """How much of the name, but its level, speaks against: 0 nothing, more the more."""

    @property
    def sentence(self) -> str:
        return ", ".join(str(WHY[code]) for code in self.why)


def search(*, asked: str, within: MigrantQuerySet, most: int = MOST, compared: int = MOST_COMPARED) -> list[Found]:
    """Give at most `most` people of `within` who may be meant by what is `asked`, the likeliest first.

    Numbers, phones and documents are found by their whole value only. A name may be in any script and spelling, its words in
    any order, one letter wrong; a year beside it ("Қодиров Умед 1986") puts those first who were born in it. `compared` are
    looked at of whom the asker reaches: more, where `within` is a small part of them.
    """
    asked = " ".join(asked.replace("\0", "").split())
    if not asked:
        return []
    year = _YEAR.search(asked)
    is_name_with_year = year is not None and any(map(str.isalpha, asked))
    name = " ".join(_YEAR.sub(" ", asked).split()) if is_name_with_year else asked
    born = int(year[0]) if year and is_name_with_year else None
    found = _ranked(people_found(_clues(asked, name), most=compared), name, born, within)
    certain = [each for each in found if not _STRONG.union(_EXACT).isdisjoint(each.why)]
    if not any(not _EXACT.isdisjoint(each.why) for each in found) and len(certain) < most:
        near = people_found(Clues(keys=slipped_keys(name), called=latin(name)), most=compared)
        known = {each.pk for each in found}
        found += _ranked({pk: clues for pk, clues in near.items() if pk not in known}, name, born, within)
        found.sort(key=_rank)
    return found[:most]


def _clues(asked: str, name: str) -> Clues:
    fields = (Migrant._meta.get_field("phone_index"), PersonPhone._meta.get_field("number_index"))
    document = digest_of(asked)
    has_digits = any(map(str.isdigit, asked))
    return Clues(
        number=asked,
        documents=[document] if document is not None and has_digits else [],
        phones=[field.digest(written) for written in _phones(asked) for field in fields] if has_digits else [],
        keys=name_keys(name) | initial_keys(name),
        parts=_parts(name),
        called=latin(name),
    )


def _phones(asked: str) -> Iterable[str]:
    """Give the numbers in full that may be meant: dialled from abroad (00, 8 10), or said without a country of here."""
    digits = "".join(str(unicodedata.digit(sign)) for sign in asked if sign.isdigit())
    abroad = [digits.removeprefix(prefix) for prefix in _DIALLED_BEFORE if digits.startswith(prefix)]
    at_home = (e164(digits, near=country) for country in _NETWORKS)
    return {"+" + digits, normalised_phone(asked), *("+" + each for each in abroad), *at_home} - {"", "+"}


def _parts(name: str) -> list[str]:
    """Give what a written name may contain: as asked, and one word alone in Latin letters, for which there is no key."""
    if len(name) < SHORTEST_PART or not any(map(str.isalpha, name)):
        return []
    if len(words(name)) > 1:
        return [name.rstrip(". ")]
    return list(dict.fromkeys(part for part in (name, latin(name), icao(name)) if len(part) >= SHORTEST_PART))


def _ranked(found: dict[int, frozenset[str]], name: str, born: int | None, within: MigrantQuerySet) -> list[Found]:
    """Say why each of `found` is found, and put the likeliest first; of equally likely ones their order stays."""
    rows = within.filter(pk__in=found).only("pk", "full_name", "latin_name", "birth_year").prefetch_related("names")
    known = {row.pk: row for row in rows}
    return sorted((_found(known[pk], found[pk], name, born) for pk in found if pk in known), key=_rank)


def _found(person: Migrant, clues: frozenset[str], name: str, born: int | None) -> Found:
    why, unsaid = [code for code in WHY if code in clues & _EXACT], 0
    if clues & {"name", "part"}:
        written = dict.fromkeys(
            [person.full_name, person.latin_name, *(other.full_name for other in person.names.all())]
        )
        match = min((match_names(name, each) for each in written if each), key=_likeness)
        why.append(match.level if match.level in _LEVELS[:-1] else "part" if "part" in clues else "alike")
        why += ["patronymic"] if match.patronymic else []
        unsaid = _unsaid(match)
    return Found(person.pk, tuple(why + (["born"] if born is not None and person.birth_year == born else [])), unsaid)


def _unsaid(match: NameMatch) -> int:
    """Weigh what the names do not agree in: another father most, then a name left over that is no father's, then a father
    of whom nothing was said and an ending. Fathers are left out as often as endings change, so the two weigh alike.
    """
    if match.patronymic is not None:
        return 0 if match.patronymic else 4
    ending = _LEVELS.index(match.level) - 1 if match.level in ("ending", "called") else 0
    return ending + (0 if not match.over else 1 if match.is_father_over else 3)


def _likeness(match: NameMatch) -> tuple[int, bool, bool]:
    level = _LEVELS.index(match.level) if match.level in _LEVELS else len(_LEVELS)
    return level, match.patronymic is False, match.patronymic is None


def _rank(found: Found) -> tuple[bool, bool, bool, bool, int, int]:
    level = next((_LEVELS.index(code) for code in found.why if code in _LEVELS), len(_LEVELS))
    is_strong = not _STRONG.isdisjoint(found.why)
    has_father = "patronymic" in found.why
    return _EXACT.isdisjoint(found.why), not is_strong, "born" not in found.why, not has_father, found.unsaid, level
