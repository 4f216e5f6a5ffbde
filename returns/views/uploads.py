"""What every page with an upload does with a file that is not taken."""

from __future__ import annotations

from django import forms

from common import clock
from common.uploads import InfectedError
from partners import quarantine
from partners.doors import SignedInRequest


def is_taken(form: forms.Form, request: SignedInRequest) -> bool:
    """Whether the form is valid; what the virus scanner found in it is locked away."""
    if form.is_valid():
        return True
    for errors in form.errors.as_data().values():
        for error in errors:
            refusal = (error.params or {}).get("refusal")
            if isinstance(refusal, InfectedError):
                quarantine.lock_away(
                    file_name=refusal.file_name,
                    content=refusal.content,
                    signature=refusal.signature,
                    by=request.viewer.actor,
                    at=clock.now(),
                )
    return False
