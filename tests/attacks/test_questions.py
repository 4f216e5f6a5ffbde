"""What stands after the question mark of an address is as untrusted as a form."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from common import clock
from deploy.local.front_end import APPS
from deploy.local.home import ROOT
from partners.enums import Role
from tests.access.matrix import ANYBODY, MATRIX
from tests.access.world import make_world
from tests.attacks.hostile import TEXTS
from tests.attacks.surface import addresses, attacker
from tests.cast import NOW

pytestmark = [pytest.mark.deep, pytest.mark.django_db]
ASKED = re.compile(r"""GET(?:\.get\(|\[|\.getlist\()["'](\w+)["']""")
ODD = ("nul", "number", "unseen", "query", "markup")
TOO_LONG_FOR_A_LINE = 4000


def names() -> set[str]:
    """Every name that a page of ours reads from an address."""
    return {name for app in APPS for file in (ROOT / app).rglob("*.py") for name in ASKED.findall(file.read_text())}


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.DATA_PROTECTION, Role.ADMINISTRATOR, Role.CONSULAR])
def test_no_question_in_an_address_is_an_error_of_the_server(role, sign_in, group, crossing, organisations):
    clock.set_to(NOW)
    world, client, failed = make_world(group, crossing, organisations), attacker(sign_in(role)), set()
    asked = sorted(names())
    assert {"q", "after", "show", "bus"} <= set(asked)
    for name, address in addresses(world).items():
        row = MATRIX[name]
        if row.acts or (row.who != ANYBODY and isinstance(row.who, frozenset) and role not in row.who):
            continue
        for what in ODD:
            question = "&".join(f"{each}={quote(str(TEXTS[what])[:TOO_LONG_FOR_A_LINE])}" for each in asked)
            if client.get(f"{address}?{question}").status_code >= 500:
                failed.add((name, what))
    assert failed == set()
