"""One of each thing that an address can name, as small as can be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from unittest.mock import patch
from uuid import UUID

from accounts.models import User
from common.actors import Actor
from common.models import HistoryRow
from common.pictures import Drawn
from corridors import reporting, requirements, transit
from corridors.approvals import ask_parties
from corridors.attachments import attach
from corridors.models import BorderCrossing, CorridorVersion, DecisionScan, Requirement, TransitCorridor
from corridors.windows import Window
from migrants import erasure, exports, identity, legal_holds, merging, pictures, protection, screening
from migrants.consents import record_consent
from migrants.documents import record_document
from migrants.entries import DocumentEntry, PersonEntry, ProofEntry
from migrants.enums import ExportKind
from migrants.models import Enquiry, Family, GroupMove, HealthTest, Migrant, Relation, TravelGroup, TravelledLeg
from migrants.proofs import record_group_proof, record_proof
from migrants.registration import register
from notifications import policies
from notifications.acknowledgements import WrittenDown, acknowledge
from notifications.alerts import Told
from notifications.choosing import Step
from notifications.links import token_for
from notifications.models import Alert, Delivery, WebhookPost, WebhookSubscription
from notifications.schedule import fingerprint
from notifications.signing import new_secret
from partners import desks, invitations, quarantine, verification
from partners.enums import Role
from partners.models import EmergencyAccess, Organisation
from returns import cases, funding, laboratory, manifests, waivers
from returns.models import (
    Checkpoint,
    CrewMember,
    Difference,
    LateResult,
    Manifest,
    ManifestEntry,
    Movement,
    PaperIssue,
    Seat,
    TravelQuestion,
    Vehicle,
)
from tests.access.arriving import arriving, document_request_of, question_of, receiver_of
from tests.access.casework import aftercare_of, casework_of
from tests.cast import NOW, OYBEK, make_crossing

BY = Actor.command("tests")


LIST = "Name;Passport number\nОзмоиш Дуюм;000000001\n;000000002\n"
"""One row that can be registered and one without a name. Invented."""


def make_world(group: TravelGroup, crossing: BorderCrossing, organisations: dict[str, Organisation]) -> dict[str, Any]:
    """Things by the word of a row: a public id, or all parameters by name; `sent` holds what an act must be sent to act."""
    world = {
        "crossing": {"code": crossing.code},
        "group": group.public_id,
        "group as the embassy sees it": {"public_id": group.public_id, "code": "tj-emb-uz"},
        "organisation": organisations["kz-border"].public_id,
        "institution": {"code": "kz-border"},
        **_change(group, crossing, organisations),
        **_corridor(crossing, organisations),
        **_people(group),
        "arrival": _arrival(group, organisations["tj-emb-uz"]),
        "question of an embassy": question_of(organisations["tj-emb-uz"]),
        "document request": document_request_of(organisations["tj-emb-uz"]),
        **_movement(group, organisations),
        **_tests(group),
        **aftercare_of(organisations["kz-border"]),
        "arrival of a receiver": receiver_of(organisations["kz-border"]),
        "quarantined": quarantine.lock_away(file_name="a", content=b"x", signature="Eicar", by=BY, at=NOW).public_id,
        **_accounts(organisations),
        **_desk(organisations["kz-border"]),
    }
    moved = GroupMove.objects.create(
        mission=group.mission, from_group=group, to_group=TravelGroup.objects.exclude(pk=group.pk).earliest("pk"),
        kind="moved", heads=0, why="two buses", moved_at=NOW, by=BY,
    )  # fmt: skip
    travelled = TravelledLeg.objects.create(
        group=group, mission=group.mission, rank=1, country="RUS", recorded_at=NOW, by=BY
    )
    world |= _family(group)
    world |= casework_of(group, registered(group, "Озмоиш Бозгашт", 9))
    world["leg"] = {"public_id": group.public_id, "leg_id": travelled.public_id}
    world["move of the group"] = {"public_id": group.public_id, "move_id": moved.public_id}
    world["change"] = {"number": HistoryRow.objects.filter(table_name="migrants_migrant").earliest("id").id}
    world["sent"]["returns:movement_leave_out"] = {"person": world["person"]}
    world["sent"]["returns:movement_absent"] = {"explanation": world["explanation"]}
    gone = registered(group, "Озмоиш Рафта", 7)
    world |= {
        "erasure request": erasure.ask(person=gone, why="asked", by=BY, at=NOW).public_id,
        "legal hold": legal_holds.set_legal_hold(
            about=registered(group, "Озмоиш Нигоҳ", 8), reason="court 12", by=BY, at=NOW
        ).public_id,
        "retention period": {"kind": "health"},
    }
    world["export"] = exports.export(
        kind=ExportKind.FIGURES, title="figures", purpose="tests", make=lambda mark: str(mark).encode(), by=BY, at=NOW
    ).export.public_id  # fmt: skip
    return world


def _family(group: TravelGroup) -> dict[str, Any]:
    """A mother and her child."""
    family = Family.objects.create(group=group, code="F1")
    mother, child = registered(group, "Озмоиш Модар", 11), registered(group, "Озмоиш Тифл", 12)
    Migrant.objects.filter(pk__in=[mother.pk, child.pk]).update(family=family)
    relation = Relation.objects.create(
        person=mother, other=child, kind="parent", basis="self", mission=group.mission, recorded_at=NOW, by=BY
    )
    of = {"public_id": group.public_id, "family_id": family.public_id}
    return {"family": of, "relation": {**of, "relation_id": relation.public_id}}


def _desk(organisation: Organisation) -> dict[str, Any]:
    """A desk with a channel of which it was asked whether somebody answers, and its next shift."""
    office = organisation.offices.get()
    desk = office.contacts.get(rank=1)
    channel = desk.channels.get(kind="email")
    with patch("secrets.token_urlsafe", return_value="the-token-of-the-test-message"):
        verification.send_test(channel=channel, by=BY, at=NOW, real_at=datetime.now(UTC))
    shift = desks.put_on_duty(contact=desk, starts_at=NOW, ends_at=NOW + timedelta(hours=8), by=BY, at=NOW)
    return {
        "office": office.public_id,
        "desk": desk.public_id,
        "channel": channel.public_id,
        "spare channel": desk.channels.get(kind="phone").public_id,
        "shift": shift.public_id,
        "test message": {"token": "the-token-of-the-test-message"},
    }


def _accounts(organisations: dict[str, Organisation]) -> dict[str, Any]:
    """Somebody who is invited, with the link, and somebody who is here already."""
    office = organisations["iom-kz"].offices.get()
    told: dict[str, Any] = {"printed_name": "Guest", "language": "en", "office": office, "role": Role.FIELD}
    who: dict[str, Any] = {"by": BY, "at": NOW, "real_at": datetime.now(UTC)}
    with patch("secrets.token_urlsafe", return_value="the-token-of-the-world"):
        invited = invitations.invite(email="guest@iom-kz.example", **told, **who).user
    invitations.invite(email="settled@iom-kz.example", **told, **who)
    settled = User.objects.get(email="settled@iom-kz.example")
    emergency = EmergencyAccess.objects.create(
        user=settled, mission=office, subject=f"group:{TravelGroup.objects.earliest('pk').public_id}", label="ZZ-0929",
        reason="somebody is ill", opened_at=NOW, until=NOW + timedelta(hours=2), by=BY,
    )  # fmt: skip
    enquiry = Enquiry.objects.create(
        person=Migrant.objects.living_records().earliest("pk"), mission=office, user=settled,
        entry='{"full_name": "Озмоиш Одам"}', why="she says so", asked_at=NOW, by=BY,
    )  # fmt: skip
    return {
        "enquiry": enquiry.public_id,
        "emergency": emergency.public_id,
        "device": {"device_id": invited.public_id},
        "device of the account": {"public_id": settled.public_id, "device_id": invited.public_id},
        "token of the API": {"token_id": invited.public_id},
        "token of the account": {"public_id": settled.public_id, "token_id": invited.public_id},
        "account": settled.public_id,
        "invited account": invited.public_id,
        "no_provider": {"code": "iom-uz"},
        "invitation": {"token": "the-token-of-the-world"},
        "membership": {"public_id": settled.public_id, "membership_id": settled.memberships.get().public_id},
    }


def _corridor(entry: BorderCrossing, organisations: dict[str, Organisation]) -> dict[str, Any]:
    """A corridor whose first version lies before two parties, of which one is the liaison officer's."""
    leave = make_crossing(*OYBEK)
    corridor = transit.make_corridor(
        code="KZ-TJ-A", name="Zhibek Zholy to Oybek", entry=entry, exit=leave, from_country="KAZ",
        transit_country="UZB", to_country="TJK", by=BY, at=NOW,
    )  # fmt: skip
    window = Window(datetime(2020, 10, 2, 6), datetime(2020, 10, 2, 10), "Asia/Tashkent")
    wording: dict[str, Any] = {
        "corridor": corridor, "longest_transit": timedelta(hours=4), "conditions": ["no stop"], "head_count_cap": 102,
        "requested_by": organisations["tj-emb-uz"], "document_reference": "Note 7", "window": window, "by": BY, "at": NOW,
    }  # fmt: skip
    version = transit.make_version(**wording)
    parties = [organisations[code] for code in ("kz-border", "uz-border")]
    asked = ask_parties(version=version, parties=parties, answer_by=NOW + timedelta(hours=8), by=BY, at=NOW)[0]
    draft = transit.make_version(**wording)
    letter = Delivery.objects.filter(notice__alert__kind="corridor_request").earliest("pk")
    scan = DecisionScan.objects.create(approval=asked, rank=1, content=b"x", width=1, height=1, at=NOW, by=BY)
    return {
        "letter of a decision": {"code": corridor.code, "public_id": scan.public_id},
        "corridor": {"code": corridor.code},
        "corridor version": {"code": corridor.code, "number": version.number},
        "corridor draft": {"code": corridor.code, "number": draft.number},
        "approval": asked.public_id,
        "approval of the corridor": {"code": corridor.code, "public_id": asked.public_id},
        "deciding token": {"token": token_for(letter)},
    }


