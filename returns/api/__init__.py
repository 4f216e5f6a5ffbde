"""The API of this floor: cases, changes with impact, money, aid, samples, and people whose cases follow what is entered."""

from partners.api import Resource
from returns.api.aftercare import FollowUps, Reintegrations
from returns.api.case_papers import CasePapers
from returns.api.casework import Comments, Tasks
from returns.api.changes import Changes
from returns.api.consular import DocumentRequests, Questions, ReceptionsReady
from returns.api.crew import Crew, Movements
from returns.api.directory import Organisations
from returns.api.disclosures import Disclosures
from returns.api.duplicates import Merges, Pairs
from returns.api.families import Families
from returns.api.funding import Aid, Needs, Pledges
from returns.api.group_plans import Groups
from returns.api.halts import GroupMoves, Legs, Moods, Relations
from returns.api.incoming import Handovers, Incoming
from returns.api.laboratory import SampleLists, Samples
from returns.api.lists import Lists
from returns.api.many_cases import Cases
from returns.api.movements import Checkpoints, Incidents, Manifests
from returns.api.papers import Papers
from returns.api.people import Consents, Documents, HealthTests, Migrants
from returns.api.pictures import Declarations, Pictures
from returns.api.proofs import Proofs
from returns.api.protection import Arrangements, Holds, LateResults, Referrals, Screenings
from returns.api.road import RoadDecisions
from returns.api.saved_filters import SavedFilters
from returns.api.telling import Acknowledgements, Notices
from returns.api.waivers import Waivers

RESOURCES: dict[str, type[Resource]] = {
    "requirement-changes": Changes,
    "cases": Cases,
    "tasks": Tasks,
    "comments": Comments,
    "case-papers": CasePapers,
    "saved-filters": SavedFilters,
    "needs": Needs,
    "pledges": Pledges,
    "aid": Aid,
    "moods": Moods,
    "legs": Legs,
    "relations": Relations,
    "families": Families,
    "group-moves": GroupMoves,
    "sample-lists": SampleLists,
    "samples": Samples,
    "incoming": Incoming,
    "handovers": Handovers,
    "document-requests": DocumentRequests,
    "questions": Questions,
    "reception-ready": ReceptionsReady,
    "movements": Movements,
    "crew": Crew,
    "manifests": Manifests,
    "checkpoints": Checkpoints,
    "incidents": Incidents,
    "road-decisions": RoadDecisions,
    "papers": Papers,
    "follow-ups": FollowUps,
    "reintegrations": Reintegrations,
    "groups": Groups,
    "waivers": Waivers,
    "lists": Lists,
    "pictures": Pictures,
    "declarations": Declarations,
    "disclosures": Disclosures,
    "pairs": Pairs,
    "merges": Merges,
    "holds": Holds,
    "screenings": Screenings,
    "referrals": Referrals,
    "arrangements": Arrangements,
    "late-results": LateResults,
    "organisations": Organisations,
    # With what this floor adds: writing, because a case is opened and judged with it.
    "migrants": Migrants,
    "documents": Documents,
    "health-tests": HealthTests,
    "acknowledgements": Acknowledgements,
    "notices": Notices,
    "proofs": Proofs,
    "consents": Consents,
}
