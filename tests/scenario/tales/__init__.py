"""Stories that leave the main one at a step and go another way. Importing this registers them."""

from tests.scenario.tales import grown, positive, suspended

__all__ = ["grown", "positive", "suspended"]
