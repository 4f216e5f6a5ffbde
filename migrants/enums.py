from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Sex(TextChoices):
    MALE = "M", _("male")
    FEMALE = "F", _("female")
    UNSPECIFIED = "X", _("unspecified")
    UNKNOWN = "U", _("not recorded")


class BirthBasis(TextChoices):
    DOCUMENT = "document", _("document")
    SELF = "self", _("person’s own word")
    PARENT = "parent", _("parent’s word")
    ASSESSMENT = "assessment", _("assessment")


class AloneStatus(TextChoices):
    """Separated is not unaccompanied: keep both (rule 14)."""

    NO = "no", _("with parent or guardian")
    UNACCOMPANIED = "unaccompanied", _("unaccompanied child")
    SEPARATED = "separated", _("separated child")


class RelationKind(TextChoices):
    """What one person is of another; by link, never by surname (rule 18)."""

    PARENT = "parent", _("parent of")
    SPOUSE = "spouse", _("wife or husband of")
    GUARDIAN = "guardian", _("guardian of")
    SIBLING = "sibling", _("sister or brother of")
    RELATIVE = "relative", _("other relative of")
    CARETAKER = "caretaker", _("takes care of")


CARING = frozenset({RelationKind.PARENT, RelationKind.GUARDIAN, RelationKind.CARETAKER})
"""Relations in which one looks after the other."""
MUTUAL = frozenset({RelationKind.SPOUSE, RelationKind.SIBLING, RelationKind.RELATIVE})
"""Relations that read the same both ways."""


class RelationBasis(TextChoices):
    """How a relation is known."""

    DOCUMENT = "document", pgettext_lazy("basis of a relation", "a document")
    SELF = "self", pgettext_lazy("basis of a relation", "the person’s own word")
    OTHER = "other", pgettext_lazy("basis of a relation", "the other’s word")
    SEEN = "seen", pgettext_lazy("basis of a relation", "seen by staff")


class NameKind(TextChoices):
    AS_WRITTEN = "as_written", _("as written")
    IN_PASSPORT = "in_passport", _("in the passport")
    OTHER_SCRIPT = "other_script", _("in another script")
    FORMER = "former", _("former")
    MISTAKEN = "mistaken", _("written so by mistake")


class NationalityStatus(TextChoices):
    CLAIMED = "claimed", _("claimed")
    DOCUMENTED = "documented", _("documented")
    CONFIRMED = "confirmed", _("confirmed by a consulate")


class DocumentKind(TextChoices):
    PASSPORT = "passport", _("passport")
    IDENTITY_CARD = "identity_card", _("identity card")
    EMERGENCY = "emergency", _("emergency return document")
    STATELESS = "stateless", _("travel document of a stateless person")


class DocumentState(TextChoices):
    """Where a document is. One that a consulate is to issue goes its way from applied to held (rule 22)."""

    HELD = "held", _("held")
    LOST = "lost", _("lost")
    EXPIRED = "expired", _("expired")
    WITH_EMPLOYER = "with_employer", _("held by the employer")
    APPLIED = "applied", _("applied for at the consulate")
    INTERVIEWED = "interviewed", _("interviewed at the consulate")
    CONFIRMED = "confirmed", _("identity confirmed by the consulate")
    REFUSED = "refused", _("identity not confirmed by the consulate")
    ISSUED = "issued", _("issued, to be collected")
    USED = "used", _("used for the journey")
    REPLACED = "replaced", _("replaced")


class ProofKind(TextChoices):
    """What can be shown at a barrier beside documents and tests, and what is asked about a person there."""

    VACCINATION = "vaccination", _("vaccination")
    PERMIT = "permit", _("visa or permit")
    GUARANTEE_LETTER = "guarantee_letter", _("letter of guarantee")
    REGISTRATION_FORM = "registration_form", _("registration form")
    PAYMENT = "payment", pgettext_lazy("proof", "payment")
    QUARANTINE = "quarantine", _("quarantine booked")
    QUOTA = "quota", _("place of the day’s quota")
    ESCORT = "escort", pgettext_lazy("proof", "escort")
    RESIDENCE = "residence", _("country of residence")
    PURPOSE = "purpose", _("purpose of travel")


