"""Judge one requirement for one person: the one place where the precedence of verdicts is written. Pure.

A requirement is satisfied at an instant if it is not asked then or not of the person, or the person is exempt, or it
is waived, or the rule holds (three-valued `or`). The verdict compares two instants: the planned hour at the barrier,
and the same hour plus the longest queue. The stored bits of many cases are computed elsewhere and must agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from corridors.rules import All, AnyOf, Content, Not, Price, Rule, Window, content_leaves
from returns import atoms
from returns.atoms.answers import Answer, instant
from returns.enums import CaseVerdict, Verdict
from returns.facts import Because, Facts
from returns.truth import Truth, every, some

WORST_FIRST = (
    Verdict.MISSING,
    Verdict.UNKNOWN,
    Verdict.EXPIRING,
    Verdict.WAIVED,
    Verdict.EXEMPT,
    Verdict.MET,
)
BOUGHT = frozenset({"take_test", "get_document", "renew_document", "get_proof"})
"""Remedies for which the price of the requirement is paid; asking, waiting and signing cost nothing."""
_JUST_AFTER = timedelta(microseconds=1)
_NO_WAY = Answer(Truth.FALSE, (), None)


@dataclass(frozen=True, slots=True)
class Finding:
    """One requirement judged for one person.

    `true_until` is the last instant at which it is still satisfied, None if no end is known or it is not
    satisfied now. `cure` is what would put it right, `price` what that costs (None: nothing).
    """

    verdict: Verdict
    because: tuple[Because, ...]
    true_until: datetime | None = None
    cure: tuple[Because, ...] = ()
    price: Price | None = None


@dataclass(frozen=True, slots=True)
class _Moment:
    """The four ways to be satisfied, answered at one instant, in the order in which a verdict names them."""

    not_asked: Answer
    exempt: Answer
    waived: Answer
    rule: Answer

    def ways(self) -> tuple[Answer, ...]:
        return (self.not_asked, self.exempt, self.waived, self.rule)

    def satisfied(self) -> Truth:
        return some(way.truth for way in self.ways())


_NAMES = (Verdict.MET, Verdict.EXEMPT, Verdict.WAIVED, Verdict.MET)
"""The verdict of each way of `_Moment.ways`."""


def judge(
    content: Content,
    facts: Facts,
    *,
    judged_for: datetime,
    late_for: datetime,
    zone: tzinfo | None = None,
    asked_from: datetime | None = None,
) -> Finding:
    """Judge a requirement at the planned hour `judged_for` and again at `late_for`, when the queue is over.

    Both are aware; `zone` is the zone of the barrier, on whose calendar ages and last days are read (by default
    that of `judged_for`). What begins only while the queue lasts (`asked_from`) is asked of whoever still stands there then.
    What ends meanwhile is judged to the end: nobody knows who stands at the barrier before. Raises ValueError for naive
    instants or where `late_for` is the earlier one.
    """
    if judged_for.tzinfo is None or late_for.tzinfo is None or late_for < judged_for:
        raise ValueError("judged_for and late_for are aware instants, late_for not the earlier one")
    zone = zone or judged_for.tzinfo
    asked = _Asked(content, facts, zone, asked_from)
    now, late = asked.moment(judged_for), asked.moment(late_for)
    match now.satisfied(), late.satisfied():
        case Truth.TRUE, Truth.TRUE:
            return _satisfied(now, late, _true_until(asked, judged_for))
        case Truth.TRUE, _:
            until = _true_until(asked, judged_for)
            return _short(Verdict.EXPIRING, _running_out(now, late, until), late, content.price, until)
        case Truth.FALSE, _:
            mended_late = late.rule.truth is Truth.TRUE  # a sample taken while the queue lasts
            return _short(Verdict.MISSING, now.rule.because, now if mended_late else late, content.price, None)
        case _:
            return _unknown(now)


def _running_out(now: _Moment, late: _Moment, until: datetime | None) -> tuple[Because, ...]:
    """Say what holds until when; of what begins while the queue lasts, what will stand in the way then."""
    held = _evidence(now)
    if held[0].code == "not_asked_yet":
        return (*held, *(late.rule.because if late.satisfied() is Truth.FALSE else _open(late)))
    return (*held, Because("runs_out", {"until": None if until is None else instant(until)}))


def worst(verdicts: Iterable[Verdict | str]) -> Verdict:
    """Give the worst of several verdicts: missing > unknown > expiring > waived > exempt > met; met of none."""
    return min((Verdict(verdict) for verdict in verdicts), key=WORST_FIRST.index, default=Verdict.MET)


def case_verdict(verdicts: Iterable[Verdict | str]) -> CaseVerdict:
    """Give the verdict of a case from its findings: what is missing or runs out first makes it not ready."""
    match worst(verdicts):
        case Verdict.UNKNOWN:
            return CaseVerdict.UNKNOWN
        case Verdict.MISSING | Verdict.EXPIRING:
            return CaseVerdict.NOT_READY
        case _:
            return CaseVerdict.READY


def evaluate(rule: Rule, facts: Facts, at: datetime) -> Answer:
    """Answer a tree at one instant (in the zone of the barrier), with the evidence that decided it."""
    match rule:
        case All(()):
            return Answer(Truth.TRUE, (Because("nothing_asked"),))
        case Not(part):
            return _turned(evaluate(part, facts, at))
        case All(parts):
            answers = [evaluate(part, facts, at) for part in parts]
            truth = every(answer.truth for answer in answers)
            return Answer(truth, _deciding(answers, truth), _all_cures(answers))
        case AnyOf(parts):
            answers = [evaluate(part, facts, at) for part in parts]
            truth = some(answer.truth for answer in answers)
            return Answer(truth, _deciding(answers, truth), _best_cure(answers, truth))
        case leaf:
            return atoms.holds(facts, leaf, at)


def _turned(answer: Answer) -> Answer:
    """Give `not`. What is known and wrong cannot be mended; what is not known can be asked."""
    truth = answer.truth.negated()
    cure = {Truth.TRUE: (), Truth.UNKNOWN: answer.cure, Truth.FALSE: None}[truth]
    return Answer(truth, answer.because, cure)


def _deciding(answers: list[Answer], truth: Truth) -> tuple[Because, ...]:
    return _without_repeats(because for answer in answers if answer.truth is truth for because in answer.because)


def _all_cures(answers: list[Answer]) -> tuple[Because, ...] | None:
    open_ones = [answer.cure for answer in answers if answer.truth is not Truth.TRUE]
    if any(cure is None for cure in open_ones):
        return None
    return _without_repeats(step for cure in open_ones for step in cure or ())


def _best_cure(answers: list[Answer], truth: Truth) -> tuple[Because, ...] | None:
    """Give the remedy with the fewest steps; while something is unknown, asking comes first."""
    if truth is Truth.TRUE:
        return ()
    cures = [answer.cure for answer in answers if answer.truth is truth and answer.cure is not None]
    return min(cures, key=len, default=None)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A requirement, from when on, and what is known of the person of whom it is asked."""

    content: Content
    facts: Facts
    zone: tzinfo
    begins: datetime | None

    def moment(self, moment: datetime) -> _Moment:
        """Answer the four ways at one instant."""
        at, content, facts = moment.astimezone(self.zone), self.content, self.facts
        return _Moment(
            not_asked=self._not_asked(at),
            exempt=_NO_WAY if content.exempt is None else evaluate(content.exempt, facts, at),
            waived=_waiver(facts, at),
            rule=evaluate(content.rule, facts, at),
        )

    def _not_asked(self, at: datetime) -> Answer:
        if self.begins is not None and at < self.begins:
            return Answer(Truth.TRUE, (Because("not_asked_yet", {"asked_from": instant(self.begins)}),))
        asked = self.content.applies
        return _NO_WAY if asked is None else _not_asked(evaluate(asked, self.facts, at))


