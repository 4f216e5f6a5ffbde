"""Names of people: scripts, Latin letters, keys for looking up, and a likeness that explains itself. Pure."""

from .keys import document_key, keys, word_keys
from .letters import icao, latin, script, scripts
from .likeness import OFFER, SURE, Described, Reason, Score, compare
from .words import words

__all__ = [
    "OFFER",
    "SURE",
    "Described",
    "Reason",
    "Score",
    "compare",
    "document_key",
    "icao",
    "keys",
    "latin",
    "script",
    "scripts",
    "word_keys",
    "words",
]