class Script(TextChoices):
    """Letters that a name is written in, by ISO 15924."""

    CYRILLIC = "Cyrl", _("Cyrillic")
    LATIN = "Latn", _("Latin")
    ARABIC = "Arab", _("Arabic")
    OTHER = "Zyyy", pgettext_lazy("script", "other")


class Kinship(TextChoices):
    """Who somebody is to the person."""

    SPOUSE = "spouse", _("husband or wife")
    PARENT = "parent", _("mother or father")
    CHILD = "child", pgettext_lazy("kinship", "child")
    SIBLING = "sibling", _("sister or brother")
    RELATIVE = "relative", _("another relative")
    FRIEND = "friend", _("friend")
    UNKNOWN = "", _("not said")


class PictureKind(TextChoices):
    """What a picture shows. Signature and thumb print stand under an answer, a paper in the place of a file."""

    PHOTOGRAPH = "photograph", _("photograph")
    SIGNATURE = "signature", _("signature")
    THUMB_PRINT = "thumb_print", _("thumb print")
    PAPER = "paper", _("paper")


class Mood(TextChoices):
    CALM = "calm", _("calm")
    TENSE = "tense", _("tense")
    ANGRY = "angry", _("angry")
    UNKNOWN = "", _("not noted")


class TravelMode(TextChoices):
    """How people went on from a place; the words of flow monitoring (IOM DTM)."""

    UNKNOWN = "unknown", pgettext_lazy("means of travel", "not known")
    FOOT = "foot", _("on foot")
    CAR = "car", _("by car or taxi")
    BUS = "bus", _("by bus")
    TRUCK = "truck", _("by truck")
    TRAIN = "train", _("by train")
    PLANE = "plane", _("by plane")
    BOAT = "boat", _("by boat")
    OTHER = "other", pgettext_lazy("means of travel", "otherwise")


class MoveKind(TextChoices):
    """How people came from one group into another."""

    MOVED = "moved", _("moved")
    SPLIT = "split", _("split off")
    JOINED = "joined", _("joined")
    BACK = "back", _("moved back")


class Confidence(TextChoices):
    HEARSAY = "hearsay", _("hearsay")
    PLAUSIBLE = "plausible", _("plausible")
    SEEN = "seen", _("seen by staff")


class NeedOfGroup(TextChoices):
    BLANKETS = "blankets", _("blankets")
    WATER = "water", _("water")
    FOOD = "food", _("food")
    DOCTOR = "doctor", _("doctor")
    TOILETS = "toilets", _("toilets")
    INTERPRETER = "interpreter", _("interpreter")


class Purpose(TextChoices):
    RETURN = "return", _("assisted voluntary return")
    SHOW_TO_CONSULATE = "consulate", _("being shown to the consulate")
    RECEIVE = "receive", _("being shown to an organisation that receives")
    FOLLOW_UP = "follow_up", _("being asked after the return how things are")
    REINTEGRATION = "reintegration", _("being helped to settle in by an organisation")


OWN_PURPOSES = (Purpose.RETURN, Purpose.FOLLOW_UP)
"""What IOM itself asks for; every other purpose is for one recipient."""


class Answer(TextChoices):
    YES = "yes", _("yes")
    NO = "no", _("no")
    NOT_NOW = "not_now", _("not now")


class ConsentHow(TextChoices):
    WRITTEN = "written", _("explicit, written")
    ORAL = "oral", _("explicit, oral")
    PROXY = "proxy", _("by parent or guardian")
    IMPLICIT = "implicit", _("implicit, by what the person did")


class DataCategory(TextChoices):
    """What somebody agrees to have shown to a recipient; without the first nothing can be shown (rule 6)."""

    IDENTITY = "identity", _("name and year of birth")
    DOCUMENTS = "documents", _("which travel document, never its number")
    JOURNEY = "journey", _("when and with which bus the person arrives")


class SignedWith(TextChoices):
    SIGNATURE = "signature", _("signature")
    THUMB_PRINT = "thumb_print", _("thumb print")


class TestKind(TextChoices):
    PCR = "pcr", _("PCR test")
    RAPID = "rapid", _("rapid test")


class TestResult(TextChoices):
    PENDING = "pending", _("result awaited")
    NEGATIVE = "negative", _("negative")
    POSITIVE = "positive", _("positive")
    INVALID = "invalid", _("not valid")


