from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Certainty(TextChoices):
    """How sure we are; each step is a version of its own (rule 29)."""

    REPORTED = "reported", _("reported, not yet confirmed")
    CORROBORATED = "corroborated", _("corroborated by a second source")
    CONFIRMED = "confirmed", _("confirmed by the authority")
    WITHDRAWN = "withdrawn", _("withdrawn")


class SourceTier(TextChoices):
    ORAL_POST = "oral_post", _("oral, border post")
    ORAL_AUTHORITY = "oral_authority", _("oral, authority")
    WRITTEN = "written", _("in writing")
    PUBLISHED = "published", _("published law or order")


class RequirementSubject(TextChoices):
    """What a line of requirements is about; one line per crossing, direction and subject."""

    TRAVEL_DOCUMENT = "travel_document", _("travel document")
    HEALTH_TEST = "health_test", _("health test")
    OPENING = "opening", _("opening of the crossing")
    CONSENT = "consent", _("consent form")
    VACCINATION = "vaccination", _("vaccination")
    PERMIT = "permit", _("visa or permit")
    GUARANTEE = "guarantee_letter", _("letter of guarantee")
    FORM = "registration_form", _("registration form")
    PAYMENT = "payment", pgettext_lazy("subject of a requirement", "payment")
    QUARANTINE = "quarantine", _("quarantine")
    QUOTA = "quota", _("places of a day")
    HOURS = "window", _("days and hours of passage")
    ESCORT = "escort", pgettext_lazy("subject of a requirement", "escort")
    OTHER = "other", _("other")


class Mode(TextChoices):
    """By what people cross, where a line is asked of some of them alone; the words are those of the way to a halt."""

    FOOT = "foot", _("on foot")
    CAR = "car", _("by car or taxi")
    BUS = "bus", _("by bus")
    TRUCK = "truck", _("by truck")
    TRAIN = "train", _("by train")
    PLANE = "plane", _("by plane")
    BOAT = "boat", _("by boat")


class ChangeKind(TextChoices):
    NEW = "new", _("new requirement")
    CHANGED = "changed", _("changed requirement")
    CORRECTED = "corrected", _("entry corrected")
    WITHDRAWN = "withdrawn", _("requirement withdrawn")


class ReportState(TextChoices):
    """What became of a report from the barrier."""

    OPEN = "open", _("nobody has taken it up")
    TAKEN_UP = "taken_up", _("taken up as a draft")
    SET_ASIDE = "set_aside", _("set aside")


class AttachmentKind(TextChoices):
    LETTER = "letter", _("letter or order")
    NOTICE = "notice", _("notice on the wall")
    OTHER = "other", _("other")


class ApprovalState(TextChoices):
    """What a party has said to a version; a request that was not answered in time lapses by its hour alone."""

    ASKED = "asked", _("not decided yet")
    APPROVED = "approved", _("approved")
    CONDITIONAL = "conditional", _("approved with conditions")
    REJECTED = "rejected", _("rejected")


DECISIONS = [(state.value, state.label) for state in ApprovalState if state != ApprovalState.ASKED]
"""What a party may answer."""


class CorridorState(TextChoices):
    """Where a version stands as a whole."""

    DRAFT = "draft", _("draft, nobody is asked yet")
    AWAITING = "awaiting", _("waiting for its parties")
    OPEN = "open", _("open")
    REJECTED = "rejected", _("rejected")
    LAPSED = "lapsed", _("lapsed")
    SUSPENDED = "suspended", _("suspended")
    REPLACED = "replaced", _("replaced by a newer version")
    WITHDRAWN = "withdrawn", pgettext_lazy("state of a corridor", "withdrawn by a party")
    CONTRADICTORY = "contradictory", _("conditions of its parties do not fit together")


class CorridorCondition(TextChoices):
    """Conditions of a passage that are agreed again and again; what else is agreed stands in words."""

    SEALED = "sealed", _("sealed buses")
    NO_STOPS = "no_stops", _("no stops in the country")
    ESCORT = "escort", _("an escort goes along")
    MEDIC = "medic", _("a medic goes along")
    MASKS = "masks", _("masks for everybody")
    TEMPERATURE = "temperature", _("temperature is taken at the entry")
    DISINFECTION = "disinfection", _("buses are disinfected")
    FUEL_ONLY = "fuel_only", _("fuel only at")
    DRIVERS_ABOARD = "drivers_aboard", _("drivers stay aboard")
    TWO_DRIVERS = "two_drivers", _("two drivers for each bus")
    DAYLIGHT = "daylight", _("by daylight only")


WITH_DETAIL = (CorridorCondition.ESCORT, CorridorCondition.DISINFECTION, CorridorCondition.FUEL_ONLY)
"""Conditions of which more may be said: by whom, where."""


class RequiredEvidence(TextChoices):
    """What has to be at hand at the barrier."""

    MANIFEST = "manifest", _("list of the travellers")
    TESTS = "tests", _("results of tests")
    DRIVER_PAPERS = "driver_papers", _("papers of the drivers")
    VEHICLE_PAPERS = "vehicle_papers", _("papers of the vehicles")
    INSURANCE = "insurance", _("insurance")
    NOTE = "note", _("the note that asks for the passage")
    RECEPTION = "reception", _("confirmation that they are received")
    DISINFECTION = "disinfection", _("certificate of disinfection")


class Reopened(TextChoices):
    """Why a decision on the version before does not hold for the next one, so that its party is asked anew."""

    WINDOW = "window", _("the window is not inside the one that was approved")
    CAP = "cap", _("more people than were approved")
    VEHICLES = "vehicles", _("more vehicles than were approved")
    TRANSIT = "transit", _("a longer transit than was approved")
    CONDITION = "condition", _("a condition was dropped or changed")
    WAY = "way", _("another way through the countries between")
    REQUESTER = "requester", _("another authority asks for it")
    REQUIREMENT = "requirement", _("a requirement on the way has changed since")
    WAIVER = "waiver", _("a requirement is waived that was not, or for longer")
    OWN_TERMS = "own_terms", _("the party's own window is not kept")
    REJECTED = "rejected", _("the party rejected the version before")
    WITHDRAWN = "withdrawn", _("the party had withdrawn its approval")
    SUSPENDED = "suspended", _("the version before was suspended")
    SAME_PERSON = "same_person", _("who asks now wrote the decision down")


class PartyWordKind(TextChoices):
    """What a party says after its decision."""

    SUSPENDED = "suspended", _("suspended")
    RESUMED = "resumed", _("resumed")
    WITHDRAWN = "withdrawn", _("withdrawn")
