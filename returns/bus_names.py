"""The name of a bus in the reader's language, where the house gave it; a name that somebody chose stays as it was written."""

from __future__ import annotations

import re
from functools import cache

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override


def in_words(label: str) -> str:
    """Give the label of a bus as the reader says it: "Bus 2" is "Автобус 2" on a Russian paper."""
    number = re.search(r"[0-9]{1,3}", label)
    if number is None or label not in _given_by_us(int(number[0])):
        return label
    return _("Bus %(n)d") % {"n": int(number[0])}


@cache
def _given_by_us(number: int) -> frozenset[str]:
    names = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            names.add(_("Bus %(n)d") % {"n": number})
    return frozenset(names)
