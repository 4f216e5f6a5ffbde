"""Who must know of a change at a crossing: whoever said so beforehand, never whoever happens to be among the people there."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from corridors.lines import crossings_of, place_of
from corridors.messages import KIND
from corridors.models import BorderCrossing, Requirement
from corridors.rules import All, AnyOf, Content, NationalityIn, Not, Rule
from corridors.rules.tree import negations_inside
from partners.interests import COUNTRY, CROSSING, NATIONALITY
from partners.models import Interest, Organisation, standing


def audience_of_line(
    line: Requirement, *, content: Content | None = None, without: Collection[str] = (), at: datetime
) -> list[tuple[Organisation, bool]]:
    """Organisations with a standing interest where a line is asked, each with whether it serves the halt; by name. Those
    that do not stand in the directory `at` that hour are not among them.

    Of a line of every crossing: whoever wants to know of one of them, or of `crossings:KAZ-UZB` as such. With `content`
    also whoever wants to know what is asked of a nationality that it can be asked of.
    """
    if line.crossing is not None:
        ends = {"from_country": line.from_country, "to_country": line.to_country}
        return standing_audience(crossing=line.crossing, **ends, content=content, without=without, at=at)
    subjects = [place_of(line), *map(of_country, filter(None, (line.from_country, line.to_country)))]
    for crossing in crossings_of(line).prefetch_related("sides"):
        sides = [side.country for side in crossing.sides.all()]
        subjects.append(subject_of(crossing))
        subjects += [
            f"{subject_of(crossing)}:{one}-{other}"
            for one in ([line.from_country] if line.from_country else sides)
            for other in ([line.to_country] if line.to_country else sides)
        ]
    return _interested(subjects, KIND, content=content, without=without, at=at)


def standing_audience(
    *,
    crossing: BorderCrossing,
    from_country: str,
    to_country: str,
    content: Content | None = None,
    without: Collection[str] = (),
    kind: str = KIND,
    at: datetime,
) -> list[tuple[Organisation, bool]]:
    """The same of a crossing and a direction, for alerts of a `kind`.

    An interest in `crossing:KZ-UZ-01` is one in both directions; `crossing:KZ-UZ-01:KAZ-UZB` names one; `country:UZB`
    is one in every crossing from or to that country. `without` are codes left out: the authority that made the demand
    is not told of it.
    """
    subjects = [subject_of(crossing), f"{subject_of(crossing)}:{from_country}-{to_country}"]
    subjects += map(of_country, filter(None, (from_country, to_country)))
    return _interested(subjects, kind, content=content, without=without, at=at)


def _interested(
    subjects: Collection[str], alert_kind: str, *, content: Content | None, without: Collection[str], at: datetime
) -> list[tuple[Organisation, bool]]:
    wanted = Q(subject__in=subjects)
    if content is not None:
        wanted |= Q(subject__startswith=NATIONALITY)
    interests = (
        Interest.objects.filter(wanted, standing(at, "organisation__"), alert_kind__in=["", alert_kind])
        .exclude(organisation__code__in=without)
        .select_related("organisation")
        .order_by("organisation__name_en", "organisation__pk")
    )
    serves: dict[Organisation, bool] = {}
    for interest in interests:
        kind, _colon, code = interest.subject.partition(":")
        if f"{kind}:" == NATIONALITY and (content is None or not may_ask(content, code)):
            continue
        at_the_halt = interest.serves_halt and f"{kind}:" == CROSSING
        serves[interest.organisation] = serves.get(interest.organisation, False) or at_the_halt
    return list(serves.items())


def may_ask(content: Content, nationality: str) -> bool:
    """Whether a national of that country may be among those of whom a requirement asks something. Pure.

    It looks at what is written, never at who waits: what cannot be known of a nationality alone counts as possible.
    """
    meant = content.applies is None or _holds(negations_inside(content.applies), nationality) is not False
    spared = content.exempt is not None and _holds(negations_inside(content.exempt), nationality) is True
    return meant and not spared


def _holds(rule: Rule, nationality: str) -> bool | None:
    """True, False, or None where a nationality alone does not tell; every `not` stands on a leaf."""
    match rule:
        case NationalityIn(countries):
            return nationality in countries
        case Not(NationalityIn(countries)):
            return nationality not in countries
        case All(parts):
            known = [_holds(part, nationality) for part in parts]
            return False if False in known else None if None in known else True
        case AnyOf(parts):
            known = [_holds(part, nationality) for part in parts]
            return True if True in known else None if None in known else False
        case _:
            return None


def subject_of(crossing: BorderCrossing) -> str:
    """How interests and alerts name a crossing."""
    return f"{CROSSING}{crossing.code}"


def of_country(code: str) -> str:
    """How interests name a country."""
    return f"{COUNTRY}{code}"
