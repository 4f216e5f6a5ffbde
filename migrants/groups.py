"""Open a group at a crossing and write down how many were counted. Nobody in it need be registered (rule 23)."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from corridors.models import BorderCrossing, CrossingSide
from migrants.enums import Confidence, NeedOfGroup
from migrants.families import Place, follow
from migrants.models import Family, HeadCount, Migrant, TravelGroup
from partners.models import Office

BY_AGE = ("men", "women", "children_5_17", "children_under_5")
LONGEST_NOTE = 2000
CLOCK_TOLERANCE = timedelta(minutes=10)
"""Phones keep time badly; a count from further ahead than this is refused."""


class GroupError(RefusalError):
    """A group or a count that cannot be stored. `field` names the place, `sentence` what is wrong and the remedy."""


class DifferentCountError(GroupError):
    """The same device id came again with other content."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What somebody counted: by sex (`males`, `females`), by age band, or both; None where it was not noted.

    `total` None: the sum of what was given. `exact` False: an estimate.
    """

    counted_at: datetime
    total: int | None = None
    exact: bool = True
    males: int | None = None
    females: int | None = None
    men: int | None = None
    women: int | None = None
    children_5_17: int | None = None
    children_under_5: int | None = None
    children_alone: int | None = None
    needs: tuple[str, ...] = ()
    mood: str = ""
    note: str = ""

    def heads(self) -> int:
        """How many people that is: as said, else by sex, else by age."""
        if self.total is not None:
            return self.total
        by_sex = [n for n in (self.males, self.females) if n is not None]
        return sum(by_sex) if by_sex else sum(getattr(self, name) or 0 for name in BY_AGE)


@transaction.atomic
def open_group(
    *,
    public_id: uuid.UUID | None = None,
    crossing: BorderCrossing,
    from_country: str,
    to_country: str,
    waiting_since: datetime,
    source: str,
    confidence: str,
    mission: Office,
    by: Actor,
    at: datetime,
) -> TravelGroup:
    """Open a group that waits at `crossing` to go from one country to the other.

    Its code is made of the crossing's name and the local day since when it waits: ZZ-0928. The same `public_id` again
    gives the same group. Raises GroupError where the crossing has no such direction or the day lies ahead.
    """
    if public_id is not None:
        _one_at_a_time(str(public_id))
        known = TravelGroup.objects.filter(public_id=public_id).first()
        if known is not None:
            return known
    side = _waiting_side(crossing, from_country, to_country)
    if waiting_since > at:
        raise GroupError(
            "waiting_since", _("A group cannot wait since a time that lies ahead. Give a time in the past.")
        )
    group = TravelGroup.objects.create(
        public_id=public_id or uuid.uuid4(),
        code=_free_code(_initials(side.name_latin), waiting_since.astimezone(ZoneInfo(side.zone))),
        mission=mission,
        crossing=crossing,
        from_country=from_country,
        to_country=to_country,
        waiting_since=waiting_since,
        source=source.strip(),
        confidence=Confidence(confidence),
        recorded_at=at,
        by=by,
    )
    audit.record("group opened", group, by=by, at=at)
    return group


def _waiting_side(crossing: BorderCrossing, from_country: str, to_country: str) -> CrossingSide:
    sides = {side.country: side for side in crossing.sides.all()}
    if from_country == to_country or not {from_country, to_country} & set(sides):
        raise GroupError(
            "crossing", _("This crossing does not lead that way. Choose the crossing and direction again.")
        )
    return sides.get(from_country) or sides[to_country]


@transaction.atomic
def close_group(*, group: TravelGroup, why: str, by: Actor, at: datetime) -> TravelGroup:
    """Close a group that waits no more. Closing it again changes nothing."""
    group = TravelGroup.objects.select_for_update().get(pk=group.pk)
    if group.closed_at is None:
        group.closed_at = at
        group.save(update_fields=["closed_at"])
        audit.record("group closed", group, by=by, at=at, why=why)
    return group


@transaction.atomic
def open_again(*, group: TravelGroup, why: str, by: Actor, at: datetime) -> TravelGroup:
    """Let a group wait again that was closed by mistake. One that waits stays as it is."""
    group = TravelGroup.objects.select_for_update().get(pk=group.pk)
    if group.closed_at is not None:
        group.closed_at = None
        group.save(update_fields=["closed_at"])
        audit.record("group opened again", group, by=by, at=at, why=why)
    return group


@transaction.atomic
def record_head_count(
    *,
    public_id: uuid.UUID | None = None,
    group: TravelGroup,
    counted: Counted,
    mission: Office,
    by: Actor,
    at: datetime,
) -> tuple[HeadCount, bool]:
    """Store one observation; give it and whether it is new.

    `public_id` comes from the device: the same one again with the same content gives the stored row. Raises
    DifferentCountError where the content differs, GroupError where the numbers do not agree.
    """
    public_id = public_id or uuid.uuid4()
    _one_at_a_time(str(public_id))
    stored = HeadCount.objects.filter(public_id=public_id).select_related("group").first()
    if stored is not None:
        return _the_same(stored, group=group, counted=counted), False
    check(counted, at=at)
    row = HeadCount(public_id=public_id, group=group, mission=mission, recorded_at=at, by=by, **_content(counted))
    row.save(force_insert=True)
    audit.record("group counted", row, by=by, at=at)
    return row, True


@transaction.atomic
def count_at(
    *,
    public_id: uuid.UUID,
    crossing: BorderCrossing,
    from_country: str,
    to_country: str,
    counted: Counted,
    mission: Office,
    by: Actor,
    at: datetime,
) -> tuple[HeadCount, bool]:
    """Count a group that nobody has opened yet: open it and store the count in one. The same id again opens nothing."""
    _one_at_a_time(str(public_id))
    stored = HeadCount.objects.filter(public_id=public_id).select_related("group__crossing").first()
    if stored is not None:
        known = stored.group
        same = (known.crossing_id, known.from_country, known.to_country) == (crossing.pk, from_country, to_country)
        if not same:
            raise _different()
        return _the_same(stored, group=known, counted=counted), False
    check(counted, at=at)
    group = open_group(
        crossing=crossing,
        from_country=from_country,
        to_country=to_country,
        waiting_since=min(counted.counted_at, at),
        source=by.printed_name,
        confidence=Confidence.SEEN,
        mission=mission,
        by=by,
        at=at,
    )
    return record_head_count(public_id=public_id, group=group, counted=counted, mission=mission, by=by, at=at)


def check(counted: Counted, *, at: datetime) -> None:
    """Raise GroupError with the field where the numbers of a count do not agree with each other."""
    heads = counted.heads()
    if not 1 <= heads <= 100_000:
        raise GroupError("males", _("A head count is at least 1 and at most 100,000. Check the numbers."))
    children = (counted.children_5_17 or 0) + (counted.children_under_5 or 0)
    if children > heads:
        raise GroupError("children_5_17", _("There are more children than people. Check the numbers."))
    noted = counted.children_5_17 is not None or counted.children_under_5 is not None
    if (counted.children_alone or 0) > (children if noted else heads):
        raise GroupError("children_alone", _("More children are alone than there are children. Check the numbers."))
    if None not in (counted.males, counted.females) and (counted.males or 0) + (counted.females or 0) != heads:
        raise GroupError("males", _("Males and females must add up to the total."))
    if (counted.men is not None or counted.women is not None) and sum(
        getattr(counted, n) or 0 for n in BY_AGE
    ) != heads:
        raise GroupError("men", _("Men, women and children must add up to the total."))
    if counted.counted_at > at + CLOCK_TOLERANCE:
        raise GroupError("counted_at", _("The count lies in the future. Set the clock of this phone and count again."))
    if unknown := set(counted.needs) - set(NeedOfGroup.values):
        sentence = _("“%(need)s” is not on the list of needs. Choose from the list.")
        raise GroupError("needs", sentence % {"need": sorted(unknown)[0]})
    if len(counted.note) > LONGEST_NOTE:
        raise GroupError("note", _("The note is longer than 2,000 letters. Shorten it."))


def latest_counts(groups: Iterable[TravelGroup | int]) -> dict[int, HeadCount]:
    """Give the newest observation of each group that has one, by the group's key; one query."""
    keys = [group if isinstance(group, int) else group.pk for group in groups]
    rows = HeadCount.objects.filter(group__in=keys).order_by("group", "-counted_at", "-pk").distinct("group")
    return {row.group_id: row for row in rows}


