"""What an erasure does to each row that hangs on a person: which fields are emptied, which stay and why, which rows go.

`tests/migrants/test_erasing_plan.py` walks every relation to a person and fails where a personal field has no place here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat

from migrants.enums import AloneStatus, BirthBasis, KeptKind, NationalityStatus
from migrants.models import (
    ChildArrangement,
    CompanyQuestion,
    Consent,
    Declaration,
    Disclosure,
    DuplicatePair,
    EarlierClaim,
    Enquiry,
    Erasure,
    ErasureRequest,
    FamilyHead,
    HealthTest,
    HoldQuestion,
    LegalHold,
    Merge,
    Migrant,
    MovedPerson,
    Nationality,
    NextOfKin,
    PersonName,
    PersonPhone,
    Picture,
    Proof,
    ProtectionHold,
    Referral,
    Relation,
    Screening,
    TravelDocument,
    TravelledLeg,
)

NOBODY = "–"
"""What stands where a name must stand."""
LINK = "which rows belong together; nothing in them says any longer who it was"
PROOF = "proof of what was agreed, and who could see whom when"


@dataclass(frozen=True, slots=True)
class Part:
    """What happens to the rows of `model` that `person` (a look-up path to the key of a person) leads to.

    Either they go (`deletes`), or `empties` says what each field becomes and `keeps` why a personal field stays.
    """

    model: type[models.Model]
    person: str
    kind: KeptKind
    empties: Mapping[str, Any] = field(default_factory=dict)
    keeps: Mapping[str, str] = field(default_factory=dict)
    deletes: bool = False


def anonymous_number() -> Concat:
    """A number made of the row's key, instead of the one that was called and printed."""
    return Concat(Value("X"), Cast(F("pk"), CharField()))


PARTS = (
    Part(TravelDocument, "person", KeptKind.DOCUMENTS, deletes=True),
    Part(HealthTest, "person", KeptKind.HEALTH, empties={"replaces": None}, deletes=True),
    Part(Proof, "person", KeptKind.DOCUMENTS, deletes=True),
    Part(Referral, "person", KeptKind.PROTECTION, deletes=True),
    Part(Screening, "person", KeptKind.PROTECTION, deletes=True),
    Part(ChildArrangement, "person", KeptKind.PROTECTION, deletes=True),
    # A hold protects for as long as the person can be recognised, so it goes with the name.
    Part(HoldQuestion, "person", KeptKind.IDENTITY, deletes=True),
    Part(ProtectionHold, "person", KeptKind.IDENTITY, deletes=True),
    # What somebody was to another tells of both, and goes with either.
    Part(Relation, "person", KeptKind.IDENTITY, deletes=True),
    Part(Relation, "other", KeptKind.IDENTITY, deletes=True),
    Part(FamilyHead, "person", KeptKind.IDENTITY, deletes=True),
    Part(CompanyQuestion, "person", KeptKind.PROTECTION, deletes=True),
    Part(TravelledLeg, "person", KeptKind.IDENTITY, deletes=True),
    Part(PersonName, "person", KeptKind.IDENTITY, deletes=True),
    Part(EarlierClaim, "person", KeptKind.IDENTITY, deletes=True),
    Part(Picture, "person", KeptKind.IDENTITY, deletes=True),
    Part(PersonPhone, "person", KeptKind.IDENTITY, deletes=True),
    Part(NextOfKin, "person", KeptKind.IDENTITY, deletes=True),
    Part(Enquiry, "person", KeptKind.IDENTITY, deletes=True),
    Part(Enquiry, "own", KeptKind.IDENTITY, deletes=True),
    Part(DuplicatePair, "first", KeptKind.IDENTITY, deletes=True),
    Part(DuplicatePair, "second", KeptKind.IDENTITY, deletes=True),
    Part(Merge, "kept", KeptKind.IDENTITY, deletes=True),
    Part(Merge, "absorbed", KeptKind.IDENTITY, deletes=True),
    Part(
        Nationality,
        "person",
        KeptKind.IDENTITY,
        empties={"status": NationalityStatus.CLAIMED},
        keeps={"code": "statistics"},
    ),
    Part(
        Consent,
        "person",
        KeptKind.IDENTITY,
        empties={
            **dict.fromkeys(("interpreter", "witness", "language", "given_by", "form_reference"), ""),
            "form_picture": None,
        },
        keeps=dict.fromkeys(
            (
                "answer",
                "how",
                "categories",
                "form_signed",
                "signed_with",
                "declaration",
                "answered_at",
                "expires_at",
                "withdrawn_at",
            ),
            PROOF,
        ),
    ),
    Part(
        Declaration,
        "person",
        KeptKind.IDENTITY,
        empties={"language": "", "reader": NOBODY},
    ),
    Part(Disclosure, "person", KeptKind.IDENTITY, keeps={"person": LINK, "consent": PROOF}),
    Part(
        LegalHold,
        "person",
        KeptKind.IDENTITY,
        empties={"reason": "", "lifting_reason": ""},
        keeps={"person": LINK, "group": LINK},
    ),
    Part(ErasureRequest, "person", KeptKind.IDENTITY, empties={"why": "", "answer": ""}, keeps={"person": LINK}),
    Part(MovedPerson, "person", KeptKind.IDENTITY, empties={"family": None}, keeps={"person": LINK}),
    Part(Erasure, "person", KeptKind.IDENTITY, keeps={"person": LINK, "why": "the proof itself"}),
    Part(
        Migrant,
        "pk",
        KeptKind.IDENTITY,
        empties={
            "number": anonymous_number(),
            "full_name": NOBODY,
            "script": "",
            "surname": "",
            "given_names": "",
            "father_name": "",
            "latin_name": "",
            "name_keys": [],
            "sort_key": "",
            "birth_year": None,
            "birth_month": None,
            "birth_day": None,
            "birth_basis": BirthBasis.DOCUMENT,
            "language": "",
            "other_languages": [],
            "needs_interpreter": None,
            "alone": AloneStatus.NO,
            "documents_asked_at": None,
            "phone": None,
            "phone_index": None,
            "note": None,
            "family": None,
        },
        keeps={"sex": "statistics"},
    ),
)
