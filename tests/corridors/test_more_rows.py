"""The page of a version takes as many rows of hours and waivers as the API: more are added on demand, nothing typed is lost."""

from typing import Any

import pytest

from common import clock
from corridors.models import CorridorVersion
from partners.enums import Role
from tests.cast import NOW

pytestmark = pytest.mark.django_db
NEW = "/corridors/KZ-TJ-A/versions/new/"


def test_rows_are_added_with_what_was_typed_and_nothing_is_stored_until_it_is_written_down(
    sign_in, corridor, organisations
):
    clock.set_to(NOW)
    browser = sign_in(Role.COORDINATOR)
    said = {
        "opens_local": "2020-10-02T06:00", "closes_local": "2020-10-20T10:00", "zone": "Asia/Tashkent",
        "head_count_cap": 102, "transit_hours": "4", "requested_by": organisations["tj-emb-uz"].code,
        "document_reference": "", "days_1": ["tue", "thu"], "from_1": "06:00", "until_1": "12:00",
    }  # fmt: skip
    before = CorridorVersion.objects.count()
    answer = browser.post(NEW, said | {"more": "from"})
    page = answer.content.decode()
    assert (answer.status_code, CorridorVersion.objects.count()) == (200, before)
    assert 'name="from_5"' in page
    assert 'name="from_6"' not in page
    assert 'value="06:00"' in page
    assert 'value="2020-10-02T06:00"' in page
    assert "More rows of days and hours" not in page
    rows: dict[str, Any] = {f"{name}_{n}": "" for n in range(2, 6) for name in ("from", "until")}
    rows |= {"days_5": ["sat"], "from_5": "08:00", "until_5": "09:00"}
    page = browser.post(NEW, said | rows | {"more": "waived"}).content.decode()
    assert 'name="waived_6"' in page
    assert 'value="08:00"' in page
    assert browser.post(NEW, said | rows | {"document_reference": "Note 143"}).status_code == 302
    made = corridor.corridor.versions.order_by("-number").first()
    assert [row["days"] for row in made.hours] == [["tue", "thu"], ["sat"]]
