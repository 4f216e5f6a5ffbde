"""A new version asks anew only those whose decision it invalidates, and says why; what the others decided holds for it."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from common.actors import Actor
from common.enums import ActorKind
from corridors import transit
from corridors.approvals import ask_parties, decide, is_open, standing_of, suspend
from corridors.models import Approval
from corridors.party_words import say
from corridors.requests import carried_notice, request_behind
from corridors.terms import OwnTerms
from corridors.windows import Window
from notifications.models import Alert
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db
PARTIES = ("uz-border", "kz-border", "tj-emb-uz")
DEADLINE = NOW + timedelta(hours=8)
DECIDED_AT = NOW + timedelta(hours=1)
LATER = NOW + timedelta(hours=2)
WRITER, ASKER = (Actor(ActorKind.USER, ref, ref, organisation_ref="iom-kz") for ref in ("writer", "asker"))
SIX, SEVEN, NINE, TEN = (datetime(2020, 10, 2, hour) for hour in (6, 7, 9, 10))


def window(opens=SIX, closes=TEN):
    return Window(opens, closes, "Asia/Tashkent")


def speaking_for(code, ref=None):
    return Actor(ActorKind.USER, ref or code, "A. Officer", organisation_ref=code)


def answer(row, *, by=None, said="approved", **more):
    code = row.organisation.code
    words = {"name": "A. Officer", "function": "head of department", "reference": f"letter of {code}", **more}
    return decide(approval=row, answer=said, by=by or speaking_for(code), at=DECIDED_AT, **words)


@pytest.fixture
def worded(corridor, organisations):
    """`worded(**changes)` writes the next version."""

    def made(**changes):
        said = {
            "longest_transit": timedelta(hours=4), "conditions": ["sealed buses", "no stop"], "head_count_cap": 102,
            "vehicle_cap": 3, "requested_by": organisations["tj-emb-uz"], "document_reference": "Note 142",
            "window": window(), "by": WRITER, "at": NOW, **changes,
        }  # fmt: skip
        return transit.make_version(corridor=corridor.corridor, **said)

    return made


@pytest.fixture
def laid(organisations):
    """`laid(version)` lays it before the three parties; gives their rows by code."""

    def asked(version, *, by=ASKER, at=NOW):
        parties = [organisations[code] for code in PARTIES]
        made = ask_parties(version=version, parties=parties, answer_by=DEADLINE, by=by, at=at)
        return {row.organisation.code: row for row in made}

    return asked


@pytest.fixture
def approved(worded, laid):
    """The rows of a version that all three have approved."""
    return {code: answer(row) for code, row in laid(worded()).items()}


def reasons(row):
    return [why for why, _before, _after in row.reopened]


def test_a_version_that_asks_for_less_keeps_every_decision_with_its_hours_author_and_reference(approved, worded, laid):
    version = worded(head_count_cap=90, window=window(SEVEN, NINE), conditions=["sealed buses", "no stop", "an escort"])
    rows = laid(version, at=LATER)
    assert is_open(version, at=LATER)
    for code, row in rows.items():
        assert (row.carried_from_id, row.reopened) == (approved[code].pk, [])
        assert (row.decided_at, row.name, row.reference) == (DECIDED_AT, "A. Officer", f"letter of {code}")
    told = Alert.objects.get(kind="corridor_carried")
    assert set(told.notices.values_list("organisation__code", flat=True)) == set(PARTIES)
    assert Alert.objects.filter(kind="corridor_request").count() == 1, "nobody is asked for what was decided"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"window": window(SIX, TEN + timedelta(hours=1))}, "window"),
        ({"head_count_cap": 180}, "cap"),
        ({"vehicle_cap": None}, "vehicles"),
        ({"longest_transit": timedelta(hours=5)}, "transit"),
        ({"conditions": ["sealed buses"]}, "condition"),
    ],
)
def test_what_asks_for_more_is_asked_anew_of_everybody_and_says_why(change, why, approved, worded, laid):
    version = worded(**change)
    rows = laid(version, at=LATER)
    assert [(row.state, reasons(row)) for row in rows.values()] == [("asked", [why])] * 3
    assert standing_of(version, at=LATER).state == "awaiting"


def test_another_authority_asks_everybody_anew(approved, worded, laid, organisations):
    rows = laid(worded(requested_by=organisations["kz-border"]), at=LATER)
    assert {tuple(reasons(row)) for row in rows.values()} == {("requester",)}


def test_the_reason_has_its_figures(approved, worded, laid):
    row = laid(worded(head_count_cap=180), at=LATER)["uz-border"]
    assert row.reopened == [["cap", "102", "180"]]


def test_another_paper_of_the_same_authority_asks_nobody_anew(approved, worded, laid):
    assert is_open(next(iter(laid(worded(document_reference="Note 150"), at=LATER).values())).version, at=LATER)


def test_who_rejected_withdrew_or_suspended_is_asked_anew_alone(worded, laid):
    rows = laid(worded())
    answer(rows["kz-border"])
    answer(rows["uz-border"])
    say(
        approval=rows["uz-border"], kind="suspended", name="A. Officer", function="head", reason="snow",
        by=speaking_for("uz-border"), at=DECIDED_AT,
    )  # fmt: skip
    answer(rows["tj-emb-uz"], said="rejected", note="too many")
    again = laid(worded(head_count_cap=90), at=LATER)
    assert {code: (row.state, reasons(row)) for code, row in again.items()} == {
        "kz-border": ("approved", []),
        "uz-border": ("asked", ["suspended"]),
        "tj-emb-uz": ("asked", ["rejected"]),
    }


def test_a_suspension_by_the_office_is_not_got_round_by_a_new_version(approved, worded, laid):
    suspend(version=approved["uz-border"].version, reason="no escort", by=COMMAND, at=DECIDED_AT)
    assert {tuple(reasons(row)) for row in laid(worded(), at=LATER).values()} == {("suspended",)}


def test_an_own_window_that_the_next_version_misses_is_asked_about(worded, laid):
    rows = laid(worded())
    early = OwnTerms(closes_at=NOW.replace(day=2, hour=2, minute=0))
    answer(rows["uz-border"], said="conditional", own=early)
    answer(rows["kz-border"], said="conditional", own=OwnTerms(head_count_cap=80))
    again = laid(worded(window=window(NINE, TEN)), at=LATER)
    assert reasons(again["uz-border"]) == ["own_terms"]
    assert (again["kz-border"].carried_from_id, again["kz-border"].head_count_cap) == (rows["kz-border"].pk, 80)


def test_who_wrote_a_decision_down_cannot_carry_it_over_to_a_request_of_their_own(worded, laid):
    rows = laid(worded())
    answer(rows["uz-border"], by=speaking_for("uz-border", ref="third"), decided_how="phone")
    answer(rows["kz-border"])
    again = laid(worded(), by=Actor(ActorKind.USER, "third", "third", organisation_ref="iom-kz"), at=LATER)
    assert (reasons(again["uz-border"]), reasons(again["kz-border"])) == (["same_person"], [])


def test_a_requirement_that_changed_after_a_decision_is_asked_about_in_its_countries(worded, laid, publish):
    for row in laid(worded()).values():
        answer(row)
    publish(hours=1.5)
    again = laid(worded(), at=LATER)
    assert {code: reasons(row) for code, row in again.items()} == {
        "uz-border": ["requirement"], "kz-border": ["requirement"], "tj-emb-uz": [],
    }  # fmt: skip


def test_a_decision_holds_over_two_versions_and_its_first_link_leads_to_where_it_stands(approved, worded, laid):
    laid(worded(head_count_cap=90), at=LATER)
    third = laid(worded(head_count_cap=80), at=LATER + timedelta(minutes=5))["uz-border"]
    assert third.carried_from_id == approved["uz-border"].pk
    source = f"corridor-version:{approved['uz-border'].version.public_id}:1"
    assert request_behind(source, third.organisation) == third
    notice = carried_notice(third)
    assert notice is not None
    assert notice.alert.context["version"] == third.version.number
    say(
        approval=third, kind="withdrawn", name="A. Officer", function="head", reason="no escort",
        by=speaking_for("uz-border"), at=LATER + timedelta(minutes=6),
    )  # fmt: skip
    assert standing_of(third.version, at=LATER + timedelta(minutes=7)).state == "withdrawn"


def test_nothing_undecided_is_carried(approved, worded, laid):
    row = laid(worded(head_count_cap=180), at=LATER)["uz-border"]
    with pytest.raises(IntegrityError, match="carried_approval_is_decided"), transaction.atomic():
        Approval.objects.filter(pk=row.pk).update(carried_from=approved["uz-border"])
