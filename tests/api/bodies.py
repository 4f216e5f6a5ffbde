"""A body for every writing act of the API, as somebody who may and means well would send it."""

from __future__ import annotations

import io
from base64 import b64encode
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from PIL import Image

from common import clock
from corridors.models import RequirementVersion
from migrants.models import Disclosure
from notifications.choosing import Step
from notifications.schedule import fingerprint
from partners.enums import Role
from partners.models import Contact, Office
from returns import acts_on_many
from returns.api.many_cases import ManyTaskEntry
from returns.models import ActOnMany, Checkpoint, FollowUp, Movement, ReturnCase, Sample
from tests.cast import COMMAND, NOW

HOUR = NOW.isoformat()
STEPS = [{"after": 20, "kind": "call"}]
LINES = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
"""The specimen of ICAO Doc 9303."""
WAY = {"crossing": "KZ-UZ-01", "from_country": "KAZ", "to_country": "UZB"}


PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABAQAAAAA3bvkkAAAACklEQVR42mNgAAAAAgAB5Sfe/AAAAABJRU5ErkJggg=="
"""One black point."""


@dataclass(frozen=True)
class Sent:
    """One request: who sends it, to which address, with which body."""

    role: str
    address: str
    body: dict[str, Any]


def every_body(world: dict[str, Any]) -> dict[str, Sent]:
    """By address as the description writes it."""
    sent: dict[str, Sent] = {}
    for role, bodies in (
        (Role.FIELD, _of_people(world) | _of_files(world) | _of_relief(world) | _of_the_barrier()),
        (Role.COORDINATOR, _of_rules(world) | _of_corridors(world) | _of_movements(world)),
        (Role.FIELD, _after_the_return(world) | _of_casework(world)),
        (Role.COORDINATOR, _before_they_arrive() | _of_many_cases(world)),
        (Role.CONSULAR, _of_embassies(world)),
        (Role.ADMINISTRATOR, _of_the_directory(world)),
        (Role.PROTECTION, _of_the_closed_room(world)),
        (Role.LIAISON, _of_a_partner()),
    ):
        for path, body in bodies.items():
            resource = path.split("/")[0]
            address = path.replace("{public_id}", str(world[resource]))
            sent[f"/api/v1/{path}/"] = Sent(role, f"/api/v1/{address}/", body)
    return sent


def _of_the_directory(world: dict[str, Any]) -> dict[str, dict[str, Any]]:
    desk = Contact.objects.get(public_id=world["contacts"])
    channel = desk.channels.earliest("pk")
    return {
        "organisations/as-file": {"purpose": "checked by the mission", "kind": "csv"},
        "organisations/read-list": {"columns": ["organisation", "name_ru"], "rows": [["kz-border", "Погранслужба"]]},
        "contacts": {"office": str(desk.office.public_id), "function": "night desk", "language": "ru"},
        "contacts/{public_id}/channels": {"kind": "email", "address": "night@kz-border.example"},
        "contacts/{public_id}/shifts": {"starts_at": HOUR, "ends_at": (NOW + timedelta(hours=8)).isoformat()},
        "contacts/{public_id}/called": {"channel": str(channel.public_id), "name": "Aida", "function": "duty officer"},
        "webhooks": {"organisation": "kz-border", "url": "https://1.1.1.1/in", "kinds": ["requirement_change"]},
        "webhooks/{public_id}/rotate": {},
        "webhooks/{public_id}/switch": {"on": False},
    }


def _of_a_partner() -> dict[str, dict[str, Any]]:
    return {
        "notices/{public_id}/contradict": {"text": "The post knows of no such rule."},
        "notices/{public_id}/confirm": {"note": "post told"},
    }


