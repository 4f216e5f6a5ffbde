from corridors.models.places import BorderCrossing, CrossingSide
from corridors.models.requirements import Requirement, RequirementChange, RequirementDraft, RequirementVersion
from corridors.models.transit import Approval, CorridorVersion, Suspension, TransitCorridor

__all__ = [
    "Approval",
    "BorderCrossing",
    "CorridorVersion",
    "CrossingSide",
    "Requirement",
    "RequirementChange",
    "RequirementDraft",
    "RequirementVersion",
    "Suspension",
    "TransitCorridor",
]
