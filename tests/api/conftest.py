"""Clients of the API with real tokens, and a small world in which every resource has a row."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from rest_framework.test import APIClient

from accounts import tokens
from accounts.models import User
from common import clock
from common.actors import Actor
from common.pictures import Drawn
from corridors.messages import alert_context
from corridors.models import (
    Approval,
    BarrierReport,
    CorridorVersion,
    Requirement,
    RequirementChange,
    RequirementDraft,
    RequirementVersion,
    TransitCorridor,
)
from corridors.requirements import source_of
from migrants import declarations, identity, merging, pictures, protection, screening
from migrants.enums import ExportKind
from migrants.exports import export
from migrants.models import (
    Consent,
    Enquiry,
    Family,
    GroupMove,
    HeadCount,
    HealthTest,
    Migrant,
    MoodSeen,
    Nationality,
    Proof,
    ProtectionHold,
    Relation,
    TravelDocument,
    TravelGroup,
    TravelledLeg,
)
from notifications.acknowledgements import acknowledge
from notifications.calls import log_call
from notifications.choosing import Step
from notifications.models import Alert, Delivery, Notice, WebhookPost, WebhookSubscription
from notifications.policies import save_policy
from notifications.schedule import fingerprint
from notifications.signing import new_secret
from partners.enums import Role
from partners.models import Organisation
from returns import case_papers, importing
from returns.assistance import give
from returns.cases import open_cases
from returns.funding import ask as ask_for_money
from returns.funding import pledge
from returns.laboratory import draw_list
from returns.models import (
    CaseComment,
    CaseTask,
    Checkpoint,
    CrewMember,
    Incident,
    LateResult,
    Manifest,
    ManifestUpload,
    Mention,
    Movement,
    PaperIssue,
    ReturnCase,
    RoadDecision,
    SavedFilter,
    Vehicle,
    Waiver,
)
from tests.access.arriving import (
    agreed,
    arriving,
    at_home,
    document_request_of,
    helped,
    question_of,
    ready,
    received,
)
from tests.cast import COMMAND, NOW, make_account

CONTENT = {
    "applies": None,
    "rule": {"test": {"kinds": ["pcr", "rapid"], "result": "negative", "max_age_hours": 72}},
    "exempt": None,
    "price": None,
    "side_effect": "",
}
NUMBER = "TJ-4711-SEALED"
LIST = "Full name;Birth date;Patronimyc\nОзмоиш Якум;01.02.1990;\n;03.04.1991;\n"
"""One row that can be registered, one without a name, and a column that nobody knows by that name. Invented."""


@pytest.fixture(autouse=True)
def fixed_hour(db):
    """The demonstration clock stands at NOW, as far as a clock stands."""
    clock.set_to(NOW)


@pytest.fixture
def token_of(accounts):
    """`token_of(role)` issues a real token for that role's account, or for the account that is given."""

    def issued(whose: str | User, *, days: int = 1) -> str:
        user = whose if isinstance(whose, User) else accounts[whose]
        return tokens.issue(user=user, days=days, by=COMMAND, at=NOW).token

    return issued


@pytest.fixture
def ask(token_of):
    """`ask(role)` is a client with that role's token; `ask(None)` one that says nothing of itself."""

    def client(role: str | None) -> APIClient:
        asking = APIClient()
        if role is not None:
            asking.credentials(HTTP_AUTHORIZATION=f"Bearer {token_of(role)}")
        return asking

    return client


def person_in(group: TravelGroup, number: int) -> Migrant:
    """Somebody registered in `group`, with nationality, document, test and consent. Invented."""
    common: dict[str, Any] = {"mission": group.mission, "recorded_at": NOW, "by": COMMAND}
    person = Migrant.objects.create(
        number=f"{100_000 + number}",
        group=group,
        full_name=f"Раҳимов Баҳром {number}",
        birth_year=1990,
        registered_at=NOW,
        note="a note that stays sealed",
        **common,
    )
    Nationality.objects.create(person=person, code="TJK", **common)
    TravelDocument.objects.create(person=person, kind="passport", number=f"{NUMBER}{number}", issuer="TJK", **common)
    HealthTest.objects.create(person=person, kind="pcr", result="negative", sampled_at=NOW, **common)
    Proof.objects.create(person=person, kind="quota", begins_on=NOW.date(), **common)
    Consent.objects.create(
        person=person, purpose="return", answer="yes", how="written", language="tg", answered_at=NOW, **common
    )
    return person