def family_of(*, group: TravelGroup, codes: Collection[str]) -> dict[str, Family]:
    """Give the families of these codes in the group, made where they are new; two statements at most."""
    wanted = sorted({code.strip()[:20] for code in codes if code.strip()})
    if not wanted:
        return {}
    Family.objects.bulk_create([Family(group=group, code=code) for code in wanted], ignore_conflicts=True)
    return {family.code: family for family in Family.objects.filter(group=group, code__in=wanted)}


@transaction.atomic
def put_in_family(
    *, group: TravelGroup, people: Collection[Migrant], code: str, by: Actor, at: datetime
) -> list[Migrant]:
    """Link registered people of a group as one family, by its code; whoever stood in another leaves that one.

    Gives those who were moved. Raises GroupError.
    """
    if not code.strip():
        raise GroupError("code", _("Give the family a short code, such as F1."))
    if not people:
        raise GroupError("numbers", _("Give the numbers of the people who belong together."))
    if any(person.group_id != group.pk for person in people):
        raise GroupError("numbers", _("A family is of one group. Leave out whoever is in another."))
    family = family_of(group=group, codes=[code])[code.strip()[:20]]
    moved = [person for person in people if person.family_id != family.pk]
    stood = {person.pk: Place.of(person) for person in moved}
    Migrant.objects.filter(pk__in=stood).update(family=family)
    audit.record_many((("put in a family", person) for person in moved), by=by, at=at)
    follow(stood=stood, by=by, at=at)
    return moved


