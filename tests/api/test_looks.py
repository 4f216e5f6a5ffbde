"""Whoever is shown by the API leaves a row for it, in lists and one by one."""

import pytest

from partners.enums import Role
from tests.api.test_matrix import READERS
from tests.support.looks import entries_after, give_names_of_their_own, shown_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", Role.values)
def test_every_resource_says_whom_it_showed(role, ask, world):
    give_names_of_their_own()
    client, seen, wrong = ask(role), set[object](), {}
    for resource in (name for name, readers in READERS.items() if role in readers):
        for address in (f"/api/v1/{resource}/", f"/api/v1/{resource}/{world[resource]}/"):
            shown = shown_in(client.get(address).content.decode())
            entries = entries_after(seen)
            seen |= {entry.id for entry in entries}
            told = {entry.person for entry in entries}
            if not shown <= told or any(entry.page != address for entry in entries):
                wrong[address] = (len(shown), len(told))
    assert wrong == {}
