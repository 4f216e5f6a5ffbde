"""A version is open only when every party has approved it, and a decision of a party on a version is taken once."""

from datetime import datetime, timedelta

import pytest
from django.db import ProgrammingError, transaction

from common.actors import Actor
from common.enums import ActorKind
from common.models import AuditEntry
from corridors import transit
from corridors.approvals import ApprovalError, ask_parties, decide, is_open, resume, standing_of, suspend
from corridors.models import Approval, TransitCorridor
from corridors.windows import Window
from notifications.enums import NoticeState, StepState
from notifications.models import Alert, Delivery, EscalationStep, Notice, SignedLink
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db
PARTIES = ("uz-border", "kz-border", "tj-emb-uz")
DEADLINE = NOW + timedelta(hours=8)
MORNING = Window(datetime(2020, 10, 2, 6), datetime(2020, 10, 2, 10), "Asia/Tashkent")


def of(code: str) -> Actor:
    return Actor(ActorKind.USER, code, f"somebody of {code}", organisation_ref=code)


def wording(organisations, **changes):
    said = {
        "longest_transit": timedelta(hours=4), "conditions": ["sealed buses"], "head_count_cap": 102,
        "requested_by": organisations["tj-emb-uz"], "document_reference": "Note 142", "window": MORNING,
        "by": COMMAND, "at": NOW,
    }  # fmt: skip
    return said | changes


@pytest.fixture
def version(corridor, organisations):
    """Version 2 of the way to Oybek, for the morning of 2 October."""
    return transit.make_version(corridor=corridor.corridor, **wording(organisations))


@pytest.fixture
def asked(version, organisations):
    """`asked[code]`: what that party was asked."""
    parties = [organisations[code] for code in PARTIES]
    made = ask_parties(version=version, parties=parties, answer_by=DEADLINE, by=COMMAND, at=NOW)
    return {approval.organisation.code: approval for approval in made}


def approve(approval, *, by=None, at=NOW + timedelta(hours=1), answer="approved", **said):
    said = {"name": "A. Officer", "function": "head of department", "note": "", **said}
    code = approval.organisation.code
    return decide(approval=approval, answer=answer, by=by or of(code), at=at, **said)


def refused(act, *arguments, **values) -> ApprovalError:
    before = list(Approval.objects.order_by("pk").values()), AuditEntry.objects.count()
    with pytest.raises(ApprovalError) as error, transaction.atomic():
        act(*arguments, **values)
    assert (list(Approval.objects.order_by("pk").values()), AuditEntry.objects.count()) == before
    return error.value


def test_a_version_is_open_only_when_all_of_its_parties_have_approved_it(version, asked):
    assert standing_of(version, at=NOW).state == "awaiting"
    for number, code in enumerate(PARTIES):
        assert not is_open(version, at=NOW)
        approve(asked[code], answer="conditional" if number else "approved", note="an escort" if number else "")
    standing = standing_of(version, at=NOW + timedelta(hours=2))
    assert (standing.state, standing.approved, standing.required, standing.held_up_by) == ("open", 3, 3, ())


def test_the_parties_that_hold_it_up_are_named_with_their_hour(version, asked):
    approve(asked["kz-border"])
    standing = standing_of(version, at=NOW + timedelta(hours=2))
    assert (standing.approved, standing.required) == (1, 3)
    assert {(held.organisation.code, held.since) for held in standing.held_up_by} == {
        ("uz-border", NOW), ("tj-emb-uz", NOW),
    }  # fmt: skip


def test_a_draft_is_not_open(version):
    assert standing_of(version, at=NOW).state == "draft"
    assert not is_open(version, at=NOW)


def test_asking_tells_each_party_once_with_a_link_that_decides(version, asked):
    alert = Alert.objects.get(kind="corridor_request")
    assert {notice.organisation.code for notice in alert.notices.select_related("organisation")} == set(PARTIES)
    links = SignedLink.objects.filter(delivery__notice__alert=alert)
    assert {(link.purpose, link.expires_at) for link in links} == {("decide", version.closes_at)}
    assert all("/d/" in row.payload and "/a/" not in row.payload for row in Delivery.objects.all())
    steps = EscalationStep.objects.filter(notice__alert=alert, kind="remind")
    assert {step.due_at for step in steps} == {NOW + timedelta(hours=4)}


