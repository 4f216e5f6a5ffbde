"""Conditions from the list and evidence, worded: models, alerts and papers say them alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from corridors.enums import CorridorCondition, RequiredEvidence


def all_conditions(listed: Mapping[str, str], words: Iterable[str], evidence: Iterable[str]) -> list[str]:
    """From the list in its order, each with its detail, then those in words, then what has to be shown."""
    agreed = [known for known in CorridorCondition if known in listed]
    said = [f"{known.label}: {listed[known]}" if listed[known] else str(known.label) for known in agreed]
    shown = [str(RequiredEvidence(code).label) for code in evidence]
    return [*said, *words, *([_("to be shown: %(what)s") % {"what": ", ".join(shown)}] if shown else [])]