def _not_asked(asked: Answer) -> Answer:
    turned = _turned(asked)
    because = turned.because if turned.truth is Truth.UNKNOWN else (Because("not_asked"), *turned.because)
    return Answer(turned.truth, because, turned.cure)


def _waiver(facts: Facts, at: datetime) -> Answer:
    """Answer the waiver; its end is exclusive, like every period's."""
    if facts.waived_until is None or at >= facts.waived_until:
        return _NO_WAY
    return Answer(Truth.TRUE, (Because("waived", {"until": instant(facts.waived_until)}),))


def _satisfied(now: _Moment, late: _Moment, until: datetime | None) -> Finding:
    """Name the first way that carries through the queue; where two ways relieve each other, it is met."""
    for verdict, at_first, at_last in zip(_NAMES, now.ways(), late.ways(), strict=True):
        if at_first.truth is at_last.truth is Truth.TRUE:
            return Finding(verdict, at_first.because, until)
    return Finding(Verdict.MET, _evidence(now), until)


def _evidence(moment: _Moment) -> tuple[Because, ...]:
    return next(way.because for way in moment.ways() if way.truth is Truth.TRUE)


def _short(
    verdict: Verdict, because: tuple[Because, ...], wanted: _Moment, price: Price | None, until: datetime | None
) -> Finding:
    """Give a finding that needs mending so that it holds at the `wanted` moment; a waiver is the last resort."""
    cure = wanted.rule.cure
    if cure is None:
        cure = (Because("ask_waiver"),)
    paid = price if any(step.code in BOUGHT for step in cure) else None
    return Finding(verdict, because, until, cure, paid)


def _unknown(now: _Moment) -> Finding:
    cure = _without_repeats(step for way in now.ways() if way.truth is Truth.UNKNOWN for step in way.cure or ())
    return Finding(Verdict.UNKNOWN, _open(now), None, cure)


def _open(moment: _Moment) -> tuple[Because, ...]:
    ways = (way for way in moment.ways() if way.truth is Truth.UNKNOWN)
    return _without_repeats(because for way in ways for because in way.because)


def _true_until(asked: _Asked, judged_for: datetime) -> datetime | None:
    """Give the first change after which it is no longer satisfied. Between changes every answer stands still."""
    for change in sorted(_turns(asked, judged_for)):
        if change < judged_for:
            continue
        for at in (change, change + _JUST_AFTER):
            if asked.moment(at).satisfied() is not Truth.TRUE:
                return change
    return None


def _turns(asked: _Asked, judged_for: datetime) -> set[datetime]:
    """Give the changes, and what turns every week: after each change a week is enough to see all that may come."""
    found = {change for change in _changes(asked) if change >= judged_for}
    weekly = [leaf for leaf in content_leaves(asked.content) if isinstance(leaf, Window)]
    return found | {
        turn for leaf in weekly for start in (judged_for, *found) for turn in atoms.recurring(leaf, start, asked.zone)
    }


def _changes(asked: _Asked) -> Iterator[datetime]:
    yield from (edge for edge in (asked.begins, asked.facts.waived_until) if edge is not None)
    for leaf in content_leaves(asked.content):
        yield from atoms.changes(asked.facts, leaf, asked.zone)


def _without_repeats(items: Iterable[Because]) -> tuple[Because, ...]:
    return tuple(dict.fromkeys(items))