def count_of(group: TravelGroup, total: int = 102) -> HeadCount:
    """One head count of `group`."""
    return HeadCount.objects.create(
        group=group, mission=group.mission, counted_at=NOW, recorded_at=NOW, total=total, by=COMMAND
    )


def notice_of(alert: Alert, organisation: Organisation) -> Notice:
    """What one organisation owes for `alert`."""
    return Notice.objects.create(alert=alert, organisation=organisation, owed_since=alert.raised_at)


def waiver_of(case: ReturnCase, group: TravelGroup, authority: Organisation) -> Waiver:
    """What excuses `case` from a line that nobody has published yet, so that no verdict follows from it."""
    line = Requirement.objects.create(
        crossing=group.crossing, from_country="KAZ", to_country="UZB", subject="travel_document"
    )
    return Waiver.objects.create(
        requirement=line, case=case, mission=case.mission, authority=authority, reference="note 7",
        valid_until=NOW + timedelta(days=9), recorded_at=NOW, by=COMMAND,
    )  # fmt: skip


def a_movement(group: TravelGroup, version: CorridorVersion) -> Movement:
    """A journey of `group` with one bus, a frozen manifest and one count; rows alone."""
    common: dict[str, Any] = {"mission": group.mission, "by": COMMAND}
    movement = Movement.objects.create(
        group=group, number=1, corridor_version=version, depart_at=NOW, made_at=NOW, **common
    )
    bus = Vehicle.objects.create(movement=movement, label="Bus 1", seats=45)
    Manifest.objects.create(movement=movement, number=1, frozen_at=NOW, digest="0" * 64, people=1, **common)
    Checkpoint.objects.create(
        movement=movement, vehicle=bus, kind="boarded", heads=1, expected=1, counted_at=NOW, recorded_at=NOW, **common
    )
    return movement


@pytest.fixture
def world(group, organisations) -> dict[str, Any]:
    """A row of each resource, by the name of the resource."""
    return make_rows(group, organisations)


def _of_the_halt(group: TravelGroup, person: Migrant, since: datetime) -> dict[str, Any]:
    """A look at its mood, a leg of its way, what a person is to another, and a head that came from another group."""
    known: dict[str, Any] = {"mission": group.mission, "recorded_at": since, "by": COMMAND}
    mood = MoodSeen.objects.create(group=group, mood="tense", note="no water", seen_at=since, **known)
    leg = TravelledLeg.objects.create(group=group, rank=1, country="RUS", place="Samara", **known)
    another = Migrant.objects.exclude(pk=person.pk).earliest("pk")
    relation = Relation.objects.create(person=person, other=another, kind="sibling", basis="self", **known)
    del known["recorded_at"]
    moved = GroupMove.objects.create(
        from_group=group, to_group=TravelGroup.objects.exclude(pk=group.pk).earliest("pk"), kind="moved", heads=1,
        unregistered=1, why="two buses", moved_at=since, **known,
    )  # fmt: skip
    return {
        "moods": mood.public_id,
        "legs": leg.public_id,
        "relations": relation.public_id,
        "group-moves": moved.public_id,
    }


def closed(person: Migrant, helper: Organisation) -> dict[str, Any]:
    """A picture, a declaration that was read out, and what the closed room holds of a person."""
    who: dict[str, Any] = {"by": COMMAND, "at": NOW}
    drawn = Drawn(b"a picture", 3, 4)
    picture = pictures.keep(person=person, kind="photograph", upload=drawn, **who)
    declaration = declarations.read_out(person=person, language="tg", reader="Aigul", understood=True, **who)
    hold = ProtectionHold.objects.create(
        person=person, mission=person.mission, against=["UZB"], reason="why she is held", set_at=NOW, set_by=COMMAND,
        cleared_at=NOW, cleared_by=Actor.command("second person"), clearing_reason="she was asked",
    )  # fmt: skip
    screened = screening.screen(
        person=person, stage="before", needs=["medical"], note="what she said", screened_at=NOW, **who
    )
    referred = screening.refer(
        screening=screened, organisation=helper, service="medical", reason="ill", referred_at=NOW, **who
    )
    arranged = protection.arrange_child(
        person=person, outcome="to her aunt", best_interests_on=NOW.date(), escort="Nodira", receiver="Mavluda", **who
    )
    late = LateResult.objects.create(person=person, test=person.tests.get(), mission=person.mission, raised_at=NOW)
    return {
        "pictures": picture.public_id,
        "declarations": declaration.public_id,
        "holds": hold.public_id,
        "screenings": screened.public_id,
        "referrals": referred.public_id,
        "arrangements": arranged.public_id,
        "late-results": late.public_id,
    }


