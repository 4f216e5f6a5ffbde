"""Words for what has been judged: one requirement for one person (verdict), and the whole case."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Verdict(TextChoices):
    """What one requirement says of one person at the planned time at the barrier."""

    MET = "met", pgettext_lazy("verdict", "met")
    MISSING = "missing", pgettext_lazy("verdict", "missing")
    EXPIRING = "expiring", pgettext_lazy("verdict", "runs out first")
    UNKNOWN = "unknown", pgettext_lazy("verdict", "unknown")
    WAIVED = "waived", pgettext_lazy("verdict", "waived")
    EXEMPT = "exempt", pgettext_lazy("verdict", "exempt")


STANDS_IN_THE_WAY = (Verdict.MISSING, Verdict.EXPIRING, Verdict.UNKNOWN)
"""With one of these nobody crosses."""


OWN_CONDITIONS = ("consent_form", "no_hold", "child_arranged", "no_infection", "plan")
"""Our own conditions (`house_rules.HouseRule`) and the plan, in the order of their bits, which no authority's rules move."""


class CaseVerdict(TextChoices):
    """What all findings together say of a person's case."""

    READY = "ready", pgettext_lazy("case", "ready")
    NOT_READY = "not_ready", pgettext_lazy("case", "not ready")
    UNKNOWN = "unknown", pgettext_lazy("case", "unknown")


class CaseOutcome(TextChoices):
    """How a case ended; empty while it is open. Whoever changed their mind is no no-show (rule 7)."""

    HOME = "home", pgettext_lazy("outcome", "home")
    CHANGED_MIND = "changed_mind", pgettext_lazy("outcome", "changed mind")
    HOSPITAL = "hospital", pgettext_lazy("outcome", "in hospital")
    NOT_FOUND = "not_found", pgettext_lazy("outcome", "not found")
    DIED = "died", pgettext_lazy("outcome", "died")
    OTHER_COUNTRY = "other_country", pgettext_lazy("outcome", "went to another country")
    OTHER = "other", pgettext_lazy("outcome", "another way")


class CaseStage(TextChoices):
    """How far a case is, read from the rows that say so (`returns/case_stages.py`); nobody stores it."""

    REGISTERED = "registered", pgettext_lazy("stage of a case", "registered")
    CONSENTED = "consented", pgettext_lazy("stage of a case", "agreed to return")
    PLANNED = "planned", pgettext_lazy("stage of a case", "planned")
    READY = "ready", pgettext_lazy("stage of a case", "ready to cross")
    ON_THE_WAY = "on_the_way", pgettext_lazy("stage of a case", "on the way")
    ARRIVED = "arrived", pgettext_lazy("stage of a case", "handed over")
    CLOSED = "closed", pgettext_lazy("stage of a case", "closed")


class TaskState(TextChoices):
    OPEN = "open", pgettext_lazy("task", "open")
    DONE = "done", pgettext_lazy("task", "done")
    DROPPED = "dropped", pgettext_lazy("task", "not needed any more")


TASK_ENDED = [choice for choice in TaskState.choices if choice[0] != TaskState.OPEN]
"""How a task can end."""


class ManyKind(TextChoices):
    """What is done to many cases at once (`returns/acts_on_many.py`)."""

    PLAN = "plan", pgettext_lazy("act on many", "plan their groups")
    TASK = "task", pgettext_lazy("act on many", "give a task about each")
    CLOSE = "close", pgettext_lazy("act on many", "close them with an outcome")


class OwnerRole(TextChoices):
    """Whose task it is where it is nobody's by name: whoever holds this role at the mission of the group."""

    FIELD = "field", _("field officers")
    COORDINATOR = "coordinator", _("coordinators")
    PROTECTION = "protection", _("protection officers")


class StepKind(TextChoices):
    """What the log of a case says that no other row does."""

    CLOSED = "closed", pgettext_lazy("step", "case closed")
    REOPENED = "reopened", pgettext_lazy("step", "closing taken back")
    TASK_DONE = "task_done", pgettext_lazy("step", "task done")
    TASK_DROPPED = "task_dropped", pgettext_lazy("step", "task not needed any more")
    TASK_REOPENED = "task_reopened", pgettext_lazy("step", "task opened again")
    TASK_GIVEN = "task_given", pgettext_lazy("step", "task given to somebody else")


class UploadState(TextChoices):
    READING = "reading", _("being read")
    STAGED = "staged", _("waiting to be confirmed")
    STORING = "storing", _("being stored")
    CONFIRMED = "confirmed", _("confirmed")
    DISCARDED = "discarded", _("discarded")
    REFUSED = "refused", _("cannot be read")


class PieceKind(TextChoices):
    FILE = "file", _("part of the file as it came")
    ROWS = "rows", _("rows as read")


