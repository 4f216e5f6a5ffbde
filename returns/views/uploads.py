"""What every page with an upload does with a file that is not taken."""

from __future__ import annotations

from itertools import chain

from django import forms

from common import clock
from partners.doors import SignedInRequest
from returns.harmful import lock_away_found


def is_taken(form: forms.Form, request: SignedInRequest) -> bool:
    """Whether the form is valid; what the virus scanner found in it is locked away."""
    if form.is_valid():
        return True
    lock_away_found(chain.from_iterable(form.errors.as_data().values()), by=request.viewer.actor, at=clock.now())
    return False
