"""Whom a row of a list means: everybody, foreigners, citizens, nationals of some countries, or those who come from some."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from common import countries
from corridors.rules import NationalityIn, Not, Rule

_EVERYBODY = {
    "", "all", "everyone", "everybody", "anyone", "any", "*", "travellers", "travelers", "passengers", "все", "hamma",
    *(f"all {who}" for who in ("travellers", "travelers", "passengers", "people", "persons", "arrivals", "nationalities")),
}  # fmt: skip
_FOREIGNERS = {
    "foreign", "foreigner", "foreigners", "all foreigners", "all foreign nationals", "aliens", "noncitizens",
    *(f"foreign {who}" for who in ("nationals", "national", "citizens", "travellers", "travelers")),
    *(f"non{mark}{who}" for mark in "- " for who in ("citizens", "nationals")),
    "иностранцы", "иностранные граждане",
}  # fmt: skip
_CITIZENS = {
    "citizens",
    "nationals",
    "own citizens",
    "own nationals",
    "citizen",
    "national",
    "returning citizens",
    "граждане",
}
_AS_EVERYBODY = {
    "transit",
    "transit passengers",
    "in transit",
    "land",
    "land borders",
    "land travellers",
    "road",
    "vehicles",
}
_EXCEPT = re.compile(
    r"^(?:all|everyone|everybody|foreigners)?\s*(?:except|but not|other than|excluding|not|кроме)\s+(?:for\s+|of\s+)?"
)
_FROM = re.compile(
    r"^(?:(?:all\s+)?(?:arrivals|arriving|travellers|travelers|passengers|people|coming)\s+)?from\s+|^прибывающие из\s+"
)
_OF = re.compile(r"^(?:(?:citizens|nationals|passport holders|граждане)\s+(?:of\s+)?)|\s+(?:citizens|nationals)$")
_PARTS = re.compile(r"\s*[,;/+|&]\s*|\s+(?:and|or|и)\s+")


@dataclass(frozen=True, slots=True)
class Whom:
    """`nationalities` None: everybody. With `others` those are meant who have none of them. `origins`: coming from there."""

    nationalities: frozenset[str] | None = None
    others: bool = False
    origins: frozenset[str] = frozenset()
    remarks: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[object, ...]:
        """What tells two kinds of people apart."""
        return (self.nationalities, self.others, self.origins)

    @property
    def rule(self) -> Rule | None:
        """The condition of our rules; None for everybody."""
        if self.nationalities is None:
            return None
        among = NationalityIn(tuple(sorted(self.nationalities)))
        return Not(among) if self.others else among

    @property
    def words(self) -> str:
        """How the list means them, for one line of print."""
        who = _("everybody")
        if self.nationalities is not None:
            names = ", ".join(countries.name(code) for code in sorted(self.nationalities))
            who = (_("all but nationals of %(names)s") if self.others else _("nationals of %(names)s")) % {
                "names": names
            }
        if self.origins:
            names = ", ".join(countries.name(code) for code in sorted(self.origins))
            return _("%(who)s from %(names)s") % {"who": who, "names": names}
        return who


def read_whom(text: str, country: str) -> Whom:
    """Read whom a row means; `country` is that of the row. Raises ValueError with what to mend."""
    said = " ".join(text.casefold().replace("_", " ").replace("–", "-").split())
    if said in _EVERYBODY or said in _AS_EVERYBODY:
        remark = _("“%(text)s” is not told apart here: taken for everybody") % {"text": text}
        return Whom(remarks=(remark,) if said in _AS_EVERYBODY else ())
    if said in _FOREIGNERS or said in _CITIZENS:
        return Whom(frozenset({country}), others=said in _FOREIGNERS)
    if left := _FROM.sub("", said) if _FROM.match(said) else "":
        return Whom(origins=_codes(left, text, country))
    if left := _EXCEPT.sub("", said) if _EXCEPT.match(said) else "":
        return Whom(_codes(left, text, country), others=True)
    return Whom(_codes(said, text, country))


def _codes(said: str, text: str, country: str) -> frozenset[str]:
    found = set()
    whole = countries.find(_OF.sub("", said))
    for part in [said] if whole else _PARTS.split(said):
        plain = _OF.sub("", part.strip())
        code = country if part.strip() in _CITIZENS and country else countries.find(plain)
        if code is None:
            raise ValueError(
                _("“%(text)s” is nobody whom a rule can name. Give everyone, foreigners, citizens, or countries.")
                % {"text": text[:60]}
            )
        found.add(code)
    return frozenset(found)