def _arrival(group: TravelGroup, embassy: Organisation) -> UUID:
    return arriving(group, TransitCorridor.objects.get(), embassy, code="ZZ-0912").public_id


def _movement(group: TravelGroup, organisations: dict[str, Organisation]) -> dict[str, Any]:
    """A movement with one bus and one person, a frozen manifest, and a count that differs; rows alone."""
    version = CorridorVersion.objects.create(
        corridor=TransitCorridor.objects.get(code="KZ-TJ-A"), number=90, longest_transit=timedelta(hours=4),
        head_count_cap=102, requested_by=organisations["tj-emb-uz"], document_reference="note 90", made_at=NOW, made_by=BY,
    )  # fmt: skip
    person = registered(group, "Озмоиш Мусофир", 9)
    common = {"mission": group.mission}
    movement = Movement.objects.create(
        group=group, number=1, corridor_version=version, depart_at=NOW + timedelta(days=1), made_at=NOW, by=BY, **common
    )  # fmt: skip
    bus = Vehicle.objects.create(movement=movement, label="Bus 1", seats=34)
    seat = Seat.objects.create(movement=movement, vehicle=bus, person=person, **common)
    manifest = Manifest.objects.create(
        movement=movement, number=1, frozen_at=NOW, digest="0" * 64, people=1, by=BY, **common
    )  # fmt: skip
    ManifestEntry.objects.create(
        manifest=manifest, vehicle=bus, case=cases.open_cases(people=[person], by=BY, at=NOW)[0], person=person,
        number=person.number, full_name=person.full_name, **common,
    )  # fmt: skip
    checkpoint = Checkpoint.objects.create(
        movement=movement, vehicle=bus, kind="boarded", heads=2, expected=1, counted_at=NOW, recorded_at=NOW, by=BY,
        **common,
    )  # fmt: skip
    short = Checkpoint.objects.create(
        movement=movement, vehicle=bus, kind="exited", heads=1, expected=2, counted_at=NOW, recorded_at=NOW, by=BY,
        **common,
    )  # fmt: skip
    said = Difference.objects.create(checkpoint=short, kind="hospital", heads=1, explained_at=NOW, by=BY, **common)
    driver = CrewMember.objects.create(
        movement=movement, vehicle=bus, role="driver", name="Ронанда", recorded_at=NOW, by=BY, **common
    )
    of = {"public_id": movement.public_id}
    paper = PaperIssue.objects.create(
        code="23456789BCDFGHJK", kind="manifest", number=1, fingerprint="0" * 64, language="ru", movement=movement,
        manifest=manifest, corridor_version=version, issued_at=NOW + timedelta(days=3650), by=BY,
        export=exports.export(
            kind=ExportKind.MANIFEST, title="manifest", purpose="tests", make=lambda mark: b"paper", by=BY, at=NOW
        ).export, **common,
    )  # fmt: skip
    return {
        "paper code": {"code": paper.code},
        "movement": movement.public_id,
        "crew member": {**of, "crew_id": driver.public_id},
        "explained checkpoint": {**of, "checkpoint_id": short.public_id},
        "explanation": said.public_id,
        "vehicle": {**of, "vehicle_id": bus.public_id},
        "seat": {**of, "seat_id": seat.public_id},
        "checkpoint": {**of, "checkpoint_id": checkpoint.public_id},
        "frozen manifest": {**of, "number": 1},
    }


