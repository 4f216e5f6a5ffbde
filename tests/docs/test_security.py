"""The page about threats names only tests that exist."""

import re

import pytest

from deploy.local.home import ROOT
from tests.docs.test_docs import names_in

TEXT = (ROOT / "docs" / "security.md").read_text()
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)))


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_every_test_that_is_named_exists(path, name):
    assert name in names_in(ROOT / path)


def test_every_row_of_a_table_of_threats_names_a_test():
    threats = TEXT.partition("## Stranger on the network")[2].partition("## What is not stopped")[0]
    rows = [
        line
        for line in threats.splitlines()
        if line.startswith("|") and not line.startswith(("|---", "| tries", "| finds", "| reads"))
    ]
    assert len(rows) > 50
    assert [row for row in rows if "::test_" not in row] == []
