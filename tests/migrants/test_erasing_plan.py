"""No field that tells who somebody is can be forgotten by an erasure: every one has its place in the plan, of any floor."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models

from common.actors import ActorField
from common.enums import Sensitivity
from migrants import erasure
from migrants.enums import KeptKind
from migrants.erasing_plan import Part
from migrants.models import Consent, Migrant, TravelDocument

BY_PUBLIC_ID = {"common.AccessEntry", "common.AuditEntry", "migrants.Export"}
"""Rows that name a person by public id alone: a reference that leads to an emptied record. They answer who saw whom."""


def people_bound() -> set[type[models.Model]]:
    """Every model whose rows belong to a person: it has a key to one, or to a row that has."""
    found: set[type[models.Model]] = {Migrant}
    while True:
        more = {
            model
            for model in apps.get_models()
            if model not in found
            and any(field.is_relation and field.related_model in found for field in model._meta.concrete_fields)
        }
        if not more:
            return found
        found |= more


def telling_fields(model: type[models.Model]) -> Iterator[str]:
    """Fields that tell of a person; who recorded a row is a member of staff, and stays answerable for it."""
    levels = getattr(model, "personal_data", {})
    for field in model._meta.concrete_fields:
        if levels.get(field.name, Sensitivity.PUBLIC) != Sensitivity.PUBLIC and not isinstance(field, ActorField):
            yield field.name


def forgotten(plan: list[Part]) -> list[str]:
    left = []
    for model in people_bound():
        parts = [part for part in plan if part.model is model]
        if any(part.deletes for part in parts):
            continue
        placed = {name for part in parts for name in (*part.empties, *part.keeps)}
        left += [f"{model._meta.label}.{name}" for name in telling_fields(model) if name not in placed]
    return sorted(left)


def test_every_telling_field_is_emptied_or_stays_for_a_reason():
    assert forgotten(list(erasure.plan())) == []


def test_a_field_that_was_forgotten_is_found():
    plan = [part for part in erasure.plan() if part.model not in {TravelDocument, Consent}]
    plan.append(Part(Consent, "person", KeptKind.IDENTITY, empties={"interpreter": ""}))
    assert {"migrants.TravelDocument.number", "migrants.Consent.witness"} <= set(forgotten(plan))


@pytest.mark.parametrize("part", erasure.plan(), ids=lambda part: f"{part.model._meta.label} by {part.person}")
def test_the_plan_names_fields_that_exist(part):
    names = {field.name for field in part.model._meta.concrete_fields}
    assert {*part.empties, *part.keeps} <= names
    assert not part.deletes or not part.keeps
