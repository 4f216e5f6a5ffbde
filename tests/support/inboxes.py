"""Inboxes of the tests: counted at each look, since most tests never commit, and what is called out after commit is not."""

from collections.abc import Iterator

import pytest

from common import inbox


@pytest.fixture(scope="session", autouse=True)
def fresh_inboxes() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inbox, "CACHED_SECONDS", 0)
        yield