def _of_people(world: dict[str, Any]) -> dict[str, dict[str, Any]]:
    person, group = str(world["migrants"]), str(world["groups"])
    document = {"kind": "passport", "number": "A 1234567", "issuer": "TJK"}
    return {
        "groups": {**WAY, "waiting_since": HOUR, "source": "post", "confidence": "seen"},
        "head-counts": {"public_id": str(uuid4()), "group": group, "total": 102},
        "migrants": {"group": group, "full_name": "Саидова Мадина", "birth_year": 1988, "documents": [document]},
        "migrants/{public_id}/correct": {"fingerprint": "x", "birth_year": 1991},
        "migrants/{public_id}/company": {"alone": "separated"},
        "migrants/{public_id}/name": {"full_name": "Raximov Baxrom", "kind": "other_script"},
        "migrants/{public_id}/nationality": {"code": "RUS", "status": "claimed"},
        "migrants/{public_id}/contact": {"number": "+992950002960", "kin": {"name": "Ойгул", "relation": "spouse"}},
        "migrants/passport": {"lines": LINES},
        "families": {"group": group, "code": "F8", "people": [person]},
        "families/{public_id}/leave": {"people": [person]},
        "families/{public_id}/lead": {"person": person},
        "pairs/{public_id}/decide": {"decision": "different"},
        "merges/{public_id}/undo": {"why": "two brothers"},
        "disclosures": {"person": person, "recipient": "tj-emb-uz"},
        "documents": {"person": person, "kind": "emergency", "number": "E 77"},
        "health-tests": {"person": person, "kind": "rapid", "result": "negative", "sampled_at": HOUR},
        "consents": {"person": person, "purpose": "return", "answer": "yes", "how": "written", "language": "tg"},
        "consents/{public_id}/withdraw": {},
        "enquiries": {"full_name": "Саидова Мадина", "birth_year": 1988, "office": str(uuid4()), "why": "a sister"},
        "enquiries/look": {"full_name": "Саидова Мадина", "birth_year": 1988},
        "proofs": {"person": person, "kind": "permit", "sort": "visa", "country": "UZB", "last_on": "2020-10-30"},
        "proofs/{public_id}/withdraw": {"why": "a mistake"},
    }


def _of_files(world: dict[str, Any]) -> dict[str, dict[str, Any]]:
    person, group = str(world["migrants"]), str(world["groups"])
    read_out = {"person": person, "language": "ru", "reader": "Aigul", "understood": True}
    listed = b64encode("Full name;Sex\nОзмоиш Сеюм;m\n".encode()).decode()
    return {
        "lists": {"group": group, "file": listed, "file_name": "second.csv", "sender": "post", "sheet": ""},
        "lists/{public_id}/columns": {"columns": [{"field": "full_name", "index": 0}]},
        "lists/{public_id}/sheet": {"sheet": "List"},
        "lists/{public_id}/confirm": {"decisions": [{"row": 2, "decision": "new"}], "leave_out": True},
        "lists/{public_id}/discard": {},
        "lists/{public_id}/mend": {},
        "pictures": {"person": person, "kind": "photograph", "picture": b64encode(a_jpeg()).decode()},
        "declarations": read_out,
        "declarations/paper": {"person": person, "language": "en"},
    }


def _of_the_closed_room(world: dict[str, Any]) -> dict[str, dict[str, Any]]:
    person, screened = str(world["migrants"]), str(world["screenings"])
    child = {"outcome": "to her aunt", "best_interests_on": "2020-09-30", "escort": "Nodira", "receiver": "Mavluda"}
    return {
        "holds": {"person": person, "against": ["TJK"], "reason": "fears to return"},
        "holds/{public_id}/clear": {"reason": "asked"},
        "holds/{public_id}/spread": {"note": "nobody else"},
        "screenings": {"person": person, "stage": "before", "needs": ["medical"], "note": "", "screened_at": HOUR},
        "referrals": {
            "screening": screened, "organisation": "kz-border", "service": "medical", "reason": "ill", "referred_at": HOUR
        },
        "referrals/{public_id}/answer": {"answer": "accepted"},
        "referrals/{public_id}/close": {"outcome": "treated"},
        "arrangements": {"person": person, **child},
        "late-results/{public_id}/take_up": {"note": "called her sister"},
    }  # fmt: skip


def a_jpeg() -> bytes:
    """A small picture."""
    made = io.BytesIO()
    Image.new("RGB", (8, 6), "white").save(made, "JPEG")
    return made.getvalue()


def _after_the_return(world: dict[str, Any]) -> dict[str, dict[str, Any]]:
    home = str(FollowUp.objects.get(public_id=world["follow-ups"]).person.public_id)
    tried = {"how": "call", "tried_at": HOUR}
    return {
        "follow-ups": {"person": home},
        "follow-ups/{public_id}/missed": tried,
        "follow-ups/{public_id}/reached": {**tried, "needs": ["medical"], "note": "a doctor"},
        "reintegrations": {
            "person": str(world["migrants"]), "organisation": "kz-border", "service": "work", "referred_at": HOUR
        },
        "reintegrations/{public_id}/answer": {"said": "accepted"},
        "reintegrations/{public_id}/finish": {"outcome": "has work"},
        "reintegrations/{public_id}/stop": {"note": "the desk, by telephone"},
    }  # fmt: skip


def _of_relief(world: dict[str, Any]) -> dict[str, dict[str, Any]]:
    group, need, number = str(world["groups"]), str(world["needs"]), Sample.objects.earliest("pk").case.number
    return {
        "aid": {"need": need, "giver": "kz-border", "quantity": 1, "unit": "piece", "given_at": HOUR},
        "sample-lists": {"group": group, "kind": "rapid", "laboratory": "Laboratory"},
        "sample-lists/{public_id}/take": {"numbers": [number], "sampled_at": HOUR},
        "sample-lists/{public_id}/results": {"results": [{"number": number, "result": "negative"}]},
    }


