"""People of a group and their journey, as in `tests/returns`."""

from tests.returns.conftest import make_person
from tests.returns.convoy import boarded, corridor_version, exit_crossing, movement, travellers

__all__ = ["boarded", "corridor_version", "exit_crossing", "make_person", "movement", "travellers"]
