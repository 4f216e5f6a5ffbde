"""Conditions from the list are said in the reader's language, each with its detail; what is not on it stands in words."""

import pytest
from django.utils.translation import override

from common import clock
from corridors import transit
from corridors.models import CorridorVersion
from corridors.request_words import context, wording_of
from corridors.terms import terms_of
from notifications.models import Alert
from partners.enums import Role
from tests.cast import NOW
from tests.corridors.test_approvals import asked, version, wording
from tests.corridors.test_corridor_pages import wording as typed

__all__ = ["asked", "version"]
pytestmark = pytest.mark.django_db
LISTED = {"fuel_only": "Chinaz", "sealed": ""}


@pytest.fixture
def strict(corridor, organisations):
    """A version with conditions from the list, and something to show."""
    said = wording(organisations, listed=LISTED, evidence=["tests", "manifest"])
    return transit.make_version(corridor=corridor.corridor, **said)


def test_all_that_is_agreed_is_said_from_the_list_in_words_and_in_what_is_shown(strict):
    assert strict.conditions_in_words == [
        "sealed buses", "fuel only at: Chinaz", "sealed buses", "to be shown: list of the travellers, results of tests",
    ]  # fmt: skip
    terms = terms_of(strict)
    assert (terms.listed, terms.evidence) == (("sealed", "fuel_only"), ("manifest", "tests"))


def test_a_letter_says_them_in_its_language_and_an_older_one_has_words_alone(asked, strict):
    alert = Alert.objects.filter(kind="corridor_request").latest("number").context
    with override("ru"):
        assert context(alert, "ru")["conditions"] == ["sealed buses"]
        said = context({**alert, "wording": wording_of(strict)}, "ru")
        assert "заправка только здесь: Chinaz" in said["conditions"]
        older = {name: value for name, value in alert["wording"].items() if name not in ("listed", "evidence")}
        assert context({**alert, "wording": older}, "ru")["conditions"] == ["sealed buses"]


@pytest.mark.parametrize(
    ("listed", "sentence"),
    [({"fuel_only": " "}, "where fuel"), ({"magic": ""}, "from the list"), ({"masks": "blue ones"}, "in words")],
)
def test_a_condition_that_says_too_little_or_too_much_is_refused(listed, sentence, corridor, organisations):
    with pytest.raises(transit.CorridorError, match=sentence) as error:
        transit.make_version(corridor=corridor.corridor, **wording(organisations, listed=listed))
    assert error.value.field == "listed"


def test_they_are_chosen_by_page_and_stand_on_it(sign_in, version, organisations):
    clock.set_to(NOW)
    coordinator = sign_in(Role.COORDINATOR)
    said = typed(organisations, listed=["fuel_only", "masks"], evidence=["tests"], detail_fuel_only="", conditions="")
    refused = coordinator.post("/corridors/KZ-TJ-A/versions/new/", said)
    assert (refused.status_code, "where fuel may be taken" in refused.content.decode()) == (422, True)
    coordinator.post("/corridors/KZ-TJ-A/versions/new/", {**said, "detail_fuel_only": "Chinaz"})
    made = CorridorVersion.objects.latest("number")
    assert (made.listed, made.evidence) == ({"fuel_only": "Chinaz", "masks": ""}, ["tests"])
    page = coordinator.get("/corridors/KZ-TJ-A/").content.decode()
    assert "masks for everybody; fuel only at: Chinaz; to be shown: results of tests" in page
