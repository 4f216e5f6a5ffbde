from returns.models.cases import Plan, ReturnCase, Waiver
from returns.models.funding import Need, Pledge
from returns.models.manifests import ManifestRow, ManifestUpload
from returns.models.readiness import BoardCount, CaseReadiness
from returns.models.telling import GroupTold

__all__ = [
    "BoardCount",
    "CaseReadiness",
    "GroupTold",
    "ManifestRow",
    "ManifestUpload",
    "Need",
    "Plan",
    "Pledge",
    "ReturnCase",
    "Waiver",
]
