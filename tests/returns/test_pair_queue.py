"""The queue of duplicates: narrowed, worked through without leaving it, put off, and a merge taken back from it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from migrants.entries import PersonEntry
from migrants.identity import offer_pairs
from migrants.models import DuplicatePair, Merge, Migrant
from migrants.registration import register_many
from partners.enums import Role
from returns.models import ManifestRow, ManifestUpload
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db
QUEUE = reverse("returns:pairs")
TWICE = ("Қодиров Умед", "Саидова Нигора", "Азизов Комрон")


@pytest.fixture
def pairs(group):
    """Three pairs, one of each name."""
    entries = [
        PersonEntry(full_name=name, birth_year=1980 + place, birth_month=3, birth_day=4)
        for place, name in enumerate(TWICE) for _twice in range(2)
    ]  # fmt: skip
    people = register_many(group=group, mission=group.mission, entries=entries, by=COMMAND, at=NOW)
    offer_pairs(people=people, within=Migrant.objects.living_records(), by=COMMAND, at=NOW)
    return list(DuplicatePair.objects.order_by("pk"))


@pytest.fixture
def officer(sign_in):
    return sign_in(Role.FIELD)


def shown(officer, **query):
    return {entry.pair for entry in officer.get(QUEUE, query).context["pairs"]}


def test_nothing_narrows_it_to_begin_with(officer, pairs):
    assert shown(officer) == set(pairs)


def test_crossing_and_group_narrow_it(officer, pairs, group):
    assert shown(officer, crossing=group.crossing.code, group=group.code.lower()) == set(pairs)
    assert shown(officer, group="NOBODY") == set()


def test_how_sure_and_since_when_narrow_it(officer, pairs):
    DuplicatePair.objects.update(score=0.98)
    DuplicatePair.objects.filter(pk=pairs[0].pk).update(score=0.61, found_at=NOW - timedelta(days=9))

    assert shown(officer, sure="unsure") == {pairs[0]}
    assert shown(officer, sure="sure", since=NOW.date().isoformat()) == set(pairs[1:])


def test_the_list_from_which_one_of_the_two_came_narrows_it(officer, pairs, group):
    upload = ManifestUpload.objects.create(
        group=group, mission=group.mission, file_name="list.csv", digest="x", sheet="[]", heading_row=1, columns={},
        uploaded_at=NOW, by=COMMAND,
    )  # fmt: skip
    ManifestRow.objects.create(
        upload=upload, mission=group.mission, row_number=2, outcome="new", entry="{}", person_id=pairs[1].second_id
    )

    assert shown(officer, upload=str(upload.public_id)) == {pairs[1]}


@pytest.mark.parametrize("query", [{"since": "soon"}, {"upload": "x"}, {"crossing": "ZZ"}, {"sure": "quite"}])
def test_what_cannot_be_read_narrows_nothing(officer, pairs, query):
    assert shown(officer, **query) == set(pairs)


def test_a_decision_made_in_the_queue_leads_back_to_it_as_it_was_narrowed(officer, pairs, group):
    said = {"decision": "same", "back": f"group={group.code}&next=https://elsewhere.example"}
    answer = officer.post(reverse("returns:pair_decide", args=[pairs[0].public_id]), said)

    assert answer.url == f"{QUEUE}?group={group.code}"
    assert shown(officer) == set(pairs[1:])


def test_later_goes_on_behind_the_pair(officer, pairs):
    first, *others = [entry.pair for entry in officer.get(QUEUE).context["pairs"]]

    assert shown(officer, after=str(first.public_id)) == set(others)


def test_the_queue_says_how_far_somebody_has_come(officer, pairs):
    officer.post(reverse("returns:pair_decide", args=[pairs[0].public_id]), {"decision": "same"})
    officer.post(reverse("returns:pair_decide", args=[pairs[1].public_id]), {"decision": "different"})

    progress = officer.get(QUEUE).context["progress"]
    assert (progress.waiting, progress.decided) == (1, 2)


def test_a_merge_is_undone_from_the_queue(officer, pairs):
    officer.post(reverse("returns:pair_decide", args=[pairs[0].public_id]), {"decision": "same", "back": ""})
    address = reverse("returns:merge", args=[Merge.objects.get().public_id])
    assert f'action="{address}"' in officer.get(QUEUE).content.decode()
    officer.post(address)

    assert shown(officer) == set(pairs)