def family_of(person: Migrant, group: TravelGroup) -> dict[str, Any]:
    """A family of one, so far."""
    family = Family.objects.create(group=group, code="F7")
    Migrant.objects.filter(pk=person.pk).update(family=family)
    return {"families": family.public_id}


def doubled(person: Migrant) -> dict[str, Any]:
    """A record that waits to be compared with `person`, and one that was merged into them; both say nothing more."""
    who: dict[str, Any] = {"by": COMMAND, "at": NOW}
    bare = [
        Migrant.objects.create(
            number=f"{int(person.number) + place}", mission=person.mission, group=person.group,
            full_name="Раҳимов Баҳром", registered_at=NOW, recorded_at=NOW, by=COMMAND,
        )
        for place in (400, 500)
    ]  # fmt: skip
    merge = merging.merge(kept=person, absorbed=bare[1], **who)
    return {
        "pairs": identity.offer_pair(one=person, other=bare[0], **who).public_id,
        "merges": merge.public_id,
    }


def listed(group: TravelGroup) -> ManifestUpload:
    """A list that waits to be confirmed."""
    return importing.take(
        group=group, mission=group.mission, file=io.BytesIO(LIST.encode()), name="list.csv", size=len(LIST),
        within=Migrant.objects.living_records(), by=COMMAND, at=NOW,
    )  # fmt: skip


def driver_of(movement: Movement) -> CrewMember:
    """Who drives the first bus, with a licence that nobody has looked at yet."""
    return CrewMember.objects.create(
        movement=movement, mission=movement.mission, vehicle=movement.vehicles.earliest("pk"), role="driver",
        name="Botir Yusupov", phone="+998901112233", document_kind="driving licence", document_number="AB 77",
        recorded_at=NOW, by=COMMAND,
    )  # fmt: skip


def discussed(case: ReturnCase) -> dict[str, Any]:
    """A task about a case, and a comment that asks every officer of casework to look."""
    common: dict[str, Any] = {"group": case.person.group, "case": case, "mission": case.mission, "made_at": NOW}
    task = CaseTask.objects.create(title="ask for a paper", due_at=NOW, role="coordinator", by=COMMAND, **common)
    comment = CaseComment.objects.create(words="her brother waits", by=COMMAND, **common)
    for user in User.objects.filter(memberships__role__in=["field", "coordinator", "protection"]).distinct():
        Mention.objects.create(comment=comment, account=user.public_id, name=user.printed_name)
    group = case.person.group
    assert group is not None
    pages = case_papers.attach(group=group, case=case, title="letter", pages=[Drawn(b"x", 1, 1)], by=COMMAND, at=NOW)
    kept = SavedFilter.objects.create(
        mission=case.mission, owner=uuid4(), owner_name="A colleague", name="late", asked={"task": "open"},
        is_shared=True, made_at=NOW, by=COMMAND,
    )  # fmt: skip
    return {
        "saved-filters": kept.public_id,
        "tasks": task.public_id,
        "comments": comment.public_id,
        "case-papers": pages[0].public_id,
    }


def decided(movement):
    return RoadDecision.objects.create(
        movement=movement, mission=movement.mission, answer="wait", why="a queue", decided_at=NOW, by=COMMAND
    )


def happened(movement):
    return Incident.objects.create(
        movement=movement, mission=movement.mission, kind="delay", note="a queue", happened_at=NOW, recorded_at=NOW,
        by=COMMAND,
    )  # fmt: skip


