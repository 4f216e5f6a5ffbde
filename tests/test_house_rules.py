"""The rules of the house that no linter holds."""

import pytest
from django.apps import apps

from common.personal_data import undecided_fields

FLOORS = ("common", "accounts", "partners", "notifications", "corridors", "migrants", "returns", "config")
OUR_MODELS = [model for model in apps.get_models() if model._meta.app_label in FLOORS]


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model._meta.label)
def test_every_field_says_how_it_may_travel(model):
    assert undecided_fields(model) == []


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model._meta.label)
def test_no_relation_points_to_a_higher_floor(model):
    floor = FLOORS.index(model._meta.app_label)
    targets = {field.related_model._meta.app_label for field in model._meta.concrete_fields if field.is_relation}
    assert not {target for target in targets if target in FLOORS and FLOORS.index(target) > floor}
