from corridors.models.atoms import AtomSlot, Passage, RuleAtom, RuleSet
from corridors.models.legs import Leg
from corridors.models.places import BorderCrossing, CrossingSide
from corridors.models.reports import Attachment, BarrierReport, ReportVoice
from corridors.models.requirements import Requirement, RequirementChange, RequirementDraft, RequirementVersion
from corridors.models.transit import Approval, CorridorVersion, Suspension, TransitCorridor
from corridors.models.waivers import VersionWaiver, WaiverPaper
from corridors.models.words import DecisionScan, PartyWord, StandingChange

__all__ = [
    "Approval",
    "AtomSlot",
    "Attachment",
    "BarrierReport",
    "BorderCrossing",
    "CorridorVersion",
    "CrossingSide",
    "DecisionScan",
    "Leg",
    "PartyWord",
    "Passage",
    "ReportVoice",
    "Requirement",
    "RequirementChange",
    "RequirementDraft",
    "RequirementVersion",
    "RuleAtom",
    "RuleSet",
    "StandingChange",
    "Suspension",
    "TransitCorridor",
    "VersionWaiver",
    "WaiverPaper",
]