def _content(counted: Counted) -> dict[str, object]:
    names = ("counted_at", "exact", "males", "females", *BY_AGE, "children_alone", "mood", "note")
    return {name: getattr(counted, name) for name in names} | {
        "total": counted.heads(),
        "needs": sorted(set(counted.needs)),
    }


def _the_same(stored: HeadCount, *, group: TravelGroup, counted: Counted) -> HeadCount:
    """Give the stored row if it says the same; a device that repeats itself must not be refused."""
    content = _content(counted)
    content.pop("counted_at")  # a form without a script gives no time of its own
    if stored.group_id != group.pk or any(getattr(stored, name) != value for name, value in content.items()):
        raise _different()
    return stored


def _different() -> DifferentCountError:
    sentence = _("This count was stored already with other content. Save it as a new count; the stored one stays.")
    return DifferentCountError("client_id", sentence)


def _one_at_a_time(key: str) -> None:
    """Let two copies of one entry wait for each other until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _initials(name: str) -> str:
    """Give two Latin capitals for a place: of its first two words, else its first two letters ("Zhibek Zholy" → ZZ)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().upper()
    words = ["".join(filter(str.isalpha, word)) for word in plain.replace("-", " ").split()]
    words = [word for word in words if word] or ["XX"]
    letters = words[0][0] + words[1][0] if len(words) > 1 else words[0][:2]
    return letters.ljust(2, "X")


def _free_code(letters: str, day: datetime) -> str:
    """Give the code of that day, with a counter behind it where groups of the same place and day exist."""
    stem = f"{letters}-{day:%m%d}"
    _one_at_a_time(f"group code {stem}")
    taken = set(TravelGroup.objects.filter(code__startswith=stem).values_list("code", flat=True))
    return next(code for code in _codes(stem, most=len(taken) + 2) if code not in taken)


def _codes(stem: str, *, most: int) -> Sequence[str]:
    return [stem, *(f"{stem}-{number}" for number in range(2, most + 1))]
