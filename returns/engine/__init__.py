"""Readiness of many cases at once, in the database: conditions as bits, rule trees compiled to expressions over them.

`returns/judging.py` says what a verdict is; everything here must agree with it (docs/adr/0027-readiness-in-bits.md).
"""
