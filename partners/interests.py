"""What an organisation may want to be told about, as text: a crossing, a border, a country, a nationality; a kind of alert.

Crossings and kinds of alert are known on higher floors, which register them here and in `partners.places`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from common import audit, countries
from common.actors import Actor
from common.refusals import RefusalError
from partners import places
from partners.models import Interest, Organisation

CROSSING, BORDER, COUNTRY, NATIONALITY = "crossing:", "crossings:", "country:", "nationality:"
HALT = "halt"
"""The word behind a crossing that says: it serves the halt there."""
_ENDS = re.compile(r"([A-Z]{3})-([A-Z]{3})")
_kinds: list[Callable[[], Mapping[str, str | Promise]]] = []


class InterestError(RefusalError):
    """An interest in something that nobody knows; the sentence says how it is written."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One interest as it is written: "crossing:KZ-UZ-01 halt", "nationality:TJK requirement_change"."""

    subject: str
    alert_kind: str = ""
    serves_halt: bool = False

    def __str__(self) -> str:
        return " ".join(filter(None, (self.subject, HALT if self.serves_halt else "", self.alert_kind)))


def register_kinds(kinds: Callable[[], Mapping[str, str | Promise]]) -> None:
    """`kinds()` gives every kind of alert that goes to whoever has an interest, with its name for people."""
    _kinds[:] = [kinds]


def kinds_of_alerts() -> dict[str, str]:
    """Every kind of alert that somebody may want to be told of alone, with its name for people."""
    return {kind: str(label) for kind, label in sorted(_kinds[0]().items())} if _kinds else {}


def words_of_kind(kind: str) -> str:
    """The name for people of a kind of alert, also of one that can be chosen no more."""
    return kinds_of_alerts().get(kind, kind.replace("_", " "))


def parse_wish(text: str, *, field: str = "subject") -> Wish:
    """Read one interest. Raises InterestError."""
    subject, *words = text.split()
    kinds = [word for word in words if word != HALT]
    wish = Wish(subject, kinds[0] if kinds else "", HALT in words)
    if len(kinds) > 1:
        raise InterestError(
            field, _("“%(text)s” names two kinds of alerts. Write one interest for each.") % {"text": text}
        )
    return check(wish, field=field)


def check(wish: Wish, *, field: str = "subject") -> Wish:
    """Give the wish back where everything that it names is known. Raises InterestError."""
    words = {"written": wish.subject, "kinds": ", ".join(kinds_of_alerts()), "kind": wish.alert_kind}
    if not _is_known(wish.subject):
        raise InterestError(
            field,
            _(
                "“%(written)s” is nothing that anybody can be told of. Write crossing:KZ-UZ-01, crossing:KZ-UZ-01:KAZ-UZB,"
                " crossings:KAZ-UZB, country:UZB or nationality:TJK."
            )
            % words,
        )
    if wish.alert_kind and wish.alert_kind not in kinds_of_alerts():
        raise InterestError(field, _("“%(kind)s” is no kind of alert. Use one of: %(kinds)s.") % words)
    if wish.serves_halt and not wish.subject.startswith(CROSSING):
        raise InterestError(field, _("Only who serves the halt at one crossing gets head counts. Name the crossing."))
    return wish


def _is_known(subject: str) -> bool:
    kind, _colon, rest = subject.partition(":")
    match f"{kind}:":
        case "crossing:":
            code, _colon, ends = rest.partition(":")
            return code in dict(places.crossings()) and (not ends or _are_ends(ends))
        case "crossings:":
            return _are_ends(rest)
        case "country:":
            return countries.find(rest) == rest
        case "nationality:":
            return countries.is_nationality_code(rest)
    return False


def _are_ends(text: str) -> bool:
    found = _ENDS.fullmatch(text)
    return found is not None and all(countries.find(code) == code for code in found.groups())


def words_of(interest: Interest) -> str:
    """An interest as a page says it: "every crossing of Uzbekistan"."""
    kind, _colon, rest = interest.subject.partition(":")
    match f"{kind}:":
        case "crossing:":
            return rest.partition(":")[0]
        case "country:":
            return _("every crossing of %(country)s") % {"country": countries.name(rest)}
        case "nationality:":
            return _("what is asked of nationals of %(country)s") % {"country": countries.name(rest)}
    return _("all crossings %(ends)s") % {"ends": rest.replace("-", " → ")}


@transaction.atomic
def want(*, organisation: Organisation, wish: Wish, by: Actor, at: datetime) -> Interest:
    """The organisation is told of this from now on. Said again, it is changed to whether it serves the halt.

    Raises InterestError for what nobody knows.
    """
    check(wish)
    interest, is_new = Interest.objects.select_for_update().get_or_create(
        organisation=organisation,
        subject=wish.subject,
        alert_kind=wish.alert_kind,
        defaults={"serves_halt": wish.serves_halt},
    )
    if is_new or interest.serves_halt != wish.serves_halt:
        interest.serves_halt = wish.serves_halt
        interest.save(update_fields=["serves_halt"])
        audit.record("interest entered", organisation, by=by, at=at, why=str(wish))
    return interest


@transaction.atomic
def want_no_more(*, organisation: Organisation, wish: Wish, by: Actor, at: datetime) -> None:
    """The organisation is not told of this any more; where it was not, nothing happens."""
    gone, _kinds_gone = Interest.objects.filter(
        organisation=organisation, subject=wish.subject, alert_kind=wish.alert_kind
    ).delete()
    if gone:
        audit.record("interest ended", organisation, by=by, at=at, why=str(wish))


def wishes_of(organisation: Organisation) -> list[Wish]:
    """What an organisation wants to know, as it is written; prefetched interests are used."""
    return sorted((Wish(row.subject, row.alert_kind, row.serves_halt) for row in organisation.interests.all()), key=str)
