from corridors.models.atoms import AtomSlot, Passage, RuleAtom, RuleSet
from corridors.models.places import BorderCrossing, CrossingSide
from corridors.models.requirements import Requirement, RequirementChange, RequirementDraft, RequirementVersion
from corridors.models.transit import Approval, CorridorVersion, Suspension, TransitCorridor

__all__ = [
    "Approval",
    "AtomSlot",
    "BorderCrossing",
    "CorridorVersion",
    "CrossingSide",
    "Passage",
    "Requirement",
    "RequirementChange",
    "RequirementDraft",
    "RequirementVersion",
    "RuleAtom",
    "RuleSet",
    "Suspension",
    "TransitCorridor",
]
