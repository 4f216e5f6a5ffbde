"""What stops the launcher, said in a sentence to the person who typed the command."""

import sys
from collections.abc import Callable


class StartError(Exception):
    """Something outside the product is in the way; the message says what and how to mend it."""


def code_of(work: Callable[[], int]) -> int:
    """Returns the code with which a command ends: that of its work, 1 after a StartError that it says, 130 after Ctrl-C."""
    try:
        return work()
    except StartError as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