def _webhook(alert: Alert, organisation: Organisation) -> dict[str, Any]:
    """A subscription with a post that failed."""
    row = WebhookSubscription.objects.create(
        organisation=organisation, url="https://hooks.example/a", secret=new_secret(), made_at=NOW, by=BY
    )
    post = WebhookPost.objects.create(
        subscription=row, alert=alert, body="{}", state="failed", due_at=NOW, queued_at=NOW
    )
    return {"webhook": row.public_id, "webhook post": {"public_id": row.public_id, "post_id": post.public_id}}


def _change(group: TravelGroup, crossing: BorderCrossing, organisations: dict[str, Organisation]) -> dict[str, Any]:
    """A published change with its notices and links, another that waits as a draft, and a need that it made."""
    content = {"rule": {"test": {"kinds": ["pcr"], "max_age_hours": 72}}}
    drafts = [
        requirements.draft(
            requirement_line=(crossing, "KAZ", "UZB", "health_test"), content=content, certainty="reported",
            source_tier="oral_post", source_text="by word of mouth", authority=organisations["uz-border"],
            applies_from=NOW, by=BY, at=NOW,
        )
        for _ in range(2)
    ]  # fmt: skip
    told = [Told(organisations[code]) for code in ("kz-border", "tj-emb-uz", "iom-kz")]
    version = requirements.publish(draft=drafts[0], told=told, by=BY, at=NOW + timedelta(minutes=1)).version
    alert = Alert.objects.get()
    notice = alert.notices.get(organisation=organisations["kz-border"])
    dead = Delivery.objects.filter(notice__organisation=organisations["tj-emb-uz"]).earliest("pk")
    Delivery.objects.filter(pk=dead.pk).update(state="failed", reason="550 No such desk")
    need = funding.ask(group=group, kind="blankets", quantity=3, unit_price=Decimal(5), currency="USD", by=BY, at=NOW)
    shown: dict[str, Any] = {"version": version, "pages": [Drawn(b"picture", 1, 1)], "by": BY, "at": NOW}
    heard = reporting.Heard(crossing, "KAZ", "UZB", NOW, "opening", "They close at noon.", Drawn(b"picture", 1, 1))
    said = reporting.report(heard=heard, mission=group.mission, by=Actor("user", "0", "Aida"), at=NOW)[0]
    return {
        "attachment": attach(kind="letter", **shown)[0].public_id,
        "public attachment": attach(kind="notice", is_public=True, **shown)[0].public_id,
        "barrier report": said.public_id,
        "draft": drafts[1].public_id,
        "requirement": drafts[0].requirement.public_id,
        "published change": version.public_id,
        "way": {"code": crossing.code, "from_country": "KAZ", "to_country": "UZB"},
        "country of the crossing": {"country": "UZB"},
        "alert": alert.public_id,
        "dead letter": {"delivery_id": dead.public_id},
        **_webhook(alert, organisations["kz-border"]),
        "no hook": {"kind": "telegram"},
        "proof of the alert": {"public_id": alert.public_id, "kind": "csv"},
        "notice with a letter": _letter(alert, organisations["iom-kz"]),
        "policy": _policy(organisations["iom-uz"]),
        "notice": {"notice_id": notice.public_id},
        "notice of the alert": {"public_id": alert.public_id, "notice_id": notice.public_id},
        "token": {"token": token_for(Delivery.objects.filter(notice=notice).earliest("pk"))},
        "need": need.public_id,
        "sent": {"returns:need_ask": {"version": version.public_id}},
    }


