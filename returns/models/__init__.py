from returns.models.acts_on_many import ActedCase, ActOnMany
from returns.models.aftercare import FollowUp, Reintegration
from returns.models.case_lists import SavedFilter
from returns.models.case_papers import CasePage
from returns.models.cases import GroupWaiver, Plan, ReturnCase, Waiver
from returns.models.casework import CaseComment, CaseStep, CaseTask, Mention
from returns.models.columns import ColumnChoice
from returns.models.consular import ConsularQuestion, ReceptionReady
from returns.models.crew import CrewMember
from returns.models.document_requests import DocumentRequest, DocumentStep
from returns.models.funding import AidItem, Need, Pledge
from returns.models.handover import Handover, Reception
from returns.models.laboratory import LateResult, Sample, SampleList, TravelQuestion
from returns.models.manifests import ManifestPiece, ManifestRow, ManifestUpload
from returns.models.movements import (
    Checkpoint,
    Difference,
    FrozenFinding,
    Manifest,
    ManifestEntry,
    Movement,
    Seat,
    Vehicle,
)
from returns.models.papers import PaperIssue, Slip
from returns.models.readiness import BoardCount, CaseReadiness
from returns.models.receiving import ReceiverAnswer, ReceiverWord
from returns.models.road import Absence, EvidenceGiven, Incident, LegClock, ManifestStage, RoadDecision
from returns.models.telling import GroupTold
from returns.models.waiting import WaitingHeads

__all__ = [
    "Absence",
    "ActOnMany",
    "ActedCase",
    "AidItem",
    "BoardCount",
    "CaseComment",
    "CasePage",
    "CaseReadiness",
    "CaseStep",
    "CaseTask",
    "Checkpoint",
    "ColumnChoice",
    "ConsularQuestion",
    "CrewMember",
    "Difference",
    "DocumentRequest",
    "DocumentStep",
    "EvidenceGiven",
    "FollowUp",
    "FrozenFinding",
    "GroupTold",
    "GroupWaiver",
    "Handover",
    "Incident",
    "LateResult",
    "LegClock",
    "Manifest",
    "ManifestEntry",
    "ManifestPiece",
    "ManifestRow",
    "ManifestStage",
    "ManifestUpload",
    "Mention",
    "Movement",
    "Need",
    "PaperIssue",
    "Plan",
    "Pledge",
    "ReceiverAnswer",
    "ReceiverWord",
    "Reception",
    "ReceptionReady",
    "Reintegration",
    "ReturnCase",
    "RoadDecision",
    "Sample",
    "SampleList",
    "SavedFilter",
    "Seat",
    "Slip",
    "TravelQuestion",
    "Vehicle",
    "WaitingHeads",
    "Waiver",
]
