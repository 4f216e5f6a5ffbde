"""Results by file and by line, and what an outside organisation reads of a halt."""

import io

import pytest
from django.urls import reverse

from common.sheets import write_xlsx
from migrants.models import Family, HealthTest
from partners.enums import Role
from partners.models import Interest
from returns import assistance, laboratory
from returns.cases import open_cases
from returns.models import Need
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def drawn(make_person, group):
    """A list of four of whom three samples are taken."""
    open_cases(people=[make_person() for _ in range(4)], by=COMMAND, at=NOW)
    drawn = laboratory.draw_list(group=group, kind="pcr", laboratory="Laboratory", by=COMMAND, at=NOW)
    laboratory.take(sample_list=drawn, how_many=3, sampled_at=NOW, by=COMMAND, at=NOW)
    return drawn


@pytest.fixture
def numbers(drawn):
    return [sample.case.number for sample in laboratory.samples_of(drawn)]


@pytest.fixture
def upload(drawn, sign_in):
    """`upload(rows)` uploads a workbook as a laboratory sends it, with a title, a heading and a total."""
    client = sign_in(Role.FIELD)

    def send(rows, content=None):
        sheet = [["Laboratory"], [], ["Case number", "Result"], *rows, ["Total", str(len(rows))]]
        file = io.BytesIO(write_xlsx(sheet, name="results") if content is None else content)
        file.name = "results.xlsx"
        return client.post(reverse("returns:sample_upload", args=[drawn.public_id]), {"file": file})

    return send


def decided():
    return HealthTest.objects.exclude(result="pending").count()


def test_a_file_is_shown_before_anything_is_stored(upload, numbers):
    answer = upload([[numbers[0], "negative"], [numbers[1], "Положительный"], [numbers[2], None]])
    page = answer.content.decode()

    assert answer.status_code == 200
    assert f"{numbers[0]} negative\n{numbers[1]} positive" in page
    assert "1 row without a result is left out" in page
    assert decided() == 0


def test_what_is_wrong_in_a_file_is_named_by_row_and_column(upload, numbers):
    rows = [
        [numbers[0], "perhaps"],
        ["1", "negative"],
        [numbers[3], "negative"],
        [numbers[1], "pos"],
        [numbers[1], "neg"],
    ]
    answer = upload(rows)
    page = answer.content.decode()

    assert answer.status_code == 422
    for place in ("Row 4, column B", "Row 5, column A", "Row 6, column A", "Row 8, column A"):
        assert place in page
    assert decided() == 0


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"Wer;Was\nich;nichts\n"])
def test_a_file_that_is_no_list_of_results_is_refused(upload, content):
    assert upload([], content).status_code == 422
    assert decided() == 0


def test_lines_are_recorded_all_or_none(drawn, numbers, sign_in):
    client, address = sign_in(Role.FIELD), reverse("returns:sample_results", args=[drawn.public_id])
    wrong = client.post(address, {"lines": f"{numbers[0]} negative\n{numbers[3]} negative"})
    assert (wrong.status_code, decided()) == (422, 0)
    assert "Line 2" in wrong.content.decode()
    assert client.post(address, {"lines": f"{numbers[0]} negative\n\n{numbers[1]}; отр."}).status_code == 302
    assert decided() == 2


@pytest.fixture
def served(group, count_heads, make_person):
    """Six were counted, three of them are a registered family; blankets are asked for, and tests for money."""
    count = count_heads(6)
    family = Family.objects.create(group=group, code="F1")
    for _ in range(3):
        person = make_person()
        person.family = family
        person.save()
    assistance.ask_for_count(head_count=count, quantities={"blankets": 6}, by=COMMAND, at=NOW)
    Need.objects.create(
        group=group,
        mission=group.mission,
        kind="tests",
        quantity=6,
        unit_price=20,
        currency="USD",
        asked_at=NOW,
        by=COMMAND,
    )
    return Interest.objects.get(organisation__code="kz-border")


def test_who_serves_a_halt_reads_counts_and_neither_names_nor_money(served, sign_in):
    page = sign_in(Role.LIAISON).get(reverse("returns:halts")).content.decode()

    assert "<strong>6</strong> counted" in page
    assert "1 family" in page
    assert "blankets" in page
    for word in ("Шахс", "Shakhs", "USD", "health tests"):
        assert word not in page


def test_who_serves_no_halt_reads_nothing(served, sign_in):
    served.serves_halt = False
    served.save()
    for role in (Role.LIAISON, Role.CONSULAR):
        assert "ZZ-0929" not in sign_in(role).get(reverse("returns:halts")).content.decode()


def test_people_are_put_together_as_a_family_by_number(make_person, group, sign_in):
    people = [make_person(), make_person()]
    client, address = sign_in(Role.FIELD), reverse("returns:group_families", args=[group.public_id])
    assert client.post(address, {"code": "F1", "numbers": "1"}).status_code == 422
    written = {"code": "F1", "numbers": ", ".join(person.number for person in people)}
    assert client.post(address, written).status_code == 302
    assert Family.objects.get().people.count() == 2