class ScreeningStage(TextChoices):
    """When somebody was screened; it is repeated on the way (rule 16)."""

    BEFORE = "before", pgettext_lazy("screening", "before departure")
    ON_THE_WAY = "on_the_way", pgettext_lazy("screening", "on the way")
    ON_ARRIVAL = "on_arrival", pgettext_lazy("screening", "on arrival")


class ProtectionNeed(TextChoices):
    """What a person may need. Needs are recorded, people are not scored (rule 16)."""

    MEDICAL = "medical", _("medical care")
    PREGNANCY = "pregnancy", _("care in pregnancy")
    MOBILITY = "mobility", _("help to move")
    ELDERLY = "elderly", _("care of an elderly person")
    CHILD = "child", _("protection of a child")
    FAMILY = "family", _("tracing of family")
    DISTRESS = "distress", _("psychosocial support")
    LEGAL = "legal", _("legal advice")
    FEAR = "fear", _("fears to return")
    VIOLENCE = "violence", _("gender-based violence")
    TRAFFICKING = "trafficking", _("trafficking")


class Service(TextChoices):
    """For what a person is referred to somebody."""

    MEDICAL = "medical", _("medical care")
    SHELTER = "shelter", _("safe accommodation")
    CHILD = "child", _("child protection")
    PSYCHOSOCIAL = "psychosocial", _("psychosocial support")
    LEGAL = "legal", _("legal advice")
    TRACING = "tracing", _("tracing of family")
    OTHER = "other", pgettext_lazy("service", "other")


class ReferralAnswer(TextChoices):
    """What the organisation said when it was asked to help."""

    ACCEPTED = "accepted", pgettext_lazy("referral", "accepted")
    DECLINED = "declined", pgettext_lazy("referral", "declined")


class PairState(TextChoices):
    OPEN = "open", _("to be decided")
    SAME = "same", _("one person")
    DIFFERENT = "different", _("two people")
    UNLIKELY = "unlikely", _("no longer likely")


class EnquiryState(TextChoices):
    """How it stands with a question to another office."""

    OPEN = "open", _("waits for an answer")
    LENT = "lent", _("you may look at the case")
    DECLINED = "declined", _("declined")
    ANOTHER = "another", _("somebody else")


ENQUIRY_ANSWERS = [(state.value, state.label) for state in EnquiryState if state != EnquiryState.OPEN]
"""What an office may say."""


class ExportKind(TextChoices):
    """What kind of file left."""

    MANIFEST = "manifest", _("manifest on paper")
    SAMPLE_LIST = "sample_list", _("list for a laboratory")
    FIGURES = "figures", _("figures without names")
    LIST_TO_MEND = "list_to_mend", _("uploaded list with what to mend")
    DECLARATION = "declaration", _("declaration of voluntary return")
    SUBJECT_ACCESS = "subject_access", _("what is held about a person")
    SHOPPING_LIST = "shopping_list", _("what is to be bought, without names")
    DIRECTORY = "directory", _("directory of organisations")
    WHO_KNEW_WHEN = "who_knew_when", _("which organisation knew of a notice when")
    BUS_LIST = "bus_list", _("list of a bus")
    TRANSIT_REQUEST = "transit_request", _("request for transit")
    ADVANCE_NOTICE = "advance_notice", _("advance notice of arrival")
    HANDOVER = "handover", _("handover protocol")
    TRAVEL_DOCUMENT = "travel_document", _("application for a travel document")
    SLIPS = "slips", _("slips with numbers")
    LIST = "list", _("list as a spreadsheet")
    SEEN_BY = "seen_by", _("who sees a person, for that person")


class KeptKind(TextChoices):
    """What is kept for how long, each on a clock of its own."""

    IDENTITY = "identity", _("names, numbers, phones, notes, places on manifests")
    DOCUMENTS = "documents", _("travel documents")
    HEALTH = "health", _("health tests and what followed from them")
    PROTECTION = "protection", _("screening, referrals, arrangements for children")
    UPLOADS = "uploads", _("uploaded lists")
    MESSAGES = "messages", _("texts of messages and notes of calls")
    CREW = "crew", _("names and papers of drivers and others of the crew")
    REQUESTS = "requests", _("answers kept for repeated requests")
    SESSIONS = "sessions", _("sessions that have ended")
    LOOKS = "looks", _("log of looks at people")
    ACTS = "acts", _("audit and history")
