"""The rules of the house that no linter holds, and the one contract that is our own."""

import grimp
import pytest
from django.apps import apps

from common.personal_data import undecided_fields
from tests.support.rooms import RoomsContract

FLOORS = ("common", "accounts", "partners", "notifications", "corridors", "migrants", "returns", "config")
OUR_MODELS = [model for model in apps.get_models() if model._meta.app_label in FLOORS]


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model._meta.label)
def test_every_field_says_how_it_may_travel(model):
    assert undecided_fields(model) == []


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model._meta.label)
def test_no_relation_points_to_a_higher_floor(model):
    floor = FLOORS.index(model._meta.app_label)
    relations = [field for field in model._meta.get_fields() if field.is_relation and not field.auto_created]
    targets = {field.related_model._meta.app_label for field in relations if field.related_model}
    assert not {target for target in targets if target in FLOORS and FLOORS.index(target) > floor}


@pytest.mark.parametrize(
    ("importer", "imported", "kept"),
    [
        ("views", "forms", True),
        ("views", "counting", True),
        ("counting", "weighing", True),
        ("counting", "models", True),
        ("counting", "views.board", False),
        ("counting", "forms", False),
        ("models", "counting", False),
        ("forms", "views", False),
        ("api", "views", False),
        ("enums", "models", False),
    ],
)
def test_a_room_knows_only_the_rooms_below_it(importer, imported, kept):
    graph = grimp.ImportGraph()
    for module in ("views", "views.board", "api", "forms", "counting", "weighing", "models", "enums"):
        graph.add_module(f"app.{module}")
    graph.add_module("app")
    graph.add_import(importer=f"app.{importer}", imported=f"app.{imported}")
    layers = ["(views) | (api)", "(forms)", "*", "(models)", "(enums)"]
    contract = RoomsContract("rooms", {"root_packages": ["app"]}, {"containers": ["app"], "layers": layers})
    assert contract.check(graph, verbose=False).kept is kept
