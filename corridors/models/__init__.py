from corridors.models.places import BorderCrossing, CrossingSide
from corridors.models.requirements import Requirement, RequirementChange, RequirementDraft, RequirementVersion
from corridors.models.transit import CorridorVersion, TransitCorridor

__all__ = [
    "BorderCrossing",
    "CorridorVersion",
    "CrossingSide",
    "Requirement",
    "RequirementChange",
    "RequirementDraft",
    "RequirementVersion",
    "TransitCorridor",
]
