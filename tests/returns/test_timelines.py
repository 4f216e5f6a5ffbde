"""The timelines of a group and of a person: everything in parts, and nothing that tells of the closed room."""

from datetime import timedelta

import pytest
from django.urls import reverse

from common.pictures import Drawn
from migrants import protection, screening
from migrants.models import HeadCount
from partners.enums import Role
from returns import case_papers, case_tasks, cases, comments, person_history, timeline
from returns.spans import Span
from tests.cast import COMMAND, NOW
from tests.returns.convoy import FROZEN, count_all

pytestmark = pytest.mark.django_db


def words(part):
    return [entry["words"] for entry in part[0]]


def counted(group, n):
    for number in range(n):
        HeadCount.objects.create(
            group=group, mission=group.mission, total=number + 1, exact=True, counted_at=NOW + timedelta(minutes=number),
            recorded_at=NOW, by=COMMAND,
        )  # fmt: skip


def test_parts_follow_each_other_without_a_gap_or_a_double(group):
    counted(group, 12)
    whole, read, before = words(timeline.part_of(group, Span(100))), [], None
    for _part in range(10):
        entries, before = timeline.part_of(group, Span(5, before))
        read += [entry["words"] for entry in entries]
        if before is None:
            break
    assert read == whole
    assert len([each for each in whole if "counted, exact" in each]) == 12


def test_what_happened_in_one_instant_stays_together():
    entries = [{"at": NOW, "words": str(n)} for n in range(4)] + [{"at": NOW - timedelta(hours=1), "words": "before"}]
    shown, before = Span(2).cut(entries)
    assert ([entry["words"] for entry in shown], before) == (["0", "1", "2", "3"], NOW)
    assert [entry["words"] for entry in Span(2, before).cut(entries)[0]] == ["before"]


def test_the_way_the_tasks_and_the_papers_of_a_group_are_part_of_it(boarded, travellers, group):
    case = travellers[0].cases.get()
    case_tasks.open_task(
        group=group, case=case, title="call the clinic", due_at=FROZEN, role="field", by=COMMAND, at=NOW
    )
    comments.say(group=group, case=case, words="his wife is ill", by=COMMAND, at=NOW)
    case_papers.attach(group=group, title="ticket", pages=[Drawn(b"x", 1, 1)], by=COMMAND, at=NOW)
    count_all(boarded, "exited", FROZEN + timedelta(minutes=30))

    told = " | ".join(words(timeline.part_of(group, Span(100))))
    for part in (
        "manifest frozen, version 1",
        "heads counted",
        f"{boarded} left",
        "call the clinic",
        "paper attached: ticket",
    ):
        assert part in told
    assert "a comment for colleagues" in told
    assert "his wife is ill" not in told
    hers = " | ".join(words(person_history.part_of(travellers[0], Span(100))))
    assert "on version 1 of the manifest" in hers
    assert f"{group.code}: " in hers


def test_the_closed_room_leaves_both_timelines_as_they_were(make_person, group):
    person, other = make_person(), make_person()
    cases.open_cases(people=[person, other], by=COMMAND, at=NOW)
    before = [timeline.part_of(group, Span(100)), person_history.part_of(person, Span(100))]
    protection.set_hold(person=person, reason="asked for it", against=["TJK"], by=COMMAND, at=NOW)
    screening.screen(person=person, stage="before", needs=["medical"], note="x", screened_at=NOW, by=COMMAND, at=NOW)
    assert [timeline.part_of(group, Span(100)), person_history.part_of(person, Span(100))] == before


def test_the_pages_show_a_part_and_lead_to_the_next(sign_in, make_person, group):
    counted(group, 60)
    person, client = make_person(), sign_in(Role.FIELD)
    for name, row in (("returns:group_timeline", group), ("returns:person_timeline", person)):
        page = client.get(reverse(name, args=[row.public_id])).content.decode()
        address = page.split('href="?before=')[1].split('"')[0]
        older = client.get(reverse(name, args=[row.public_id]) + "?before=" + address.replace("&amp;", "&"))
        assert "60 counted" not in older.content.decode()
        assert "3 counted, exact" in older.content.decode()
        assert client.get(reverse(name, args=[row.public_id]), {"before": "yesterday"}).status_code == 200
