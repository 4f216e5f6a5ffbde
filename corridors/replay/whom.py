"""Whom a row of a list means: everybody, foreigners, citizens, residents, those in transit, an age, or nationals.

What a row says of where people come from is kept apart from who they are: the way tells it, not the person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common import countries
from corridors.replay.demonyms import country_of
from corridors.rules import (
    Age,
    All,
    AnyOf,
    NationalityIn,
    Not,
    Passage,
    PurposeIn,
    ResidenceIn,
    Rule,
    canonical_text,
    describe,
)

_EVERYBODY = {
    "", "all", "everyone", "everybody", "anyone", "any", "*", "travellers", "travelers", "passengers", "people", "persons",
    "все", "все граждане", "hamma", "ҳама", "total", "general population",
    *(f"all {who}" for who in ("travellers", "travelers", "passengers", "people", "persons", "arrivals", "nationalities")),
}  # fmt: skip
_AS_EVERYBODY = {"land", "land borders", "land travellers", "road", "vehicles", "pedestrians", "migrants"}
_CITIZENS = {"citizens", "nationals", "citizen", "national", "own citizens", "own nationals", "returning citizens",
             "returnees", "returning nationals", "граждане"}  # fmt: skip
_FOREIGNERS = {
    "foreign", "foreigner", "foreigners", "all foreigners", "all foreign nationals", "aliens", "noncitizens",
    "third-country nationals",
    *(f"foreign {who}" for who in ("nationals", "national", "citizens", "travellers", "travelers", "passengers")),
    *(f"non{mark}{who}" for mark in "- " for who in ("citizens", "nationals")),
    "иностранцы", "иностранные граждане",
}  # fmt: skip
_RESIDENTS = {"residents", "resident", "permanent residents", "legal residents", "own residents", "жители", "резиденты"}
_FOREIGN_RESIDENTS = {
    "foreign residents",
    "resident foreigners",
    "foreigners with residence permit",
    "residence permit holders",
}
_STRANGERS = {
    "non-resident foreigners", "foreign non-residents", "foreigners without residence permit",
    "foreigners without a residence permit", "foreign nationals without residence permit",
}  # fmt: skip
_NON_RESIDENTS = {"non-residents", "non residents", "nonresidents", "нерезиденты"}
_TRANSIT = {"transit", "transit passengers", "transit travellers", "transit travelers", "in transit", "транзит"}
_PURPOSES = {
    "work": ("workers", "migrant workers", "labour migrants", "labor migrants", "трудовые мигранты"),
    "study": ("students", "студенты"),
    "family": ("family members",),
    "treatment": ("patients", "medical cases"),
}
_CARRY_GOODS = {
    "truck drivers", "lorry drivers", "drivers", "cargo", "freight", "goods", "crew", "crews", "diplomats", "officials",
    "humanitarian cases", "essential workers", "водители", "грузы", "дипломаты",
}  # fmt: skip
"""Whom our rules cannot name and whom this house does not carry: as an exception they change nothing for anybody else."""

_ONLY = re.compile(r"^only\s+(?:for\s+)?|\s+only$|^только\s+")
_EXCEPT = re.compile(
    r"^(?P<base>.*?)\s*\b(?:except|but not|other than|excluding|not|кроме)\s+(?:for\s+|of\s+)?(?P<left>.+)$"
)
_FROM = re.compile(
    r"^(?:(?:all\s+)?(?:arrivals|arriving|travellers|travelers|passengers|people|everyone|all|coming)\s+)?from\s+"
    r"|^прибывающие из\s+"
)
_OF = re.compile(r"^(?:(?:citizens|nationals|passport holders|граждане)\s+(?:of\s+)?)|\s+(?:citizens|nationals)$")
_LIVING = re.compile(r"^(?:residents of|living in|жители)\s+")
_AGE = re.compile(
    r"^(?:(?:children|people|those|aged) )?(under|below|over|from|до|старше) (\d{1,2})(?: years?(?: old)?)?$"
)
_PARTS = re.compile(r"\s*[,;/+|&]\s*|\s+(?:and|or|и|или)\s+")


@dataclass(frozen=True, slots=True)
class Whom:
    """`rule` is the condition of our rules (None: everybody), `origins` where they come from (empty: anywhere)."""

    rule: Rule | None = None
    origins: frozenset[str] = frozenset()
    remarks: tuple[str, ...] = ()

    @property
    def everybody(self) -> bool:
        """Tell whether the row names nobody in particular."""
        return self.rule is None and not self.origins

    @property
    def key(self) -> tuple[object, ...]:
        """What tells two kinds of people apart."""
        return ("" if self.rule is None else canonical_text(self.rule), self.origins)

    @property
    def words(self) -> str:
        """How the list means them, for one line of print."""
        who = _("everybody") if self.rule is None else describe(self.rule)
        if self.origins:
            names = ", ".join(countries.name(code, get_language() or "en") for code in sorted(self.origins))
            return _("%(who)s from %(names)s") % {"who": who, "names": names}
        return who

    def narrowed(self, to: Rule) -> Whom:
        """Give those of them for whom `to` holds as well."""
        return replace(self, rule=to if self.rule is None else All((self.rule, to)))


def read_whom(text: str, country: str) -> Whom:
    """Read whom a row means; `country` is that of the row. Raises ValueError with what to mend."""
    said = _ONLY.sub("", " ".join(text.casefold().replace("_", " ").replace("–", "-").split()))
    if said in _EVERYBODY or said in _AS_EVERYBODY:
        remark = _("“%(text)s” is not told apart here: taken for everybody") % {"text": text}
        return Whom(remarks=(remark,) if said in _AS_EVERYBODY else ())
    if left := _FROM.sub("", said) if _FROM.match(said) else "":
        return Whom(origins=_origins(left, text))
    found = _one_of(said, text, country)
    if found is not None:
        return Whom(found)
    if excepted := _EXCEPT.match(said):
        return _all_but(excepted["base"], excepted["left"], text, country)
    raise ValueError(_nobody(text))


def _all_but(base: str, left: str, text: str, country: str) -> Whom:
    """Everybody or some, but for those whom the row spares."""
    among = read_whom(base, country) if base else Whom()
    if left in _CARRY_GOODS or all(part in _CARRY_GOODS for part in _PARTS.split(left)):
        remark = _("“%(text)s” are not told apart here: left aside") % {"text": left}
        return replace(among, remarks=(*among.remarks, remark))
    spared = _one_of(left, text, country)
    if spared is None:
        raise ValueError(_nobody(text))
    return among.narrowed(Not(spared))


def _one_of(said: str, text: str, country: str) -> Rule | None:
    """The people of one phrase, or of several joined; None where one of them is nobody whom a rule can name."""
    if (whole := _atom(said, country)) is not None:
        return whole
    parts = [_atom(part.strip(), country) for part in _PARTS.split(said)]
    if len(parts) < 2 or None in parts:
        return None
    known = [part for part in parts if part is not None]
    if all(isinstance(part, NationalityIn) for part in known):
        codes = {code for part in known if isinstance(part, NationalityIn) for code in part.countries}
        return NationalityIn(tuple(sorted(codes)))
    return AnyOf(tuple(known))


def _atom(said: str, country: str) -> Rule | None:
    own, living = NationalityIn((country,)), ResidenceIn((country,))
    for words, rule in (
        (_CITIZENS, own), (_FOREIGNERS, Not(own)), (_RESIDENTS, living), (_NON_RESIDENTS, Not(living)),
        (_FOREIGN_RESIDENTS, All((Not(own), living))), (_STRANGERS, All((Not(own), Not(living)))),
        (_TRANSIT, Passage("transit")), ({"children", "minors", "дети"}, Age(None, 18)), ({"adults"}, Age(18, None)),
    ):  # fmt: skip
        if said in words:
            return rule
    for purpose, names in _PURPOSES.items():
        if said in names:
            return PurposeIn((purpose,))
    if aged := _AGE.match(said):
        years = int(aged[2])
        return Age(None, years) if aged[1] in ("under", "below", "до") and years else Age(years, None)
    if _LIVING.match(said):
        code = country_of(_LIVING.sub("", said))
        return ResidenceIn((code,)) if code else None
    code = country_of(_OF.sub("", said))
    return NationalityIn((code,)) if code else None


def _origins(said: str, text: str) -> frozenset[str]:
    whole = country_of(said)
    found = {whole} if whole else {country_of(part.strip()) for part in _PARTS.split(said)}
    codes = frozenset(code for code in found if code)
    if not codes or len(codes) < len(found):
        raise ValueError(_nobody(text))
    return codes


def _nobody(text: str) -> str:
    return _(
        "“%(text)s” is nobody whom a rule can name. Give everyone, foreigners, citizens, residents, transit, children under "
        "an age, countries, or one of these after “except”."
    ) % {"text": text[:60]}
