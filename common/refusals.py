"""What the errors of the domain have in common that are told to whoever asked."""

from __future__ import annotations

from django.utils.functional import Promise


class RefusalError(ValueError):
    """Something that cannot be done as it was asked; nothing was changed.

    `field` names what to mend ("" where nothing in particular), `sentence` says what is wrong and what to do.
    """

    def __init__(self, field: str, sentence: str | Promise) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = str(sentence)