def _of_the_barrier() -> dict[str, dict[str, Any]]:
    said = {"subject": "opening", "sentence": "They close at noon."}
    return {
        "barrier-reports": {"public_id": str(uuid4()), **WAY, **said, "latitude": "41.47590", "longitude": "69.16940"},
        "barrier-reports/{public_id}/corroborate": {},
    }


def _of_rules(world: dict[str, Any]) -> dict[str, dict[str, Any]]:
    source = {"certainty": "reported", "source_tier": "oral_post", "source_text": "the shift", "authority": "uz-border"}
    answer = {"name": "Serik", "function": "shift leader", "answered_by": "phone"}
    money = {"quantity": 94, "unit_price": "20.00", "currency": "USD"}
    return {
        "notices/{public_id}/proof": {"kind": "csv"},
        "requirement-changes": {
            **WAY, **source, "subject": "opening", "content": {"rule": {"closed": {}}},
            "applies_from": "2020-10-01T09:00:00+05:00",
        },
        "requirements/{public_id}/attach": {"version": 1, "kind": "notice", "content": PICTURE, "caption": "the wall"},
        "groups/{public_id}/plan": {"local_time": "2020-10-02T06:00", "zone": "Asia/Tashkent", "mode": "bus"},
        "groups/{public_id}/pace": {"laboratory": "Laboratory", "an_hour": 40, "result_minutes": 240},
        "groups/{public_id}/shopping": {"kind": "csv", "numbers": True},
        "groups/{public_id}/ask": {"version": str(RequirementVersion.objects.earliest("pk").public_id)},
        "groups/{public_id}/waive": {
            "requirement": str(world["requirements"]), "authority": "uz-border", "reference": "note 9",
            "valid_until": "2020-10-30T09:00:00+05:00",
        },
        "groups/{public_id}/told": {"languages": ["tg", "ru"], "people_told": 90},
        "barrier-reports/{public_id}/set-aside": {"reason": "it was a joke"},
        "waivers": {
            "requirement": str(world["requirements"]), "cases": [str(world["cases"])], "authority": "uz-border",
            "reference": "note 8", "valid_until": "2020-10-30T09:00:00+05:00",
        },
        "waivers/{public_id}/withdraw": {"why": "it was meant for somebody else"},
        "requirement-changes/{public_id}/publish": {"fingerprint": "x"},
        "requirement-changes/{public_id}/redraft": {},
        "acknowledgements": {"notice": str(world["notices"]), **answer},
        "calls": {"notice": str(world["notices"]), "number": "+77010000101", "outcome": "no_answer"},
        "escalation-policies": {
            "name": "quick", "mission": str(Office.objects.get(organisation__code="iom-uz").public_id), "steps": STEPS,
            "foreseen": fingerprint([Step("call", seconds=1200)]),
        },
        "escalation-policies/foresee": {"steps": STEPS},
        "escalation-policies/{public_id}/end": {},
        "enquiries/{public_id}/answer": {"state": "declined", "words": "Call me."},
        "needs": {"group": str(world["groups"]), "kind": "tests", **money},
        "pledges": {
            "need": str(world["needs"]), "donor": "iom-uz", "amount": "10", "currency": "USD", "pledged_on": "2020-09-30"
        },
    }  # fmt: skip


def _of_corridors(world: dict[str, Any]) -> dict[str, dict[str, Any]]:
    window = {"opens_local": "2020-10-02T06:00", "closes_local": "2020-10-02T10:00", "zone": "Asia/Tashkent"}
    wording = {"longest_transit_minutes": 240, "head_count_cap": 102, "requested_by": "tj-emb-uz"}
    decision = {"answer": "approved", "name": "A", "function": "officer", "decided_how": "phone", "reference": "call"}
    word = {"kind": "suspended", "reason": "no escort", "name": "A", "function": "officer"}
    word |= {"said_how": "phone", "reference": "call"}
    return {
        "corridors": {
            "code": "ZZ-WAY", "name": "A way", "entry": "KZ-UZ-01", "exit": "UZ-TJ-01", "from_country": "KAZ",
            "transit_country": "UZB", "to_country": "TJK",
        },
        "corridors/{public_id}/versions": {**wording, "document_reference": "Note 7", "window": window},
        "corridors/{public_id}/ask": {"parties": ["kz-border"], "answer_by": "2020-10-01T16:00:00+05:00"},
        "corridors/{public_id}/suspend": {"reason": "no escort"},
        "corridors/{public_id}/resume": {"reason": "it is back"},
        "approvals/{public_id}/decide": decision,
        "approvals/{public_id}/words": word,
    }  # fmt: skip


