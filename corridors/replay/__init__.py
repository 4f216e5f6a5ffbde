"""A dated list of changes that really happened, read and fed through a ledger that is thrown away afterwards."""
