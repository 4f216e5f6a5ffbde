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


class VaccineKind(TextChoices):
    """Against what somebody is vaccinated; the label stands inside "a vaccination (…)"."""

    COVID_19 = "covid_19", pgettext_lazy("vaccination", "COVID-19")
    MEASLES = "measles", pgettext_lazy("vaccination", "measles")
    POLIO = "polio", pgettext_lazy("vaccination", "polio")
    YELLOW_FEVER = "yellow_fever", pgettext_lazy("vaccination", "yellow fever")


class PermitKind(TextChoices):
    """What lets somebody in who is no national."""

    VISA = "visa", pgettext_lazy("permit", "visa")
    TRANSIT_VISA = "transit_visa", pgettext_lazy("permit", "transit visa")
    ENTRY_PERMIT = "entry_permit", pgettext_lazy("permit", "entry permit")
    RESIDENCE_PERMIT = "residence_permit", pgettext_lazy("permit", "residence permit")


class EscortKind(TextChoices):
    """Who goes along; the label stands inside "an escort (…)"."""

    POLICE = "police", pgettext_lazy("escort", "police or border service")
    MEDICAL = "medical", pgettext_lazy("escort", "medical staff")
    CONSULAR = "consular", pgettext_lazy("escort", "consulate")
    MISSION = "mission", pgettext_lazy("escort", "IOM")


class PurposeKind(TextChoices):
    """What people cross for; the label stands inside "people who travel for (…)"."""

    RETURN = "return", pgettext_lazy("purpose of travel", "return home")
    WORK = "work", pgettext_lazy("purpose of travel", "work")
    STUDY = "study", pgettext_lazy("purpose of travel", "study")
    FAMILY = "family", pgettext_lazy("purpose of travel", "family")
    TREATMENT = "treatment", pgettext_lazy("purpose of travel", "medical treatment")


class PassageWay(TextChoices):
    """Whether people go on to another country."""

    TRANSIT = "transit", pgettext_lazy("passage", "in transit")
    STAY = "stay", pgettext_lazy("passage", "to stay")


WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""Days of a window in the order of the week, which is also that of `date.weekday()`."""
