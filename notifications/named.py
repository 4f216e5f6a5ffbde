"""Names of institutions for people who see many countries at once."""

from __future__ import annotations

from django.utils.translation import get_language

from common import countries
from partners.models import Organisation


def full_name(organisation: Organisation) -> str:
    """The name in the reader's language with its country, since every country has a ministry of that name."""
    language = get_language() or "en"
    name = organisation.name_in(language)
    country = countries.name(organisation.country, language) if organisation.country else ""
    english = countries.name(organisation.country, "en") if organisation.country else ""
    known = not country or organisation.is_iom or english in organisation.name_en or country in name
    return name if known else f"{name}, {country}"
