from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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


class NameKind(TextChoices):
    AS_WRITTEN = "as_written", _("as written")
    OTHER_SCRIPT = "other_script", _("in another script")
    FORMER = "former", _("former")


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
    HELD = "held", _("held")
    LOST = "lost", _("lost")
    EXPIRED = "expired", _("expired")
    WITH_EMPLOYER = "with_employer", _("held by the employer")
    APPLIED = "applied", _("applied for at the consulate")
    REPLACED = "replaced", _("replaced")


class Mood(TextChoices):
    CALM = "calm", _("calm")
    TENSE = "tense", _("tense")
    ANGRY = "angry", _("angry")
    UNKNOWN = "", _("not noted")


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


class Answer(TextChoices):
    YES = "yes", _("yes")
    NO = "no", _("no")
    NOT_NOW = "not_now", _("not now")


class ConsentHow(TextChoices):
    WRITTEN = "written", _("explicit, written")
    ORAL = "oral", _("explicit, oral")
    PROXY = "proxy", _("by parent or guardian")


class TestKind(TextChoices):
    PCR = "pcr", _("PCR test")
    RAPID = "rapid", _("rapid test")


class TestResult(TextChoices):
    PENDING = "pending", _("result awaited")
    NEGATIVE = "negative", _("negative")
    POSITIVE = "positive", _("positive")
    INVALID = "invalid", _("not valid")


class PairState(TextChoices):
    OPEN = "open", _("to be decided")
    SAME = "same", _("one person")
    DIFFERENT = "different", _("two people")
