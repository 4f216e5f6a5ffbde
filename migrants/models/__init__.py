from migrants.models.consent import Consent, Declaration, Disclosure
from migrants.models.contacts import NextOfKin, PersonPhone
from migrants.models.enquiries import Enquiry
from migrants.models.erasure import Erasure, ErasureRequest, Forgetting, LegalHold, RetentionPeriod
from migrants.models.exports import Export
from migrants.models.families import CompanyQuestion, FamilyHead, Relation
from migrants.models.groups import Family, HeadCount, TravelGroup
from migrants.models.health import HealthTest
from migrants.models.identity import DuplicatePair, Merge
from migrants.models.journeys import MoodSeen, TravelledLeg
from migrants.models.moves import GroupMove, MovedPerson
from migrants.models.people import EarlierClaim, Migrant, Nationality, PersonName, TravelDocument
from migrants.models.pictures import Picture
from migrants.models.proofs import Proof
from migrants.models.protection import ChildArrangement, HoldQuestion, ProtectionHold, Referral, Screening

__all__ = [
    "ChildArrangement",
    "CompanyQuestion",
    "Consent",
    "Declaration",
    "Disclosure",
    "DuplicatePair",
    "EarlierClaim",
    "Enquiry",
    "Erasure",
    "ErasureRequest",
    "Export",
    "Family",
    "FamilyHead",
    "Forgetting",
    "GroupMove",
    "HeadCount",
    "HealthTest",
    "HoldQuestion",
    "LegalHold",
    "Merge",
    "Migrant",
    "MoodSeen",
    "MovedPerson",
    "Nationality",
    "NextOfKin",
    "PersonName",
    "PersonPhone",
    "Picture",
    "Proof",
    "ProtectionHold",
    "Referral",
    "Relation",
    "RetentionPeriod",
    "Screening",
    "TravelDocument",
    "TravelGroup",
    "TravelledLeg",
]
