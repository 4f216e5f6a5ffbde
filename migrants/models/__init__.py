from migrants.models.consent import Consent, Declaration, Disclosure
from migrants.models.contacts import NextOfKin, PersonPhone
from migrants.models.erasure import Erasure, ErasureRequest, Forgetting, LegalHold, RetentionPeriod
from migrants.models.exports import Export
from migrants.models.groups import Family, HeadCount, TravelGroup
from migrants.models.health import HealthTest
from migrants.models.identity import DuplicatePair, Merge
from migrants.models.moves import GroupMove, MovedPerson
from migrants.models.people import EarlierClaim, Migrant, Nationality, PersonName, TravelDocument
from migrants.models.pictures import Picture
from migrants.models.protection import ChildArrangement, HoldQuestion, ProtectionHold, Referral, Screening

__all__ = [
    "ChildArrangement",
    "Consent",
    "Declaration",
    "Disclosure",
    "DuplicatePair",
    "EarlierClaim",
    "Erasure",
    "ErasureRequest",
    "Export",
    "Family",
    "Forgetting",
    "GroupMove",
    "HeadCount",
    "HealthTest",
    "HoldQuestion",
    "LegalHold",
    "Merge",
    "Migrant",
    "MovedPerson",
    "Nationality",
    "NextOfKin",
    "PersonName",
    "PersonPhone",
    "Picture",
    "ProtectionHold",
    "Referral",
    "RetentionPeriod",
    "Screening",
    "TravelDocument",
    "TravelGroup",
]