def _of_movements(world: dict[str, Any]) -> dict[str, dict[str, Any]]:
    counted = Checkpoint.objects.get(public_id=world["checkpoints"])
    seen = {"vehicle": str(counted.vehicle.public_id), "kind": "boarded", "heads": 1}  # type: ignore[union-attr]
    return {
        "movements": {"group": str(world["groups"])},
        "movements/{public_id}/needs": {"wheelchair": 1},
        "manifests": {"movement": str(world["movements"])},
        "checkpoints": {"public_id": str(uuid4()), "movement": str(world["movements"]), **seen},
        "road-decisions": {"movement": str(world["movements"]), "answer": "wait", "why": "the barrier is closed"},
        "incidents": {
            "public_id": str(uuid4()),
            "movement": str(world["movements"]),
            "kind": "delay",
            "note": "A queue of two hours.",
        },
        "papers": {"movement": str(world["movements"]), "kind": "bus_list", "purpose": "boarding"},
        "movements/{public_id}/take-off": {"people": [str(world["migrants"])], "why": "they wait for a paper"},
        "movements/{public_id}/announce": {},
        "crew": {"movement": str(world["movements"]), "role": "medic", "name": "Dilbar"},
        "crew/{public_id}/checked": {},
        "crew/{public_id}/off": {},
    }


def _of_casework(world: dict[str, Any]) -> dict[str, dict[str, Any]]:
    about = {"group": str(world["groups"]), "case": str(world["cases"])}
    return {
        "cases/{public_id}/close": {"outcome": "hospital", "why": "her brother says so"},
        "cases/{public_id}/reopen": {"why": "it was another"},
        "tasks": {**about, "title": "call the clinic", "due_at": HOUR, "role": "field"},
        "tasks/{public_id}/end": {"state": "done"},
        "tasks/{public_id}/reopen": {"note": "not done at all"},
        "tasks/{public_id}/give": {"role": "coordinator"},
        "comments": {**about, "words": "The clinic opens at eight."},
        "comments/{public_id}/seen": {},
        "saved-filters": {"name": "late", "asked": {"task": "overdue"}, "is_shared": True},
        "saved-filters/{public_id}/remove": {},
        "case-papers": {**about, "title": "letter", "paper": b64encode(a_jpeg()).decode()},
        "case-papers/{public_id}/take-away": {"why": "somebody else's"},
    }


def _of_many_cases(world: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """A task about one case, foreseen and done; and one that somebody else did, which only they may take back."""
    task = {"title": "ask for a paper", "due_at": HOUR, "role": "field"}
    case = ReturnCase.objects.select_related("person").get(public_id=world["cases"])
    entry = ManyTaskEntry(data=task)
    entry.is_valid(raise_exception=True)
    common: dict[str, Any] = {
        "kind": "task",
        "cases": [case],
        "said": dict(entry.validated_data),
        "by": COMMAND,
        "at": NOW,
    }
    foreseen = acts_on_many.foresee(**common).fingerprint
    done = ActOnMany.objects.create(
        mission=case.mission, account=uuid4(), kind="task", how_many=1, made_at=clock.now(), by=COMMAND
    )
    many = {"cases": [str(case.public_id)], "task": task}
    return {
        "cases/foresee-many": many,
        "cases/act-on-many": {**many, "foreseen": foreseen},
        "cases/undo-many": {"act": str(done.public_id)},
    }


def _of_embassies(world: dict[str, Any]) -> dict[str, dict[str, Any]]:
    here = Movement.objects.get(group__code="ZZ-0912")
    person = here.manifests.get().entries.get().person
    shown = Disclosure.objects.get(person=person)
    receptions = [{"expected": str(shown.public_id), "state": "present"}]
    who = {"name": "Consul", "function": "consul"}
    of = {"movement": str(here.public_id)}
    return {
        "document-requests/{public_id}/answer": {"state": "interviewed", **who},
        "questions": {**of, "about": str(shown.public_id), "words": "Who meets her?"},
        "reception-ready": {**of, "places": 40, "place": "Fotehobod", "ready_from": HOUR, **who},
        "handovers": {**of, "heads": 1, "received_at": HOUR, "receptions": receptions, **who},
    }  # fmt: skip


def _before_they_arrive() -> dict[str, dict[str, Any]]:
    group = str(Movement.objects.get(group__code="ZZ-0911").group.public_id)
    later = (NOW + timedelta(days=1)).isoformat()
    return {
        "document-requests": {"group": group, "recipient": "tj-emb-uz", "answer_by": later},
        "questions/{public_id}/answer": {"words": "Three."},
    }
