from corridors.models.atoms import AtomSlot, Passage, RuleAtom, RuleSet
from corridors.models.places import BorderCrossing, CrossingSide
from corridors.models.reports import Attachment, BarrierReport, ReportVoice
from corridors.models.requirements import Requirement, RequirementChange, RequirementDraft, RequirementVersion
from corridors.models.transit import Approval, CorridorVersion, Suspension, TransitCorridor

__all__ = [
    "Approval",
    "AtomSlot",
    "Attachment",
    "BarrierReport",
    "BorderCrossing",
    "CorridorVersion",
    "CrossingSide",
    "Passage",
    "ReportVoice",
    "Requirement",
    "RequirementChange",
    "RequirementDraft",
    "RequirementVersion",
    "RuleAtom",
    "RuleSet",
    "Suspension",
    "TransitCorridor",
]