def a_paper(movement: Movement) -> PaperIssue:
    """The manifest of a movement as it was given out for ourselves."""
    return PaperIssue.objects.create(
        code="23456789BCDFGHJK", mission=movement.mission, kind="manifest", number=1, fingerprint="0" * 64, language="en",
        movement=movement, manifest=movement.manifests.get(), issued_at=NOW, by=COMMAND,
        export=export(
            kind=ExportKind.MANIFEST, title="manifest", purpose="tests", make=lambda mark: b"paper", by=COMMAND, at=NOW
        ).export,
    )  # fmt: skip


def make_rows(group: TravelGroup, organisations: dict[str, Organisation]) -> dict[str, Any]:
    """The same for whoever builds a world of their own."""
    person = person_in(group, 1)
    line = Requirement.objects.create(
        crossing=group.crossing, from_country="KAZ", to_country="UZB", subject="health_test"
    )
    since = NOW - timedelta(days=1)
    version = RequirementVersion.objects.create(
        requirement=line, number=1, content=CONTENT, certainty="confirmed", source_tier="written",
        source_text="letter", authority=organisations["uz-border"], zone="Asia/Tashkent",
        applies=DateTimeTZRange(since, None), known=DateTimeTZRange(since, None), entered_at=since, entered_by=COMMAND,
    )  # fmt: skip
    RequirementChange.objects.create(version=version, kind="new", at=since, by=COMMAND)
    corridor = TransitCorridor.objects.create(
        code="KZ-TJ", name="Zhibek Zholy to Oybek", entry=group.crossing, exit=group.crossing,
        from_country="KAZ", transit_country="UZB", to_country="TJK",
    )  # fmt: skip
    wording = CorridorVersion.objects.create(
        corridor=corridor, number=1, longest_transit=timedelta(hours=4), head_count_cap=120,
        requested_by=organisations["iom-kz"], document_reference="note 7", made_at=since, made_by=COMMAND,
    )  # fmt: skip
    asked = Approval.objects.create(
        version=wording, organisation=organisations["kz-border"], asked_at=since, asked_by=COMMAND,
        answer_by=NOW + timedelta(hours=8),
    )  # fmt: skip
    draft = RequirementDraft.objects.create(
        requirement=line, content=CONTENT, certainty="confirmed", source_tier="written", source_text="letter",
        authority=organisations["uz-border"], zone="Asia/Tashkent", applies_from=since, entered_at=since,
        entered_by=COMMAND, published_version=version,
    )  # fmt: skip
    heard = BarrierReport.objects.create(
        mission=group.mission, crossing=group.crossing, from_country="KAZ", to_country="UZB", subject="opening",
        sentence="They close at noon.", seen_at=since, recorded_at=since, by=Actor("user", "0", "Aida"),
    )  # fmt: skip
    alert = Alert.objects.create(
        number=1, kind="requirement_change", source=source_of(version), subject="crossing:KZ-UZ-01",
        context=alert_context(version, None, kind="new"), raised_at=since, raised_by=COMMAND,
        expires_at=NOW + timedelta(days=14),
    )  # fmt: skip
    notice = notice_of(alert, organisations["kz-border"])
    answered = notice_of(alert, organisations["iom-kz"])
    answer = acknowledge(notice=answered, name="Aigul", function="duty officer", answered_by="page", by=COMMAND, at=NOW)
    delivery = Delivery.objects.create(
        notice=notice, contact=organisations["kz-border"].offices.get().contacts.get(rank=1), channel_kind="email",
        address="duty-desk@kz-border.example", language="ru", purpose="first", message_id="<1@homeward.example>",
        payload="the whole letter", due_at=since, queued_at=since, real_queued_at=since,
    )  # fmt: skip
    system = WebhookSubscription.objects.create(
        organisation=organisations["kz-border"], url="https://hooks.example/a", secret=new_secret(), made_at=since,
        by=COMMAND,
    )  # fmt: skip
    called = log_call(
        organisation=organisations["kz-border"], notice=notice, number="+7 701 000 01 01", function="duty officer",
        outcome="reached", by=COMMAND, at=NOW,
    )  # fmt: skip
    posted = WebhookPost.objects.create(
        subscription=system, alert=alert, body="{}", state="failed", due_at=since, queued_at=since
    )
    enquiry = Enquiry.objects.create(
        person=person, mission=group.mission, entry="{}",
        user=make_account(Role.FIELD, organisations["iom-kz"], email="elsewhere@iom-kz.example"),
        why="a sister", asked_at=NOW, by=COMMAND,
    )  # fmt: skip
    case = open_cases(people=[person], by=COMMAND, at=NOW)[0]
    waiver = waiver_of(case, group, organisations["uz-border"])
    samples = draw_list(group=group, kind="pcr", laboratory="Laboratory", by=COMMAND, at=NOW)
    need = ask_for_money(
        group=group, kind="blankets", quantity=102, unit_price=Decimal(20), currency="USD", by=COMMAND, at=NOW
    )
    promised = pledge(
        need=need, donor=organisations["iom-uz"], amount=Decimal(500), currency="USD", pledged_on=NOW.date(),
        correspondence="what the donor wrote", by=COMMAND, at=NOW,
    )  # fmt: skip
    blankets = give(
        need=need, giver=organisations["kz-border"], quantity=2, unit="piece", given_at=NOW, by=COMMAND, at=NOW
    )
    embassy = organisations["tj-emb-uz"]
    arriving(group, corridor, embassy, code="ZZ-0912")
    handed_over = received(arriving(group, corridor, embassy, code="ZZ-0911"), embassy)
    movement = a_movement(group, corridor.versions.get(number=1))
    home = handed_over.movement.manifests.get().entries.get().person
    agreed(person, "reintegration", organisations["kz-border"])
    steps = [Step("call", seconds=1200)]
    policy = save_policy(
        name="soon", mission=organisations["iom-uz"].offices.get(), kind="", steps=steps, foreseen=fingerprint(steps),
        by=COMMAND, at=NOW,
    )  # fmt: skip
    return {
        "lists": listed(group).public_id,
        **closed(person, organisations["uz-border"]),
        **doubled(person),
        **family_of(person, group),
        "disclosures": embassy.disclosures.latest("pk").public_id,
        "aid": blankets.public_id,
        "enquiries": enquiry.public_id,
        "sample-lists": samples.public_id,
        "samples": samples.samples.earliest("pk").public_id,
        "incoming": embassy.disclosures.latest("pk").public_id,
        "handovers": handed_over.public_id,
        "movements": movement.public_id,
        "crew": driver_of(movement).public_id,
        **discussed(case),
        "manifests": movement.manifests.get().public_id,
        "checkpoints": movement.checkpoints.get().public_id,
        "incidents": happened(movement).public_id,
        "road-decisions": decided(movement).public_id,
        "papers": a_paper(movement).public_id,
        "document-requests": document_request_of(embassy),
        "questions": question_of(embassy),
        "reception-ready": ready(embassy).public_id,
        "follow-ups": at_home(home, handed_over.movement).public_id,
        "reintegrations": helped(person, organisations["uz-border"]).public_id,
        "barrier-reports": heard.public_id,
        "requirement-changes": draft.public_id,
        "notices": notice.public_id,
        "deliveries": delivery.public_id,
        "webhook-posts": posted.public_id,
        "webhooks": system.public_id,
        "calls": called.public_id,
        "acknowledgements": answer.public_id,
        "escalation-policies": policy.public_id,
        "cases": case.public_id,
        "waivers": waiver.public_id,
        "needs": need.public_id,
        "pledges": promised.public_id,
        "organisations": organisations["kz-border"].code,
        "contacts": organisations["kz-border"].offices.get().contacts.earliest("pk").public_id,
        "crossings": group.crossing.code,
        "requirements": line.public_id,
        "corridors": corridor.public_id,
        "approvals": asked.public_id,
        **_of_the_halt(group, person, since),
        "groups": group.public_id,
        "head-counts": count_of(group).public_id,
        "migrants": person.public_id,
        "documents": person.documents.get().public_id,
        "health-tests": person.tests.get().public_id,
        "consents": person.consents.get(purpose="return").public_id,
        "proofs": person.proofs.get().public_id,
    }