def _letter(alert: Alert, organisation: Organisation) -> dict[str, Any]:
    """A notice that an office has acknowledged by letter."""
    notice = alert.notices.get(organisation=organisation)
    letter = WrittenDown(reference="12-3", scan=Drawn(b"letter", 1, 1))
    at = NOW + timedelta(minutes=5)
    acknowledge(
        notice=notice, name="A", function="attaché", answered_by="letter", written_down=letter, by=BY, at=at
    )  # fmt: skip
    return {"public_id": alert.public_id, "notice_id": notice.public_id}


def _policy(organisation: Organisation) -> UUID:
    """What follows when nobody answers, for the notices of one mission."""
    steps = [Step("call", seconds=1200)]
    return policies.save_policy(
        name="soon", mission=organisation.offices.get(), kind="group_waiting", steps=steps,
        foreseen=fingerprint(steps), by=BY, at=NOW,
    ).public_id  # fmt: skip


def _people(group: TravelGroup) -> dict[str, Any]:
    """A person with a document, a consent and a hold; two pairs of namesakes, one of them merged; a list."""
    first, second, third, fourth = (registered(group, "Озмоиш Одам", day) for day in (1, 1, 2, 2))
    people = [first, second, third, fourth]
    pairs = identity.offer_pairs(people=people, within=Migrant.objects.all(), by=BY, at=NOW)
    pair = next(each for each in pairs if each.first_id == first.pk)
    merge = merging.merge(kept=third, absorbed=fourth, by=BY, at=NOW)
    document = record_document(person=first, document=DocumentEntry(kind="passport"), by=BY, at=NOW)
    consent = record_consent(
        people=[first], purpose="return", answer="yes", how="oral", language="tg", by=BY, at=NOW
    )[0]  # fmt: skip
    hold = protection.set_hold(person=first, reason="asked for it", against=["TJK"], by=BY, at=NOW)
    screened = screening.screen(
        person=first, stage="before", needs=["medical"], screened_at=NOW, by=BY, at=NOW
    )  # fmt: skip
    referral = screening.refer(
        screening=screened, organisation=Organisation.objects.get(code="kz-border"), service="medical",
        reason="asked for it", referred_at=NOW, by=BY, at=NOW,
    )  # fmt: skip
    proof = record_proof(people=[first], proof=ProofEntry("registration_form", title="E-form"), by=BY, at=NOW)[0]
    of_group = record_group_proof(group=group, proof=ProofEntry("guarantee_letter"), by=BY, at=NOW)
    picture = pictures.keep(person=first, kind="photograph", upload=Drawn(b"x", 1, 1), by=BY, at=NOW)
    return {
        "person": first.public_id,
        "part of the person": {"public_id": first.public_id, "part": "contacts"},
        "picture": {"public_id": first.public_id, "picture_id": picture.public_id},
        "proof": {"public_id": first.public_id, "proof_id": proof.public_id},
        "group proof": {"public_id": group.public_id, "proof_id": of_group.public_id},
        "screening": {"public_id": first.public_id, "screening_id": screened.public_id},
        "referral": {"public_id": first.public_id, "referral_id": referral.public_id},
        "pair": pair.public_id,
        "merge": merge.public_id,
        "document": {"public_id": first.public_id, "document_id": document.public_id},
        "consent": {"public_id": first.public_id, "consent_id": consent.public_id},
        "hold": {"public_id": first.public_id, "hold_id": hold.public_id},
        "upload": a_list(group, "first.csv", LIST),
        "upload to settle": a_list(group, "second.csv", LIST * 2),
    }


