"""Static files for the tests: looked through once a process, as a server does it, and not once for each browser of a test."""

from collections.abc import Iterator
from typing import Any

import pytest
from whitenoise.base import WhiteNoise


@pytest.fixture(scope="session", autouse=True)
def static_files_once() -> Iterator[None]:
    """Each `Client` has a chain of middleware of its own; all of them serve the files that the first has found."""
    look_through, found = WhiteNoise.update_files_dictionary, dict[tuple[str, str], dict[str, Any]]()

    def looked_through_once(noise: WhiteNoise, root: str, prefix: str) -> None:
        if (root, prefix) not in found:
            look_through(noise, root, prefix)
            found[root, prefix] = dict(noise.files)
        noise.files.update(found[root, prefix])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoise, "update_files_dictionary", looked_through_once)
        yield