def test_deciding_acknowledges_and_ends_the_reminders_of_this_party_only(asked):
    approve(asked["kz-border"])
    states = dict(Notice.objects.values_list("organisation__code", "state"))
    assert states == {"kz-border": "acknowledged", "uz-border": NoticeState.OWED, "tj-emb-uz": NoticeState.OWED}
    pending = EscalationStep.objects.filter(state=StepState.PENDING).values_list(
        "notice__organisation__code", flat=True
    )
    assert set(pending) == {"uz-border", "tj-emb-uz"}


def test_a_decision_on_the_old_version_does_not_count_for_one_that_asks_for_more(version, asked, organisations):
    for code in PARTIES:
        approve(asked[code])
    newer = transit.make_version(corridor=version.corridor, **wording(organisations, head_count_cap=180))
    assert is_open(version, at=NOW + timedelta(hours=2)), "a draft takes nothing away"
    parties = [organisations[code] for code in PARTIES]
    ask_parties(version=newer, parties=parties, answer_by=DEADLINE, by=COMMAND, at=NOW + timedelta(hours=2))
    assert standing_of(newer, at=NOW + timedelta(hours=2)).approved == 0
    assert standing_of(version, at=NOW + timedelta(hours=2)).state == "replaced"


def test_an_old_version_takes_no_decision(version, asked, organisations):
    newer = transit.make_version(corridor=version.corridor, **wording(organisations))
    parties = [organisations[code] for code in PARTIES]
    ask_parties(version=newer, parties=parties, answer_by=DEADLINE, by=COMMAND, at=NOW)
    assert "Version 3 has taken the place of version 2" in refused(approve, asked["kz-border"]).sentence


def test_the_first_decision_stands(asked):
    first = approve(asked["kz-border"], answer="rejected", note="no escort")
    assert "The first decision stands" in refused(approve, asked["kz-border"]).sentence
    with pytest.raises(ProgrammingError, match="stands"), transaction.atomic():
        Approval.objects.filter(pk=first.pk).update(state="approved")


def test_another_organisation_cannot_decide(asked):
    assert "another organisation" in refused(approve, asked["kz-border"], by=of("tj-emb-uz")).sentence


def test_a_request_lapses_with_its_deadline(version, asked):
    assert "lapsed" in refused(approve, asked["kz-border"], at=DEADLINE).sentence
    assert standing_of(version, at=DEADLINE).state == "lapsed"


def test_what_lapsed_can_be_asked_again_and_decisions_stay(version, asked):
    approve(asked["kz-border"])
    later = DEADLINE + timedelta(hours=1)
    again = ask_parties(version=version, parties=[], answer_by=later + timedelta(hours=3), by=COMMAND, at=later)
    assert {approval.organisation.code for approval in again} == {"uz-border", "tj-emb-uz"}
    assert standing_of(version, at=later).state == "awaiting"
    approve(asked["uz-border"], at=later)
    assert standing_of(version, at=later).approved == 2


def test_an_open_version_lapses_when_its_window_is_over(version, asked):
    for code in PARTIES:
        approve(asked[code])
    assert standing_of(version, at=version.closes_at - timedelta(seconds=1)).state == "open"
    assert standing_of(version, at=version.closes_at).state == "lapsed"


def test_one_rejection_rejects_the_version(version, asked):
    approve(asked["kz-border"], answer="rejected", note="no escort that morning")
    standing = standing_of(version, at=NOW)
    assert (standing.state, standing.held_up_by) == ("rejected", ())
    assert [row.organisation.code for row in standing.rejected_by] == ["kz-border"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"answer": "perhaps"}, "answer"),
        ({"name": " "}, "name"),
        ({"function": ""}, "function"),
        ({"answer": "conditional"}, "note"),
        ({"answer": "rejected"}, "note"),
        ({"decided_how": "phone"}, "reference"),
        ({"answer": "rejected", "note": "x" * 2001}, "note"),
    ],
)
def test_half_a_decision_is_refused_beside_its_field(asked, said, field):
    assert refused(approve, asked["kz-border"], **said).field == field


