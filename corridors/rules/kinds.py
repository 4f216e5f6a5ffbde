"""Words that a rule may use for tests, documents and prices, with their labels."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class TestKind(TextChoices):
    """How a health test was made; the label stands inside "a negative test (…)"."""

    __test__ = False

    PCR = "pcr", pgettext_lazy("kind of test", "PCR")
    RAPID = "rapid", pgettext_lazy("kind of test", "rapid")


class DocumentKind(TextChoices):
    """What a person travels on. `EMERGENCY` is the paper that a consulate gives for one journey home."""

    PASSPORT = "passport", pgettext_lazy("kind of document", "passport")
    EMERGENCY = "emergency", pgettext_lazy("kind of document", "emergency travel document")
    IDENTITY_CARD = "identity_card", pgettext_lazy("kind of document", "identity card")
    STATELESS = "stateless", pgettext_lazy("kind of document", "travel document of a stateless person")


class PricePer(TextChoices):
    """What one price pays for."""

    PERSON = "person", pgettext_lazy("price", "per person")
    VEHICLE = "vehicle", pgettext_lazy("price", "per vehicle")
    GROUP = "group", pgettext_lazy("price", "per group")
