"""Numbers of people as somebody types them: each is one of the group, or the form says which is not."""

from __future__ import annotations

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from migrants.models import Migrant
from migrants.models.people import MigrantQuerySet


def people_of_numbers(written: str, *, within: MigrantQuerySet) -> list[Migrant]:
    """Give the people meant. Raises ValidationError for a number that nobody has, so that nobody is meant by mistake."""
    numbers = re.findall(r"\w+", written)
    people = list(within.filter(number__in=numbers))
    absent = sorted(set(numbers) - {person.number for person in people})
    if absent:
        sentence = _("Nobody in this group has the number %(numbers)s. Check it.")
        raise forms.ValidationError(sentence, params={"numbers": ", ".join(absent)})
    return people
