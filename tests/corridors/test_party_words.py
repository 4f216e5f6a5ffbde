"""A party that approved suspends, lets go on, or withdraws: beside its decision, at once, and told to whom it stops."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client

from common import clock
from common.actors import Actor
from common.enums import ActorKind
from corridors import standing_changes, transit
from corridors.approvals import ApprovalError, ask_parties, decide, is_open, resume, standing_of, suspend
from corridors.models import Approval, CorridorVersion, PartyWord, StandingChange
from corridors.party_words import say
from corridors.tasks import note_lapses
from corridors.windows import Window
from notifications.links import token_for
from notifications.models import Alert, Delivery
from partners.enums import Role
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db
PARTIES = ("kz-border", "uz-border")
MORNING = Window(datetime(2020, 10, 2, 6), datetime(2020, 10, 2, 10), "Asia/Tashkent")
OPEN_AT = NOW + timedelta(hours=1)
LATER = NOW + timedelta(hours=2)
DEADLINE = NOW + timedelta(hours=8)
WHO: dict[str, Any] = {"name": "A. Officer", "function": "duty officer"}
ARRANGER = Actor(ActorKind.USER, "arranger", "A. Coordinator", organisation_ref="iom-kz")


def of(code):
    return Actor(ActorKind.USER, code, f"somebody of {code}", organisation_ref=code)


@pytest.fixture
def lay(corridor, organisations):
    """`lay()` writes the next version and asks its parties, anew where it is for more people than the last one."""

    def laid(heads=102):
        version = transit.make_version(
            corridor=corridor.corridor, longest_transit=timedelta(hours=4), conditions=["no stop"], head_count_cap=heads,
            requested_by=organisations["tj-emb-uz"], document_reference="Note 142", window=MORNING, by=COMMAND, at=NOW,
        )  # fmt: skip
        parties = [organisations[code] for code in PARTIES]
        ask_parties(version=version, parties=parties, answer_by=DEADLINE, by=ARRANGER, at=NOW)
        return version

    return laid


@pytest.fixture
def version(lay):
    """An open version: both parties have approved it."""
    clock.set_to(LATER)
    version = lay()
    for approval in version.approvals.select_related("organisation", "version"):
        decide(approval=approval, answer="approved", **WHO, by=of(approval.organisation.code), at=OPEN_AT)
    return version


def approval(version, code="uz-border"):
    return Approval.objects.select_related("organisation", "version").get(version=version, organisation__code=code)


def spoken(version, kind, *, code="uz-border", at=LATER, by=None, reason="fighting at the barrier", **said):
    return say(approval=approval(version, code), kind=kind, reason=reason, **{**WHO, **said}, by=by or of(code), at=at)


def refused(*arguments, **values):
    before = PartyWord.objects.count(), StandingChange.objects.count(), Alert.objects.count()
    with pytest.raises(ApprovalError) as error, transaction.atomic():
        spoken(*arguments, **values)
    assert (PartyWord.objects.count(), StandingChange.objects.count(), Alert.objects.count()) == before
    return error.value.sentence


def told(kind="corridor_stopped"):
    alert = Alert.objects.filter(kind=kind).order_by("number").last()
    return alert and {notice.organisation.code for notice in alert.notices.select_related("organisation")}


def changes(version):
    return list(version.standing_changes.values_list("was", "now"))


def test_a_party_stops_the_corridor_at_once_and_lets_it_go_on(version):
    assert is_open(version, at=LATER)
    spoken(version, "suspended")
    standing = standing_of(version, at=LATER)
    assert (standing.state, standing.approved) == ("suspended", 2)
    assert [(str(stop.party), stop.why) for stop in standing.stops] == [
        (str(approval(version).organisation), "fighting at the barrier")
    ]
    assert told() == {"kz-border", "iom-kz", "tj-emb-uz"}
    assert approval(version).state == "approved"
    spoken(version, "resumed", reason="it is quiet", at=LATER + timedelta(minutes=5))
    assert is_open(version, at=LATER + timedelta(minutes=5))
    assert changes(version) == [
        ("draft", "awaiting"), ("awaiting", "open"), ("open", "suspended"), ("suspended", "open"),
    ]  # fmt: skip
    assert Alert.objects.filter(kind="corridor_stopped").latest("number").context["state"] == "open"


def test_two_that_have_suspended_both_have_to_let_it_go_on_and_the_coordinator_only_his_own(version):
    spoken(version, "suspended")
    suspend(version=version, reason="the road is flooded", by=ARRANGER, at=LATER)
    spoken(version, "suspended", code="kz-border")
    spoken(version, "resumed")
    resume(version=version, reason="the water is gone", by=ARRANGER, at=LATER)
    assert standing_of(version, at=LATER).state == "suspended"
    with pytest.raises(ApprovalError, match="only that party"), transaction.atomic():
        resume(version=version, reason="we want to leave", by=ARRANGER, at=LATER)
    spoken(version, "resumed", code="kz-border")
    assert is_open(version, at=LATER)
    assert changes(version)[2:] == [("open", "suspended"), ("suspended", "open")], "told once, not at each word"


def test_a_withdrawal_is_for_good(version):
    spoken(version, "withdrawn")
    standing = standing_of(version, at=LATER)
    assert (standing.state, standing.approved) == ("withdrawn", 1)
    assert "for good" in refused(version, "resumed")
    assert told() == {"kz-border", "iom-kz", "tj-emb-uz"}


def test_words_that_do_not_fit_are_refused_and_change_nothing(version, lay):
    assert "another organisation" in refused(version, "suspended", by=of("kz-border"))
    assert "not suspended it" in refused(version, "resumed")
    assert "Say why" in refused(version, "suspended", reason=" ")
    assert "reference" in refused(version, "suspended", said_how="phone")
    assert "window" in refused(version, "suspended", at=version.closes_at)
    spoken(version, "suspended")
    assert "already" in refused(version, "suspended")
    newer = lay()
    assert "Version 3 has taken the place" in refused(version, "resumed")
    assert "Only who has approved" in refused(newer, "suspended")
    assert changes(version)[-1] == ("suspended", "replaced")


def test_what_a_party_has_said_stands_in_the_database(version):
    word = spoken(version, "suspended")
    with pytest.raises(ProgrammingError, match="stands"), transaction.atomic():
        PartyWord.objects.filter(pk=word.pk).update(reason="nothing happened")


def test_what_ends_by_the_hour_is_noted_once_and_only_silence_is_told(lay, version):
    silent = lay(heads=180)
    clock.set_to(DEADLINE)
    note_lapses()
    note_lapses()
    assert changes(silent) == [("draft", "awaiting"), ("awaiting", "lapsed")]
    assert told() == {"iom-kz", "tj-emb-uz"}


def test_the_end_of_a_window_is_noted_and_told_to_nobody(version):
    assert standing_changes.note_lapses(by=COMMAND, at=version.closes_at) == 1
    assert changes(version)[-1] == ("open", "lapsed")
    assert told() is None


def link(code, version):
    rows = Delivery.objects.select_related("notice__alert").filter(
        notice__alert__context__version=version.number, notice__alert__kind="corridor_request",
        notice__organisation__code=code,
    )  # fmt: skip
    return f"/d/{token_for(rows.earliest('pk'))}/"


def test_the_link_that_decided_suspends_until_the_window_closes(version, lay):
    clock.set_to(DEADLINE + timedelta(hours=1))
    stranger, address = Client(enforce_csrf_checks=True), link("uz-border", version) + "?lang=en"
    page = stranger.get(address)
    assert "Have you changed your mind?" in page.content.decode()
    assert not PartyWord.objects.exists()
    half = stranger.post(address, {"kind": "suspended"})
    assert half.status_code == 422
    assert half.content.decode().count("field-error") == 3
    assert stranger.post(address, {"kind": "suspended", "reason": "fighting", **WHO}).status_code == 302
    word = PartyWord.objects.get()
    assert (word.kind, word.said_how, word.by.organisation_ref) == ("suspended", "link", "uz-border")
    shown = stranger.get(address).content.decode()
    assert "fighting" in shown
    assert "Let it go on" in shown
    assert len(shown) < 15_000
    lay()
    assert stranger.post(address, {"kind": "resumed", "reason": "over", **WHO}).status_code == 422
    assert PartyWord.objects.count() == 1


def test_a_party_suspends_on_its_page_and_a_colleague_writes_down_what_it_says_by_phone(version, sign_in):
    own = approval(version, "kz-border")
    liaison = sign_in(Role.LIAISON)
    address = f"/requests/{own.public_id}/"
    assert "Have you changed your mind?" in liaison.get(address).content.decode()
    said = {"kind": "suspended", "reason": "no officers tonight", **WHO}
    assert liaison.post(address, said, follow=True).status_code == 200
    coordinator = sign_in(Role.COORDINATOR)
    page = coordinator.get(f"/corridors/{version.corridor.code}/").content.decode()
    assert "Suspended: nobody may use it" in page
    assert "no officers tonight" in page
    assert "Only this party lets it go on" in page
    behind = f"/corridors/{version.corridor.code}/decisions/{own.public_id}/"
    back = {"kind": "resumed", "reason": "they are back", "said_how": "phone", **WHO}
    assert coordinator.post(behind, back).status_code == 422
    assert coordinator.post(behind, back | {"reference": "+7 700 000 00 00, 09:10"}).status_code == 302
    assert is_open(version, at=LATER)
    assert PartyWord.objects.latest("pk").by.recorded_by


def test_a_suspension_that_nobody_ends_is_said_again_to_who_can_end_it(version):
    CorridorVersion.objects.filter(pk=version.pk).update(closes_at=NOW + timedelta(days=9))
    spoken(version, "suspended")
    hours = [5, 6, 7, 29, 30, 31]
    said = [standing_changes.remind_of_suspensions(by=COMMAND, at=LATER + timedelta(hours=hour)) for hour in hours]
    assert said == [0, 1, 0, 0, 1, 0]
    again = Alert.objects.filter(kind="corridor_stopped").latest("number")
    assert again.context["again"] is True
    told = set(again.notices.values_list("organisation__code", flat=True))
    assert told == {"uz-border", "iom-kz", "tj-emb-uz"} & told | {"uz-border"}
    spoken(version, "resumed", at=LATER + timedelta(hours=40))
    assert standing_changes.remind_of_suspensions(by=COMMAND, at=LATER + timedelta(days=5)) == 0
