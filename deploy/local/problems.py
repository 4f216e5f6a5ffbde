"""What stops the launcher, said in a sentence to the person who typed the command."""


class StartError(Exception):
    """Something outside the product is in the way; the message says what and how to mend it."""
