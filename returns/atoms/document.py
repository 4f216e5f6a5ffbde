"""A document in hand, valid on the local day at the barrier. The last day of validity still counts."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, tzinfo

from psycopg.sql import SQL, Literal

from corridors.rules import TravelDocument
from returns.atoms.answers import Answer, false, true, unknown
from returns.atoms.twins import Moment, Twin, among
from returns.facts import EXPIRED, IN_HAND, Because, Facts, HeldDocument


def holds(facts: Facts, leaf: TravelDocument, at: datetime) -> Answer:
    """Tell whether an accepted document is held on the local day of `at`, long enough before it expires."""
    if facts.documents is None:
        return unknown(Because("documents_never_asked"), Because("record_documents"))
    fitting = [document for document in facts.documents if document.kind in leaf.kinds]
    in_hand = [document for document in fitting if document.state == IN_HAND]
    valid = [document for document in in_hand if _is_valid(document, leaf, at.date())]
    if valid:
        longest = max(valid, key=lambda document: document.expires_on or date.min)
        return true(_evidence("document_held", longest))
    undated = [document for document in in_hand if document.expires_on is None]
    if undated:
        return unknown(_evidence("document_expiry_unknown", undated[0]), Because("record_expiry"))
    return _missing(facts, leaf, fitting, at)


def changes(facts: Facts, leaf: TravelDocument, zone: tzinfo) -> Iterator[datetime]:
    """Yield the midnights after which a document no longer counts."""
    for document in facts.documents or ():
        last = None if document.expires_on is None else _last_day(document.expires_on, leaf)
        if last is not None and last < date.max:
            yield datetime.combine(last + timedelta(days=1), time.min, zone)


def _missing(facts: Facts, leaf: TravelDocument, fitting: list[HeldDocument], at: datetime) -> Answer:
    kinds = {"kinds": list(leaf.kinds)}
    for document in sorted(fitting, key=lambda document: document.expires_on or date.min, reverse=True):
        is_over = document.state == EXPIRED or (document.expires_on is not None and document.expires_on < at.date())
        if document.state in (IN_HAND, EXPIRED):
            code = "document_expired" if is_over else "document_too_short"
            needed = {"days": leaf.min_remaining_days or 0}
            return false(_evidence(code, document, needed), Because("renew_document", kinds))
    for document in fitting:
        cure = Because("follow_document", {"kind": document.kind, "state": document.state})
        return false(_evidence("document_not_in_hand", document), cure)
    if facts.documents:
        return false(Because("document_other_kind", kinds), Because("get_document", kinds))
    return false(Because("document_none", kinds), Because("get_document", kinds))


def _is_valid(document: HeldDocument, leaf: TravelDocument, day: date) -> bool:
    if document.expires_on is None:
        return leaf.min_remaining_days is None
    last = _last_day(document.expires_on, leaf)
    return last is not None and day <= last


def _last_day(expires_on: date, leaf: TravelDocument) -> date | None:
    """Give the last day at the barrier on which enough validity remains (None: before the calendar begins)."""
    try:
        return expires_on - timedelta(days=leaf.min_remaining_days or 0)
    except OverflowError:
        return None


def _evidence(code: str, document: HeldDocument, more: dict[str, int] | None = None) -> Because:
    expires_on = document.expires_on.isoformat() if document.expires_on else None
    return Because(code, {"kind": document.kind, "state": document.state, "expires_on": expires_on, **(more or {})})


def twin(leaf: TravelDocument, moment: Moment) -> Twin:
    """Give the same in SQL. Whoever has a document was asked."""
    in_hand = SQL("paper.kind = any ({}) and paper.state = {}").format(among(leaf.kinds), Literal(IN_HAND))
    lasts = SQL("paper.expires_on - {} >= {}").format(Literal(leaf.min_remaining_days or 0), moment.day)
    undated = SQL("true") if leaf.min_remaining_days is None else SQL("false")
    parts = {
        "good": SQL("coalesce(bool_or({} and coalesce({}, {})), false)").format(in_hand, lasts, undated),
        "undated": SQL("coalesce(bool_or({} and paper.expires_on is null), false)").format(in_hand),
        "any": SQL("count(*) > 0"),
    }
    good, open_one, some = (moment.part(name) for name in parts)
    asked = SQL("({} or coalesce(placed.documents_asked_at <= placed.known, false))").format(some)
    return Twin(good, SQL("({} and not {} and not {})").format(asked, good, open_one), "documents", parts)
