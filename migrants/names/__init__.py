"""Names of people: scripts, Latin letters, keys for looking up, and a likeness that explains itself. Pure."""

from .keys import document_key, initial_keys, keys, slipped_keys, word_keys
from .letters import icao, latin, script, scripts
from .likeness import Described, Reason, Score, compare
from .matching import NameMatch, match_names
from .words import words

__all__ = [
    "Described",
    "NameMatch",
    "Reason",
    "Score",
    "compare",
    "document_key",
    "icao",
    "initial_keys",
    "keys",
    "latin",
    "match_names",
    "script",
    "scripts",
    "slipped_keys",
    "word_keys",
    "words",
]