class RowOutcome(TextChoices):
    CREATE = "create", _("will be registered")
    MATCH = "match", _("known already")
    DECIDE = "decide", _("to be decided")
    REJECT = "reject", _("cannot be read")
    SKIP = "skip", _("not a person")


class NeedKind(TextChoices):
    TESTS = "tests", _("health tests")
    BLANKETS = "blankets", _("blankets")
    WATER = "water", _("water")
    FOOD = "food", _("food")
    HOT_FOOD = "hot_food", _("hot food")
    SHELTER = "shelter", _("heated tents")
    HYGIENE = "hygiene", _("hygiene kits")
    TOILETS = "toilets", _("toilets")
    OTHER = "other", _("other")


class Unit(TextChoices):
    """In what a need is asked and aid is given; both in the same, so that they can be compared."""

    PIECE = "piece", pgettext_lazy("unit", "pieces")
    LITRE = "litre", pgettext_lazy("unit", "litres")
    RATION = "ration", pgettext_lazy("unit", "day rations")
    MEAL = "meal", pgettext_lazy("unit", "meals")
    SQUARE_METRE = "square_metre", pgettext_lazy("unit", "m² covered")
    KIT = "kit", pgettext_lazy("unit", "kits")
    TEST = "test", pgettext_lazy("unit", "tests")


class TravelAnswer(TextChoices):
    """What a coordinator decides where somebody, or somebody of the family, tested positive."""

    STAYS = "stays", pgettext_lazy("infection", "stays")
    TRAVELS = "travels", pgettext_lazy("infection", "may travel")


class MovementState(TextChoices):
    """What the last bus of a movement has reached."""

    PLANNED = "planned", pgettext_lazy("movement", "planned")
    BOARDED = "boarded", pgettext_lazy("movement", "boarded")
    EXITED = "exited", pgettext_lazy("movement", "exited")
    ENTERED = "entered", pgettext_lazy("movement", "entered, in transit")
    LEFT = "left", pgettext_lazy("movement", "out of the transit country")
    HANDED_OVER = "handed_over", pgettext_lazy("movement", "handed over")
    CALLED_OFF = "called_off", pgettext_lazy("movement", "called off")
    TURNED_BACK = "turned_back", pgettext_lazy("movement", "turned back")


class CheckpointKind(TextChoices):
    """Where heads are counted, in the order of the way, and last those of a bus that is back where it came from.

    Between `ENTERED` and `LEFT` are the borders inside a way through several countries: out of one, and into the next.
    """

    BOARDED = "boarded", pgettext_lazy("checkpoint", "boarded")
    EXITED = "exited", pgettext_lazy("checkpoint", "exit control passed")
    ENTERED = "entered", pgettext_lazy("checkpoint", "entered the transit country")
    LEFT_1 = "left_1", pgettext_lazy("checkpoint", "left the first country of transit")
    ENTERED_2 = "entered_2", pgettext_lazy("checkpoint", "entered the second country of transit")
    LEFT_2 = "left_2", pgettext_lazy("checkpoint", "left the second country of transit")
    ENTERED_3 = "entered_3", pgettext_lazy("checkpoint", "entered the third country of transit")
    LEFT_3 = "left_3", pgettext_lazy("checkpoint", "left the third country of transit")
    ENTERED_4 = "entered_4", pgettext_lazy("checkpoint", "entered the fourth country of transit")
    LEFT_4 = "left_4", pgettext_lazy("checkpoint", "left the fourth country of transit")
    ENTERED_5 = "entered_5", pgettext_lazy("checkpoint", "entered the fifth country of transit")
    LEFT = "left", pgettext_lazy("checkpoint", "left the transit country")
    HANDED_OVER = "handed_over", pgettext_lazy("checkpoint", "handed over")
    RETURNED = "returned", pgettext_lazy("checkpoint", "back at the crossing")


class DifferenceKind(TextChoices):
    """Why heads are more (the first three) or fewer than before."""

    UNREGISTERED = "unregistered", _("on board and not registered")
    JOINED = "joined", _("joined on the way")
    BORN = "born", _("born on the way")
    HOSPITAL = "hospital", _("taken to hospital")
    NOT_TRAVELLING = "not_travelling", _("not travelling")
    NO_SHOW = "no_show", _("did not come")
    CHANGED_MIND = "changed_mind", _("changed their mind")
    DOUBLE_ENTRY = "double_entry", _("counted or listed twice")


class ReceptionState(TextChoices):
    PRESENT = "present", pgettext_lazy("reception", "present")
    ABSENT = "absent", pgettext_lazy("reception", "not there")


class PaperKind(TextChoices):
    """What a paper is. Its proof says this word to whoever has the paper in hand, in their language."""

    MANIFEST = "manifest", _("Manifest")
    BUS_LIST = "bus_list", _("Bus list")
    TRANSIT_REQUEST = "transit_request", _("Request for transit")
    ADVANCE_NOTICE = "advance_notice", _("Advance notice of arrival")
    HANDOVER = "handover", _("Handover protocol")
    TRAVEL_DOCUMENT = "travel_document", _("Application for a travel document")
    SEEN_BY = "seen_by", _("Who sees what about you")