def _tests(group: TravelGroup) -> dict[str, Any]:
    """A list for a laboratory with somebody whose test was positive."""
    tested = registered(group, "Озмоиш Ташхис", 5)
    case = cases.open_cases(people=[tested], by=BY, at=NOW)[0]
    number = case.number
    waiver = waivers.waive(
        cases=[case], requirement=Requirement.objects.earliest("pk"), authority=Organisation.objects.get(code="uz-border"),
        reference="note 1", valid_until=NOW + timedelta(days=9), by=BY, at=NOW,
    )[0]  # fmt: skip
    samples = laboratory.draw_list(group=group, kind="pcr", laboratory="Laboratory", by=BY, at=NOW)
    laboratory.take(sample_list=samples, numbers=[number], sampled_at=NOW, by=BY, at=NOW)
    laboratory.record_results(sample_list=samples, results={number: "positive"}, by=BY, at=NOW)
    late = LateResult.objects.create(
        person=tested, test=HealthTest.objects.earliest("pk"), mission=group.mission, raised_at=NOW
    )
    return {
        "samples": samples.public_id,
        "sample file": {"public_id": samples.public_id, "kind": "csv"},
        "question": TravelQuestion.objects.get().public_id,
        "late result": late.public_id,
        "waiver": {"public_id": group.public_id, "waiver_id": waiver.public_id},
        "shopping list": {"public_id": group.public_id, "kind": "csv"},
    }


def a_list(group: TravelGroup, name: str, text: str) -> UUID:
    content = text.encode()
    upload = manifests.stage(
        group=group, mission=group.mission, file=BytesIO(content), name=name, size=len(content),
        within=Migrant.objects.all(), by=BY, at=NOW,
    )  # fmt: skip
    return upload.public_id


def registered(group: TravelGroup, name: str, day: int) -> Migrant:
    entry = PersonEntry(full_name=name, birth_year=1990, birth_month=1, birth_day=day)
    return register(group=group, mission=group.mission, entry=entry, by=BY, at=NOW)
