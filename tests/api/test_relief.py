"""Aid, sample lists and their results over the API: the same refusals as on the pages."""

import pytest

from partners.enums import Role
from returns.models import AidItem, CaseReadiness, TravelQuestion
from tests.cast import NOW

pytestmark = pytest.mark.django_db
HOUR = NOW.isoformat()


@pytest.fixture
def field(ask):
    return ask(Role.FIELD)


@pytest.fixture
def samples(world):
    """The address of the sample list of the world, with one case on it."""
    return f"/api/v1/sample-lists/{world['sample-lists']}"


@pytest.fixture
def number(field, world):
    return field.get("/api/v1/samples/").json()["results"][0]["case_number"]


def test_aid_is_written_down_and_the_need_says_how_much_was_given(field, world):
    entry = {"need": str(world["needs"]), "giver": "kz-border", "quantity": 100, "unit": "piece", "given_at": HOUR}
    assert field.post("/api/v1/aid/", entry, format="json").status_code == 201
    assert field.get(f"/api/v1/needs/{world['needs']}/").json()["given"] == 102


@pytest.mark.parametrize(
    ("wrong", "place"),
    [({"quantity": 0}, "quantity"), ({"unit": "litre"}, "unit"), ({"given_at": "2020-10-09T09:00:00Z"}, "given_at")],
)
def test_aid_that_cannot_be_is_refused_with_its_field(field, world, wrong, place):
    entry = {"need": str(world["needs"]), "giver": "kz-border", "quantity": 1, "unit": "piece", "given_at": HOUR}
    answer = field.post("/api/v1/aid/", entry | wrong, format="json")
    assert answer.status_code == 422
    assert place in answer.content.decode()
    assert AidItem.objects.count() == 1


def test_samples_and_results_are_recorded_by_case_number(field, samples, number):
    early = field.post(f"{samples}/results/", {"results": [{"number": number, "result": "negative"}]}, format="json")
    assert early.status_code == 422
    taken = field.post(f"{samples}/take/", {"numbers": [number], "sampled_at": HOUR}, format="json")
    assert taken.json()["taken"] == 1
    twice = field.post(f"{samples}/take/", {"numbers": [number], "sampled_at": HOUR}, format="json")
    assert twice.status_code == 422
    found = field.post(f"{samples}/results/", {"results": [{"number": number, "result": "positive"}]}, format="json")
    assert found.json()["known"] == 1
    question = TravelQuestion.objects.get()
    assert question.is_own
    assert CaseReadiness.objects.get(case=question.case).findings["no_infection"] == "missing"
    assert "Раҳимов" not in field.get("/api/v1/samples/").content.decode()


def test_a_number_of_nobody_and_an_awaited_result_are_refused(field, samples):
    unknown = field.post(f"{samples}/take/", {"numbers": ["1"], "sampled_at": HOUR}, format="json")
    awaited = field.post(f"{samples}/results/", {"results": [{"number": "1", "result": "pending"}]}, format="json")
    assert [unknown.status_code, awaited.status_code] == [422, 422]