def test_a_suspended_version_is_not_open_until_it_is_resumed(version, asked):
    for code in PARTIES:
        approve(asked[code])
    suspend(version=version, reason="the escort was called away", by=COMMAND, at=NOW)
    assert standing_of(version, at=NOW).state == "suspended"
    assert "already" in refused(suspend, version=version, reason="again", by=COMMAND, at=NOW).sentence
    assert refused(resume, version=version, reason=" ", by=COMMAND, at=NOW).field == "reason"
    resume(version=version, reason="the escort is back", by=COMMAND, at=NOW + timedelta(minutes=5))
    assert is_open(version, at=NOW + timedelta(minutes=6))
    assert "not suspended" in refused(resume, version=version, reason="again", by=COMMAND, at=NOW).sentence


def test_a_draft_cannot_be_suspended(version):
    assert "nothing to suspend" in refused(suspend, version=version, reason="why", by=COMMAND, at=NOW).sentence


def test_nobody_is_asked_about_a_way_without_its_hour(corridor, organisations):
    error = refused(
        ask_parties, version=corridor, parties=[organisations["kz-border"]], answer_by=DEADLINE, by=COMMAND, at=NOW
    )
    assert "when people may enter" in error.sentence


@pytest.mark.parametrize(
    ("codes", "hours", "field"), [(("iom-kz",), 8, "parties"), ((), 8, "parties"), (("kz-border",), -1, "answer_by"),
                                  (("kz-border",), 48, "answer_by")],
)  # fmt: skip
def test_a_request_that_cannot_be_is_refused(version, organisations, codes, hours, field):
    error = refused(
        ask_parties, version=version, parties=[organisations[code] for code in codes],
        answer_by=NOW + timedelta(hours=hours), by=COMMAND, at=NOW,
    )  # fmt: skip
    assert error.field == field


def test_what_lies_before_the_parties_is_not_rewritten(version, asked, organisations):
    said = wording(organisations)
    fields = {name: value for name, value in said.items() if name not in ("by", "at")}
    with pytest.raises(transit.CorridorError, match="stays as it is"):
        transit.rewrite_draft(version=version, wording=transit.Wording(**fields), by=COMMAND, at=NOW)


@pytest.mark.parametrize(
    ("opens", "hours", "zone", "field"),
    [
        (datetime(2020, 10, 2, 6), 0, "Asia/Tashkent", "closes_local"),
        (datetime(2020, 9, 1, 6), 4, "Asia/Tashkent", "closes_local"),
        (datetime(2020, 10, 2, 6), 240, "Asia/Tashkent", "closes_local"),
        (datetime(2022, 10, 2, 6), 4, "Asia/Tashkent", "opens_local"),
        (datetime(2020, 10, 2, 6), 4, "Europe/Vienna", "zone"),
    ],
)
def test_a_window_that_cannot_be_is_refused_by_name(*, version, organisations, opens, hours, zone, field):
    window = Window(opens, opens + timedelta(hours=hours), zone)
    with pytest.raises(transit.CorridorError) as error:
        transit.make_version(corridor=version.corridor, **wording(organisations, window=window))
    assert error.value.field == field


@pytest.mark.parametrize(
    ("hour", "sentence"),
    [(datetime(2021, 3, 28, 2, 30), "does not exist"), (datetime(2020, 10, 25, 2, 30), "comes twice")],
)
def test_an_hour_that_clocks_skip_or_repeat_is_refused(corridor, organisations, oybek, hour, sentence):
    oybek.sides.update(zone="Europe/Vienna")
    way = TransitCorridor.objects.select_related("entry", "exit").get()
    window = Window(hour, hour + timedelta(hours=4), "Europe/Vienna")
    with pytest.raises(transit.CorridorError, match=sentence):
        transit.make_version(corridor=way, **wording(organisations, window=window))


def test_the_window_is_kept_as_wall_time_and_as_instants(version):
    assert (version.opens_local.hour, version.closes_local.hour, version.zone) == (6, 10, "Asia/Tashkent")
    assert (version.opens_at.hour, version.closes_at.hour) == (1, 5)
