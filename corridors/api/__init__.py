"""The API of this floor: crossings, what they ask, corridors between them, and what parties say to those."""

from corridors.api.agreements import Approvals, Corridors
from corridors.api.places import BarrierReports, Crossings, Requirements
from partners.api import Resource

RESOURCES: dict[str, type[Resource]] = {
    "crossings": Crossings,
    "requirements": Requirements,
    "corridors": Corridors,
    "approvals": Approvals,
    "barrier-reports": BarrierReports,
}
