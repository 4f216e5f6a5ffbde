"""A party allows less than was asked for; so many parties are enough as were said; requester and approver are never one."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from common import clock
from common.actors import Actor
from common.enums import ActorKind
from corridors import transit
from corridors.approvals import ApprovalError, ask_parties, decide, standing_of
from corridors.models import Approval, CorridorVersion, PartyWord
from corridors.party_words import say
from corridors.terms import OwnTerms, narrowed, terms_of
from corridors.windows import Window
from notifications.links import token_for
from notifications.models import Delivery
from partners.enums import Role
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db
PARTIES = ("kz-border", "uz-border", "tj-emb-uz")
MORNING = Window(datetime(2020, 10, 2, 6), datetime(2020, 10, 2, 10), "Asia/Tashkent")
DEADLINE = NOW + timedelta(hours=8)
LATER = NOW + timedelta(hours=1)
WHO: dict[str, Any] = {"name": "A. Officer", "function": "duty officer"}
WRITER = Actor(ActorKind.USER, "writer", "A. Coordinator", organisation_ref="iom-kz")


def of(code):
    return Actor(ActorKind.USER, code, f"somebody of {code}", organisation_ref=code)


def hour(number):
    """That hour of the morning of 2 October in Tashkent."""
    return datetime(2020, 10, 2, number - 5, tzinfo=UTC)


@pytest.fixture
def ask(corridor, organisations):
    """`ask(needed=, musts=)` lays a version for 102 people in 3 vehicles before three parties."""

    def asked(**quorum):
        clock.set_to(LATER)
        version = transit.make_version(
            corridor=corridor.corridor, longest_transit=timedelta(hours=4), conditions=["no stop"], head_count_cap=102,
            vehicle_cap=3, requested_by=organisations["tj-emb-uz"], document_reference="Note 142", window=MORNING,
            by=WRITER, at=NOW,
        )  # fmt: skip
        parties = [organisations[code] for code in PARTIES]
        ask_parties(version=version, parties=parties, answer_by=DEADLINE, by=WRITER, at=NOW, **quorum)
        return CorridorVersion.objects.get(pk=version.pk)

    return asked


def decided(version, code, answer="conditional", *, by=None, note="", **own):
    approval = Approval.objects.select_related("organisation", "version").get(version=version, organisation__code=code)
    return decide(approval=approval, answer=answer, note=note, own=OwnTerms(**own), **WHO, by=by or of(code), at=LATER)


def refused(*arguments, **values):
    with pytest.raises(ApprovalError) as error, transaction.atomic():
        decided(*arguments, **values)
    return error.value.field, error.value.sentence


def test_what_is_really_allowed_is_the_least_that_everybody_allows(ask):
    version = ask()
    decided(version, "kz-border", opens_at=hour(7), head_count_cap=90)
    decided(version, "uz-border", closes_at=hour(9), head_count_cap=60, vehicle_cap=2, route="by the ring road")
    decided(version, "tj-emb-uz", note="masks")
    terms = terms_of(version)
    assert (terms.opens_at, terms.closes_at, terms.head_count_cap, terms.vehicle_cap) == (hour(7), hour(9), 60, 2)
    assert (terms.words, terms.routes) == (("no stop", "masks"), ("by the ring road",))
    assert [terms.covers(moment) for moment in (hour(6), hour(7), hour(8), hour(9))] == [False, True, True, False]
    standing = standing_of(version, at=LATER)
    assert (standing.state, standing.terms) == ("open", terms)


def test_windows_that_do_not_meet_leave_nothing(ask):
    version = ask()
    decided(version, "kz-border", closes_at=hour(7))
    decided(version, "uz-border", opens_at=hour(7))
    decided(version, "tj-emb-uz", "approved")
    assert not terms_of(version).is_possible
    assert standing_of(version, at=LATER).state == "contradictory"


def test_a_party_may_allow_less_and_never_more(ask):
    version = ask()
    assert refused(version, "kz-border", head_count_cap=103)[0] == "head_count_cap"
    assert refused(version, "kz-border", vehicle_cap=4)[0] == "vehicle_cap"
    assert refused(version, "kz-border", opens_at=hour(5))[0] == "opens_local"
    assert refused(version, "kz-border", opens_at=hour(9), closes_at=hour(8))[0] == "closes_local"
    assert refused(version, "kz-border", "approved", head_count_cap=90)[0] == "answer"
    assert refused(version, "kz-border")[0] == "note"
    assert narrowed(version, ()) == terms_of(version)


def test_who_wrote_or_asked_for_a_version_neither_decides_nor_writes_a_decision_down(ask):
    version = ask()
    own = Actor(ActorKind.USER, "writer", "A. Coordinator", organisation_ref="kz-border", recorded_by="A. Coordinator")
    assert "never one person" in refused(version, "kz-border", "approved", by=own)[1]
    colleague = Actor(ActorKind.USER, "other", "B. Coordinator", organisation_ref="kz-border", recorded_by="B")
    decided(version, "kz-border", "approved", by=colleague)
    approval = Approval.objects.select_related("organisation", "version").get(version=version, decided_at__isnull=False)
    said: dict[str, Any] = {"approval": approval, "reason": "so they say", **WHO, "at": LATER}
    say(kind="suspended", by=own, **said)
    with pytest.raises(ApprovalError, match="never one person"), transaction.atomic():
        say(kind="resumed", by=own, **said)


def test_two_of_three_are_enough_where_it_is_said_and_the_one_that_must_is_among_them(ask):
    version = ask(needed=2, musts=["uz-border"])
    decided(version, "kz-border", "approved")
    decided(version, "tj-emb-uz", "rejected", note="no")
    assert standing_of(version, at=LATER).state == "awaiting"
    decided(version, "uz-border", "approved")
    standing = standing_of(version, at=LATER)
    assert (standing.state, standing.approved, standing.needed, standing.required) == ("open", 2, 2, 3)
    assert standing_of(version, at=DEADLINE).state == "open"


def test_without_the_one_that_must_it_is_rejected_and_silence_lapses_only_what_it_keeps_from_opening(ask):
    rejected = ask(needed=2, musts=["uz-border"])
    decided(rejected, "uz-border", "rejected", note="no")
    assert standing_of(rejected, at=LATER).state == "rejected"
    silent = ask(needed=2)
    decided(silent, "kz-border", "approved")
    assert standing_of(silent, at=DEADLINE).state == "lapsed"


def test_a_quorum_that_cannot_be_is_refused(ask):
    for quorum, field in (({"needed": 4}, "needed"), ({"needed": 0}, "needed"), ({"musts": ["iom-kz"]}, "musts")):
        with pytest.raises(ApprovalError) as error, transaction.atomic():
            ask(**quorum)
        assert error.value.field == field


@pytest.mark.parametrize(
    ("needed", "musts"), [(None, ()), (1, ()), (2, ("uz-border",)), (1, ("uz-border", "kz-border"))]
)
def test_it_opens_exactly_when_as_many_have_approved_as_are_needed_and_each_that_must(ask, needed, musts):
    version = ask(needed=needed, musts=musts)
    rows = list(version.approvals.select_related("organisation").order_by("pk"))
    for answers in product(("asked", "approved", "rejected"), repeat=3):
        with transaction.atomic():
            for row, answer in zip(rows, answers, strict=True):
                if answer != "asked":
                    Approval.objects.filter(pk=row.pk).update(state=answer, decided_at=LATER)
            agreed = {row.organisation.code for row, answer in zip(rows, answers, strict=True) if answer == "approved"}
            is_open = len(agreed) >= (needed or 3) and (needed is None or set(musts) <= agreed)
            assert (standing_of(version, at=LATER).state == "open") == is_open, answers
            transaction.set_rollback(True)


def test_a_party_gives_its_own_window_and_number_by_its_link_and_everybody_reads_what_is_left(ask, sign_in):
    version = ask(needed=2)
    letter = Delivery.objects.select_related("notice__alert").filter(
        notice__alert__context__version=version.number, notice__organisation__code="uz-border"
    )
    address, stranger = f"/d/{token_for(letter.earliest('pk'))}/?lang=en", Client(enforce_csrf_checks=True)
    said = {"answer": "conditional", "opens_local": "2020-10-02T07:00", "head_count_cap": "103", **WHO}
    wrong = stranger.post(address, said)
    assert wrong.status_code == 422
    assert "from 1 to 102" in wrong.content.decode()
    assert len(wrong.content) < 15_000
    assert stranger.post(address, said | {"head_count_cap": "60"}).status_code == 302
    assert "at most 60 people" in stranger.get(address).content.decode()
    coordinator = sign_in(Role.COORDINATOR)
    decided(version, "kz-border", "approved")
    page = coordinator.get(f"/corridors/{version.corridor.code}/").content.decode()
    assert "Open: 2 of 3 approved, 2 needed" in page
    assert "07:00–10:00" in page
    assert not PartyWord.objects.exists()


def test_the_first_asking_says_how_many_have_to_approve(corridor, organisations, sign_in):
    version = transit.make_version(
        corridor=corridor.corridor, longest_transit=timedelta(hours=4), conditions=[], head_count_cap=102,
        requested_by=organisations["tj-emb-uz"], document_reference="Note 142", window=MORNING, by=COMMAND, at=NOW,
    )  # fmt: skip
    clock.set_to(NOW)
    coordinator, address = sign_in(Role.COORDINATOR), f"/corridors/KZ-TJ-A/versions/{version.number}/ask/"
    said = {"parties": list(PARTIES), "answer_by": "2020-10-01T18:00", "needed": "2", "musts": ["uz-border"]}
    assert coordinator.post(address, said | {"musts": ["kz-mfa"]}).status_code == 422
    assert coordinator.post(address, said).status_code == 302
    version.refresh_from_db()
    assert version.needed == 2
    assert [row.organisation.code for row in version.approvals.filter(is_must=True)] == ["uz-border"]
    assert "without these it does not open" not in coordinator.get(address).content.decode()
