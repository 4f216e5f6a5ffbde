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


class CaseVerdict(TextChoices):
    """What all findings together say of a person's case."""

    READY = "ready", pgettext_lazy("case", "ready")
    NOT_READY = "not_ready", pgettext_lazy("case", "not ready")
    UNKNOWN = "unknown", pgettext_lazy("case", "unknown")


class UploadState(TextChoices):
    STAGED = "staged", _("waiting to be confirmed")
    CONFIRMED = "confirmed", _("confirmed")
    DISCARDED = "discarded", _("discarded")


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
    SHELTER = "shelter", _("heated shelter")
    OTHER = "other", _("other")