class CrewRole(TextChoices):
    """What one of the crew of a movement does."""

    DRIVER = "driver", pgettext_lazy("crew", "drives")
    RELIEF_DRIVER = "relief_driver", pgettext_lazy("crew", "drives by turns")
    ESCORT = "escort", pgettext_lazy("crew", "escorts")
    MEDIC = "medic", pgettext_lazy("crew", "medic")
    LEADER = "leader", pgettext_lazy("crew", "leads the movement")


class IncidentKind(TextChoices):
    """What happened on the way."""

    BREAKDOWN = "breakdown", pgettext_lazy("incident", "breakdown")
    ACCIDENT = "accident", pgettext_lazy("incident", "accident")
    ILLNESS = "illness", pgettext_lazy("incident", "illness")
    BIRTH = "birth", pgettext_lazy("incident", "birth")
    DELAY = "delay", pgettext_lazy("incident", "delay")
    STOPPED = "stopped", pgettext_lazy("incident", "stopped on the way")
    SECURITY = "security", pgettext_lazy("incident", "security")
    WEATHER = "weather", pgettext_lazy("incident", "weather")
    OTHER = "other", pgettext_lazy("incident", "other")


class RoadAnswer(TextChoices):
    """What is decided about buses that something stops on the way."""

    WAIT = "wait", pgettext_lazy("road", "wait")
    GO_ON = "go_on", pgettext_lazy("road", "go on")
    TURN_BACK = "turn_back", pgettext_lazy("road", "turn back")


class ArrivalNeed(TextChoices):
    """What has to stand ready where a group arrives, in counts; why somebody needs it is said to nobody outside."""

    STRETCHER = "stretcher", _("places for people lying down")
    WHEELCHAIR = "wheelchair", _("wheelchairs")
    BABY = "baby", _("food and nappies for babies")
    INTERPRETER = "interpreter", _("interpreters")
    MEALS = "meals", _("meals")
    QUARANTINE = "quarantine", _("places in quarantine")
    ONWARD = "onward", _("seats for the way home from there")


class JourneyPaper(TextChoices):
    """Papers and lists that are made of a movement; the manifest of a version has its own page."""

    BUS_LIST = "bus_list", _("bus list")
    DRIVERS = "drivers", _("list for the drivers, without names")
    TRANSIT_REQUEST = "transit_request", _("request for transit, with annex")
    ADVANCE_NOTICE = "advance_notice", _("advance notice of arrival")
    HANDOVER = "handover", _("handover protocol")
    SLIPS = "slips", _("slips with numbers, for everybody who has a seat")
    MANIFEST_LIST = "manifest_list", _("manifest as a spreadsheet")
    RECONCILIATION_LIST = "reconciliation_list", _("counts and differences as a spreadsheet")


class PersonPaper(TextChoices):
    """Papers that are made of one person; the declaration has its own page."""

    TRAVEL_DOCUMENT = "travel_document", _("application for a travel document")
    SEEN_BY = "seen_by", _("who sees what about the person")
    SLIP = "slip", _("slip with the number; the one before ends")


class FollowUpStage(TextChoices):
    """How long after the handover somebody is asked how things are."""

    WEEK = "week", pgettext_lazy("follow-up", "after a week")
    MONTH = "month", pgettext_lazy("follow-up", "after a month")
    QUARTER = "quarter", pgettext_lazy("follow-up", "after three months")


class FollowUpHow(TextChoices):
    CALL = "call", pgettext_lazy("follow-up", "by telephone")
    VISIT = "visit", pgettext_lazy("follow-up", "by a visit")


class FollowUpState(TextChoices):
    """Where one follow-up stands. Whoever could not be reached is an answer too, and no fault of theirs."""

    WAITING = "waiting", pgettext_lazy("follow-up", "to be done")
    REACHED = "reached", pgettext_lazy("follow-up", "reached")
    UNREACHED = "unreached", pgettext_lazy("follow-up", "could not be reached")


class ReintegrationService(TextChoices):
    """For what an organisation at home is asked to help."""

    WORK = "work", pgettext_lazy("reintegration", "work")
    TRAINING = "training", pgettext_lazy("reintegration", "training")
    BUSINESS = "business", pgettext_lazy("reintegration", "a small business")
    HOUSING = "housing", pgettext_lazy("reintegration", "a place to live")
    SCHOOL = "school", pgettext_lazy("reintegration", "school for children")
    HEALTH = "health", pgettext_lazy("reintegration", "health care")
    PAPERS = "papers", pgettext_lazy("reintegration", "papers")
    OTHER = "other", pgettext_lazy("reintegration", "something else")
