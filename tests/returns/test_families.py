"""Families are links and never surnames (rule 18); a child whose guardian leaves becomes a question (rule 14)."""

from typing import Any

import pytest

from common.models import AuditEntry
from migrants import families
from migrants.enums import AloneStatus
from migrants.families import FamilyError
from migrants.group_moves import Going
from migrants.groups import put_in_family
from migrants.models import CompanyQuestion, FamilyHead, Migrant, Relation, TravelGroup
from migrants.protection import record_alone
from returns import cases, moving, readiness
from returns.models import CaseReadiness
from tests.cast import COMMAND, NOW

DONE: dict[str, Any] = {"by": COMMAND, "at": NOW}


@pytest.fixture
def other(group):
    return TravelGroup.objects.create(
        code="ZZ-0930", mission=group.mission, crossing=group.crossing, from_country="KAZ", to_country="UZB",
        waiting_since=NOW, recorded_at=NOW, by=COMMAND,
    )  # fmt: skip


@pytest.fixture
def family(group, make_person):
    """A mother, a father and two children, in family F1; nothing is written down of who is whose parent."""
    four = [make_person(born=born) for born in (1986, 1984, 2012, 2015)]
    put_in_family(group=group, people=four, code="F1", **DONE)
    return fresh(four)


def fresh(people):
    return list(Migrant.objects.filter(pk__in=[person.pk for person in people]).order_by("pk"))


def relate(person, other, kind="parent", basis="self"):
    return families.relate(person=person, other=other, kind=kind, basis=basis, **DONE)[0]


def move(people, group, other):
    return moving.move(from_group=group, to_group=other, going=Going(tuple(people)), why="two buses", **DONE)


def asked_about():
    return {question.person for question in CompanyQuestion.objects.open()}


def test_two_of_one_surname_are_no_family_and_two_of_different_ones_may_be(group, make_person):
    father = make_person(full_name="Раҳмонов Али", latin_name="Rahmonov Ali", born=1980)
    child = make_person(full_name="Раҳмонзода Сино", latin_name="Rahmonzoda Sino", born=2014)
    make_person(full_name="Раҳмонов Карим", latin_name="Rahmonov Karim")
    relate(father, child)
    assert [(row.person, row.other) for row in Relation.objects.all()] == [(father, child)]


def test_a_relation_has_its_basis_and_is_written_down_once(make_person):
    one, another = make_person(), make_person()
    assert relate(another, one, "spouse", "document") == relate(one, another, "spouse", "seen")
    row = Relation.objects.get()
    assert (row.basis, AuditEntry.objects.filter(verb="relation recorded").count()) == ("document", 1)


@pytest.mark.parametrize(
    ("kind", "basis", "born", "field"),
    [
        ("uncle", "self", (1980, 2014), "kind"),
        ("parent", "rumour", (1980, 2014), "basis"),
        ("guardian", "self", (1950, 1980), "other"),
        ("parent", "self", (2012, 2014), "person"),
    ],
)
def test_a_relation_that_cannot_be_is_refused_with_the_field(make_person, kind, basis, born, field):
    with pytest.raises(FamilyError) as caught:
        relate(make_person(born=born[0]), make_person(born=born[1]), kind, basis)
    assert caught.value.field == field


def test_nobody_is_the_parent_of_their_parent_or_of_themselves(make_person):
    one, another = make_person(born=None), make_person(born=None)
    relate(one, another)
    for pair in ((another, one), (one, one)):
        with pytest.raises(FamilyError):
            relate(*pair)


def test_relations_stay_when_people_go_to_different_groups(family, group, other):
    row = relate(family[0], family[2])
    move(family[:1], group, other)
    assert Relation.objects.standing().get() == row


def test_a_child_whose_guardian_leaves_the_group_becomes_a_question(family, group, other):
    relate(family[0], family[2])
    done = move(family[:1], group, other)
    assert done.questions == 1
    question = CompanyQuestion.objects.get()
    assert (question.person, question.carer) == (family[2], family[0])


def test_a_child_with_another_parent_beside_it_is_no_question(family, group, other):
    for parent in family[:2]:
        relate(parent, family[2])
    move(family[:1], group, other)
    assert asked_about() == set()


def test_children_whom_every_adult_leaves_become_questions_though_no_relation_is_written_down(family, group, other):
    move(family[:2], group, other)
    assert asked_about() == set(family[2:])


def test_a_family_that_goes_as_a_whole_leaves_no_question(family, group, other):
    relate(family[0], family[2])
    assert move(family, group, other).questions == 0
    assert asked_about() == set()


def test_a_child_who_is_moved_away_from_its_guardian_becomes_a_question(family, group, other):
    relate(family[0], family[2])
    move(family[2:3], group, other)
    assert asked_about() == {family[2]}


def test_a_guardian_who_is_taken_out_of_the_family_leaves_a_question(family):
    relate(family[0], family[2], "guardian")
    families.leave_family(family=family[0].family, people=family[:1], **DONE)
    assert asked_about() == {family[2]}
    assert fresh(family[:1])[0].family is None


def test_a_guardianship_that_ends_leaves_a_question(family):
    row = relate(family[0], family[2], "guardian")
    families.end_relation(relation=row, why="was an aunt", **DONE)
    families.end_relation(relation=row, why="was an aunt", **DONE)
    assert asked_about() == {family[2]}


def test_a_child_that_is_alone_already_is_not_asked_about_again(family, group, other):
    Migrant.objects.filter(pk=family[2].pk).update(alone=AloneStatus.SEPARATED)
    move(fresh(family)[:2], group, other)
    assert asked_about() == {family[3]}


@pytest.mark.parametrize("answer", [AloneStatus.SEPARATED, AloneStatus.UNACCOMPANIED, AloneStatus.NO])
def test_separated_and_unaccompanied_are_kept_apart_in_the_answer(family, group, other, answer):
    relate(family[0], family[2])
    move(family[:1], group, other)
    record_alone(person=family[2], alone=answer, **DONE)
    assert (CompanyQuestion.objects.get().answer, fresh(family)[2].alone) == (answer, answer)
    assert asked_about() == set()


def test_a_child_cannot_travel_until_somebody_has_said_with_whom_it_is(family, group, other, plan):
    relate(family[0], family[2])
    cases.open_cases(people=family, **DONE)
    verdict = CaseReadiness.objects.get(case__person=family[2])
    assert verdict.findings["child_arranged"] == "met"
    move(family[:1], group, other)
    verdict.refresh_from_db()
    assert verdict.findings["child_arranged"] == "unknown"
    record_alone(person=family[2], alone=AloneStatus.NO, **DONE)
    readiness.check(people=[family[2].pk], at=NOW)
    verdict.refresh_from_db()
    assert verdict.findings["child_arranged"] == "met"


def test_a_head_who_leaves_heads_the_family_no_more(family, group, other):
    families.lead_family(family=family[0].family, person=family[0], **DONE)
    move(family[:1], group, other)
    assert not FamilyHead.objects.exists()


def test_a_family_need_name_no_head_and_only_one_of_its_own(family, make_person):
    with pytest.raises(FamilyError):
        families.lead_family(family=family[0].family, person=make_person(), **DONE)
    for person in (family[0], family[1]):
        families.lead_family(family=family[0].family, person=person, **DONE)
    assert FamilyHead.objects.get().person == family[1]
    families.lead_family(family=family[0].family, person=None, **DONE)
    assert not FamilyHead.objects.exists()
