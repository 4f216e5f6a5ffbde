"""People of a group, as in `tests/returns`."""

from tests.returns.conftest import make_person

__all__ = ["make_person"]
