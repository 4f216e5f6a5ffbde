"""Addresses of pages that other apps own, as references of rows; empty where the page does not exist."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

from corridors.models import RequirementVersion
from corridors.requirements import source_of
from notifications.models import Alert


def address(name: str, *arguments: object) -> str:
    """Give the address of a named page, or nothing where no app offers it."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


def who_knows(version: RequirementVersion) -> str:
    """Give the page that says who knew when of a published version."""
    alert = Alert.objects.filter(source=source_of(version)).only("public_id").first()
    return "" if alert is None else who_knows_of(alert)


def who_knows_of(alert: Alert) -> str:
    """The same for an alert."""
    return address("notifications:alert", alert.public_id)
