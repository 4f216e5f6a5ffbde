"""Head a column of the matrix with a rule in few words, where `corridors.rules.explain` says it in a sentence."""

from __future__ import annotations

from django.utils.translation import gettext as _

from corridors.enums import RequirementSubject
from corridors.rules import All, AnyOf, Closed, Content, NegativeTest, Rule, TravelDocument, describe
from corridors.rules.wording import kinds_of_document, kinds_of_test


def heading(content: Content, subject: str = "") -> str:
    """Give "Negative test (PCR or rapid), 72 h from sampling", "Passport or emergency travel document", "Closed".

    Where a rule asks for nothing, its subject says about what: "Health test: nothing asked".
    """
    if subject and content.rule in (All(()), AnyOf(())):
        text = _("%(subject)s: nothing asked") % {"subject": RequirementSubject(subject).label}
    else:
        text = _short(content.rule)
    return text[:1].upper() + text[1:]


def _short(rule: Rule) -> str:
    match rule:
        case NegativeTest(kinds, hours):
            words = {"kinds": kinds_of_test(kinds), "hours": hours}
            return _("negative test (%(kinds)s), %(hours)d h from sampling") % words
        case TravelDocument(kinds, _days):
            return kinds_of_document(kinds)
        case Closed():
            return _("crossing closed")
        case All((only,)) | AnyOf((only,)):
            return _short(only)
        case _:
            return describe(rule)
