"""Whoever is shown to somebody leaves a row for it: every page as every role that may open it, with real people on it."""

from typing import Any

import pytest

from common import clock
from common.models import AccessEntry
from partners.enums import Role
from tests.access.matrix import MATRIX
from tests.access.test_matrix import address_of
from tests.access.world import make_world
from tests.cast import NOW
from tests.returns.test_exports import ASKED
from tests.support.looks import by_case_number_in, entries_after, give_names_of_their_own, shown_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(group, crossing, organisations) -> dict[str, Any]:
    clock.set_to(NOW)
    made = make_world(group, crossing, organisations)
    give_names_of_their_own()
    return made


@pytest.mark.parametrize(
    "role",
    [
        Role.CONSULAR,
        *(
            pytest.param(role, marks=pytest.mark.deep)
            for role in (Role.COORDINATOR, Role.PROTECTION, Role.DATA_PROTECTION)
        ),
    ],
)
def test_every_page_says_whom_it_showed(role, sign_in, world):
    client, seen, wrong = sign_in(role), set[Any](), {}
    for name, row in MATRIX.items():
        if not isinstance(row.who, frozenset) or role not in row.who:
            continue
        address = address_of(name, row, world)
        asked = ASKED.get(name) or (world["sent"].get(name, {}) if row.acts else None)
        answer = client.get(address) if asked is None else client.post(address, asked)
        entries = entries_after(seen)
        seen |= {entry.id for entry in entries}
        if answer.headers.get("Content-Type", "").startswith("text/"):
            told = {entry.person for entry in entries}
            shown = shown_in(answer.content.decode()) | by_case_number_in(answer.content.decode(), told)
            if any(entry.export for entry in entries):
                shown |= told  # a file of the house may name people by their case alone
            if shown != told:
                wrong[name] = f"shown and not told {len(shown - told)}, told and not shown {len(told - shown)}"
            if any(entry.address != "127.0.0.1" or not entry.page for entry in entries):
                wrong[name] = "no address or no page"
    assert wrong == {}
    assert AccessEntry.objects.count() == len(seen)
