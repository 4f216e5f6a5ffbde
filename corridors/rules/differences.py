"""Say what a new version changes against an old one, as short phrases a person at the barrier understands."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeAlias

from django.utils.translation import get_language, ngettext, override, pgettext
from django.utils.translation import gettext as _

from .leaf_wording import ADULT
from .leaves import Age, Closed, Escort, NegativeTest, Permit, TravelDocument, Vaccination
from .tree import NOTHING, All, AnyOf, Content, Not, Rule, canonical_content, says_who
from .wording import (
    demand,
    describe,
    describe_people,
    describe_price,
    explain,
    kinds_of,
    kinds_of_document,
    kinds_of_test,
)

OfKinds: TypeAlias = Vaccination | Permit | Escort
OF_KINDS = (Vaccination, Permit, Escort)


def diff(old: Content | None, new: Content, language: str | None = None) -> list[str]:
    """Say every change from `old` to `new` ("now also children from 5; was 12").

    `old` is None for the first version. Empty where both mean the same in canonical form. `language` is the
    active one by default.
    """
    with override(language or get_language() or "en"):
        if old is None:
            return [_("new: %(sentence)s") % {"sentence": explain(new, get_language() or "en")}]
        return [
            *_trees(canonical_content(old), canonical_content(new)),
            *_price(old, new),
            *_side_effect(old.side_effect, new.side_effect),
        ]


def _trees(old: Content, new: Content) -> Iterator[str]:
    yield from _population(old.applies, new.applies)
    if new.rule != Closed():
        yield from _rule(old.rule, new.rule)
        yield from _exemption(old.exempt, new.exempt)
        return
    if old.rule != new.rule:
        yield _("now closed: nobody may cross") if new.exempt is None else _("now closed")
    yield from _let_through(old.exempt if old.rule == Closed() else None, new.exempt)


def _let_through(old: Rule | None, new: Rule | None) -> Iterator[str]:
    """Say who may cross a closed barrier all the same."""
    if old is None and new is not None:
        yield _("may cross all the same: %(people)s") % {"people": describe_people(new)}
    elif old != new:
        nobody = pgettext("people", "nobody")
        words = {
            "now": nobody if new is None else describe_people(new),
            "was": nobody if old is None else describe_people(old),
        }
        yield _("may cross all the same: %(now)s; was: %(was)s") % words


def _population(old: Rule | None, new: Rule | None) -> Iterator[str]:
    if old == new:
        return
    if old is None and new is not None:
        yield _("now asked only of %(people)s; was everyone") % {"people": describe_people(new)}
    elif new is None and old is not None:
        yield _("now asked of everyone; was only %(people)s") % {"people": describe_people(old)}
    elif old is not None and new is not None:
        match old, new:
            case Age(int(was), None), Age(int(now), None) if now < was:
                yield _("now also people from %(now)d; was %(was)d") % {"now": now, "was": was}
            case _:
                yield _("now asked of %(now)s; was %(was)s") % {
                    "now": describe_people(new),
                    "was": describe_people(old),
                }


def _exemption(old: Rule | None, new: Rule | None) -> Iterator[str]:
    if old == new:
        return
    if old is None and new is not None:
        yield _("now not asked of: %(people)s") % {"people": describe_people(new)}
    elif new is None and old is not None:
        yield _("nobody is spared any more; was: %(people)s") % {"people": describe_people(old)}
    elif old is not None and new is not None:
        match old, new:
            case Age(None, int(was)), Age(None, int(now)) if now < was:
                words = {"now": now, "was": was}
                if now < ADULT:
                    yield _("now also children from %(now)d; was %(was)d") % words
                else:
                    yield _("now also people from %(now)d; was %(was)d") % words
            case _:
                yield _("now not asked of: %(now)s; was: %(was)s") % {
                    "now": describe_people(new),
                    "was": describe_people(old),
                }


def _rule(old: Rule, new: Rule) -> Iterator[str]:
    """Compare two canonical rules: a closing first, then part by part as long as both join in the same way."""
    if old == new:
        return
    if new == Closed():
        yield _("now closed: nobody may cross")
    elif old == Closed() and new == NOTHING:
        yield _("open again; nothing is asked")
    elif old == Closed():
        yield _("open again; now required: %(rule)s") % {"rule": demand(new)}
    elif NOTHING in (old, new):
        yield _instead(old, new)
    elif _is_said_by_values(old, new):
        yield from _values(old, new)
    elif (join := _common_join(old, new)) is not None:
        yield from _parts(_parts_of(old, join), _parts_of(new, join), join)
    else:
        yield _instead(old, new)


def _instead(old: Rule, new: Rule) -> str:
    return _("now required: %(now)s; was: %(was)s") % {"now": demand(new), "was": demand(old)}


def _is_said_by_values(old: Rule, new: Rule) -> bool:
    """Whether both are one condition with other values, and words are at hand for these values alone."""
    if type(old) is not type(new):
        return False
    is_kinds = isinstance(old, OF_KINDS) and isinstance(new, OF_KINDS) and _differ_by_kinds(old, new)
    return is_kinds or isinstance(old, NegativeTest | TravelDocument)


def _values(old: Rule, new: Rule) -> Iterator[str]:
    if isinstance(old, NegativeTest) and isinstance(new, NegativeTest):
        yield from _test(old, new)
    elif isinstance(old, TravelDocument) and isinstance(new, TravelDocument):
        yield from _document(old, new)
    elif isinstance(old, OF_KINDS) and isinstance(new, OF_KINDS):
        yield from _kinds(old, new)


def _common_join(old: Rule, new: Rule) -> type[All] | type[AnyOf] | None:
    """Give how both join their parts; a rule of one part goes with either."""
    joins = {type(rule) for rule in (old, new) if isinstance(rule, All | AnyOf)}
    return joins.pop() if len(joins) == 1 else None


def _parts_of(rule: Rule, join: type[All] | type[AnyOf]) -> tuple[Rule, ...]:
    return rule.parts if isinstance(rule, join) else (rule,)


def _parts(old: tuple[Rule, ...], new: tuple[Rule, ...], join: type[All] | type[AnyOf]) -> Iterator[str]:
    if join is AnyOf and not all(map(says_who, old)) and not all(map(says_who, new)):
        yield from _exemption(_one_of(filter(says_who, old)), _one_of(filter(says_who, new)))
        old, new = (tuple(part for part in parts if not says_who(part)) for parts in (old, new))
    gone = [part for part in old if part not in new]
    come = [part for part in new if part not in old]
    if join is All and len(gone) == len(come) == 1:
        yield from _rule(gone[0], come[0])
        return
    pairs = [(was, now) for was, now in _counterparts(gone, come) if join is All or _is_said_by_values(was, now)]
    for was, now in pairs:
        gone.remove(was)
        come.remove(now)
        yield from _rule(was, now)
    for part in come:
        words = {"rule": demand(part)}
        yield (_("now also required: %(rule)s") if join is All else _("now also accepted: %(rule)s")) % words
    for part in gone:
        words = {"rule": demand(part)}
        yield (_("no longer required: %(rule)s") if join is All else _("no longer accepted: %(rule)s")) % words


def _one_of(people: Iterable[Rule]) -> Rule | None:
    """Give the people who are spared by a part of a rule as one tree."""
    parts = tuple(people)
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else AnyOf(parts)


def _counterparts(gone: list[Rule], come: list[Rule]) -> Iterator[tuple[Rule, Rule]]:
    """Pair parts of one kind, where there is exactly one on each side: the same condition with other values."""
    for kind in sorted({type(part) for part in gone} - {Not}, key=lambda kind: kind.__name__):
        was = [part for part in gone if type(part) is kind]
        now = [part for part in come if type(part) is kind]
        if len(was) == len(now) == 1:
            yield was[0], now[0]


def _differ_by_kinds(old: OfKinds, new: OfKinds) -> bool:
    return type(old) is type(new) and replace(old, kinds=new.kinds) == new


def _kinds(old: OfKinds, new: OfKinds) -> Iterator[str]:
    more, fewer = set(new.kinds) - set(old.kinds), set(old.kinds) - set(new.kinds)
    if more:
        yield _("now also accepted: %(rule)s") % {"rule": kinds_of(type(new), more)}
    if fewer:
        yield _("no longer accepted: %(rule)s") % {"rule": kinds_of(type(old), fewer)}


def _test(old: NegativeTest, new: NegativeTest) -> Iterator[str]:
    more, fewer = set(new.kinds) - set(old.kinds), set(old.kinds) - set(new.kinds)
    if more:
        yield _("test now also accepted: %(kinds)s") % {"kinds": kinds_of_test(more)}
    if fewer:
        yield _("test no longer accepted: %(kinds)s") % {"kinds": kinds_of_test(fewer)}
    if old.max_age_hours != new.max_age_hours:
        yield ngettext(
            "test now sampled at most %(now)d hour before the barrier; was %(was)d",
            "test now sampled at most %(now)d hours before the barrier; was %(was)d",
            new.max_age_hours,
        ) % {"now": new.max_age_hours, "was": old.max_age_hours}


def _document(old: TravelDocument, new: TravelDocument) -> Iterator[str]:
    more, fewer = set(new.kinds) - set(old.kinds), set(old.kinds) - set(new.kinds)
    if more:
        yield _("document now also accepted: %(kinds)s") % {"kinds": kinds_of_document(more)}
    if fewer:
        yield _("document no longer accepted: %(kinds)s") % {"kinds": kinds_of_document(fewer)}
    if old.min_remaining_days != new.min_remaining_days:
        yield _("document now: %(now)s; was: %(was)s") % {"now": describe(new), "was": describe(old)}


def _price(old: Content, new: Content) -> Iterator[str]:
    if old.price == new.price:
        return
    if new.price is None and old.price is not None:
        yield _("no price any more; was %(was)s") % {"was": describe_price(old.price)}
    elif old.price is None and new.price is not None:
        yield _("now costs %(now)s") % {"now": describe_price(new.price)}
    elif old.price is not None and new.price is not None:
        yield _("price now %(now)s; was %(was)s") % {"now": describe_price(new.price), "was": describe_price(old.price)}


def _side_effect(old: str, new: str) -> Iterator[str]:
    if old == new:
        return
    if not old:
        yield _("afterwards now: %(now)s") % {"now": new}
    elif not new:
        yield _("afterwards nothing more; was: %(was)s") % {"was": old}
    else:
        yield _("afterwards now: %(now)s; was: %(was)s") % {"now": new, "was": old}
