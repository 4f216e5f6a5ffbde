"""The country of arrival is told how many come before anybody agreed to be shown: by count, and nobody else's business."""

from typing import Any

import pytest

from migrants.models import HeadCount
from notifications.models import Alert, Delivery
from partners.enums import Role
from partners.models import Interest
from returns import outside
from tests.cast import COMMAND, NOW
from tests.returns.convoy import ENTERED, FROZEN, count_all
from tests.support.mails import whole

pytestmark = pytest.mark.django_db
TOLD: dict[str, Any] = {"by": COMMAND, "at": NOW}


@pytest.fixture
def counted(movement):
    """Thirty heads were counted, of whom three are small children."""
    HeadCount.objects.create(
        group=movement.group, mission=movement.mission, counted_at=NOW, recorded_at=NOW, total=30, men=14, women=8,
        children_5_17=5, children_under_5=3, by=COMMAND,
    )  # fmt: skip
    return movement


def test_counts_are_told_and_figures_under_five_are_not(counted):
    said = outside.announcement_of(counted)
    assert (said.heads, said.buses) == (30, 3)
    assert dict(said.bands) == {"men": 14, "women": 8}  # five and eight are so near that their difference tells


def test_a_single_small_figure_cannot_be_had_by_subtracting_the_others_from_all_heads(movement):
    HeadCount.objects.create(
        group=movement.group, mission=movement.mission, counted_at=NOW, recorded_at=NOW, total=30, men=17, women=10,
        children_5_17=0, children_under_5=3, by=COMMAND,
    )  # fmt: skip
    said = outside.announcement_of(movement)
    assert (said.heads, dict(said.bands)) == (30, {"men": 17})


def test_who_wants_to_know_is_told_and_nobody_for_whom_is_on_board(counted, organisations):
    assert [each.code for each in outside.told_of(counted, at=NOW)] == ["tj-emb-uz"]
    Interest.objects.filter(organisation=organisations["tj-emb-uz"]).delete()
    with pytest.raises(outside.AnnouncementError, match="Write its interest"):
        outside.announce(movement=counted, **TOLD)
    assert not Alert.objects.filter(kind="arrival_announced").exists()


def test_the_letter_names_heads_place_and_hour_and_a_later_one_takes_its_place(counted):
    first = outside.announce(movement=counted, **TOLD)
    letter = whole(Delivery.objects.get(notice__alert=first, channel_kind="email", purpose="first"))
    assert "30" in letter
    assert not any(person.full_name in letter for person in counted.group.people.all())
    with pytest.raises(outside.AnnouncementError, match="nothing has changed"):
        outside.announce(movement=counted, **TOLD)
    HeadCount.objects.create(
        group=counted.group, mission=counted.mission, counted_at=FROZEN, recorded_at=FROZEN, total=31, by=COMMAND
    )
    second = outside.announce(movement=counted, **TOLD)
    assert (second.supersedes, second.context["heads"], second.context["bands"]) == (first, 31, [])


def test_nobody_is_told_what_nobody_has_counted_or_what_has_come(movement, boarded):
    for kind in ("exited", "entered", "left"):
        count_all(boarded, kind, ENTERED)
    with pytest.raises(outside.AnnouncementError, match="there already"):
        outside.announce(movement=boarded, **TOLD)


def test_the_coordinator_sees_beforehand_what_will_be_told(counted, sign_in):
    page = sign_in(Role.COORDINATOR)
    address = f"/movements/{counted.public_id}/announce/"
    shown = page.get(address).content.decode()
    assert "Embassy of Tajikistan in Uzbekistan" in shown
    assert ">14<" in shown
    assert not Alert.objects.filter(kind="arrival_announced").exists()
    assert page.post(address).status_code == 302
    assert Alert.objects.filter(kind="arrival_announced").count() == 1
    assert page.post(address).status_code == 422
