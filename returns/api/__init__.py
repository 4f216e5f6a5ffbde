"""The API of this floor: cases, changes with their impact, money, and the people whose cases follow what is entered."""

from partners.api import Resource
from returns.api.cases import Cases
from returns.api.changes import Changes
from returns.api.funding import Needs, Pledges
from returns.api.incoming import Handovers, Incoming
from returns.api.movements import Checkpoints, Manifests, Movements
from returns.api.people import Consents, Documents, HealthTests, Migrants

RESOURCES: dict[str, type[Resource]] = {
    "requirement-changes": Changes,
    "cases": Cases,
    "needs": Needs,
    "pledges": Pledges,
    "incoming": Incoming,
    "handovers": Handovers,
    "movements": Movements,
    "manifests": Manifests,
    "checkpoints": Checkpoints,
    # With what this floor adds: writing, because a case is opened and judged with it.
    "migrants": Migrants,
    "documents": Documents,
    "health-tests": HealthTests,
    "consents": Consents,
}
