"""What the declaration of voluntary return says, in the language at hand; short sentences, made to be read out. Pure.

IOM Data Protection Principles and rule 7 of the domain: free choice, an informed decision, withdrawal until departure.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from migrants.declarations import Shown


def title() -> str:
    return _("Declaration of voluntary return")


def paragraphs(shown: Sequence[Shown]) -> list[str]:
    """Give the sentences in their order; `shown` are those who may see something of the person."""
    return [
        _("I want to return to my country. It is my own free choice: nobody forces me, and nobody paid me for it."),
        _(
            "It was explained to me how the journey goes, what is asked at the border, and what help I get. I could ask."
        ),
        _("I may change my mind until the buses leave, and need not say why. Nobody may hold it against me."),
        _("If I change my mind, whatever was shown of me ends at once, and others learn only that I do not travel."),
        *_who_sees_what(shown),
        _("I may ask at any time what is written down about me and who saw it, and have mistakes corrected."),
        _("For a child, a parent or guardian decides and signs, and the child was asked too."),
    ]


def _who_sees_what(shown: Sequence[Shown]) -> list[str]:
    first = _("IOM writes down what it needs to help me. At the border I show my documents myself.")
    if not shown:
        return [first, _("My name is shown to nobody else. If that changes, I am asked first.")]
    return [
        first,
        _("I agreed that these are shown something of me, and nobody else is:"),
        *(f"{each.organisation}: {', '.join(each.what)}." for each in shown),
    ]


def places() -> dict[str, str]:
    """Give the words beside the places that are filled in by hand."""
    return {
        "signature": _("Signature or thumb print"),
        "name": _("Name, written by hand"),
        "interpreter": _("Interpreter: name and signature"),
        "witness": _("Witness: name and signature"),
        "date": _("Place and date"),
        "number": _("Declaration"),
        "person": _("Person no."),
        "read_out": _("Read out in the language of this paper and understood."),
        "kept": _("The signed paper stays with IOM. The person gets a copy."),
    }
