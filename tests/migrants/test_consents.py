"""Consent in full (rule 6): what may be shown, by whom it was given, until when, and the paper that was signed."""

from datetime import timedelta
from typing import Any

import pytest

from migrants import consents, declarations
from migrants.declarations import DeclarationError
from migrants.models import Consent, Declaration, Disclosure, Nationality
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def tajik(person):
    """A national of Tajikistan."""
    row = person()
    Nationality.objects.create(person=row, mission=row.mission, code="TJK", recorded_at=NOW, by=COMMAND)
    return row


@pytest.fixture
def embassy(organisations):
    return organisations["tj-emb-uz"]


def agree(people, to, **changed) -> list[Consent]:
    asked: dict[str, Any] = {"purpose": "consulate", "answer": "yes", "how": "oral", "language": "tg", "recipient": to}
    return consents.record_consent(people=people, **asked | {"by": COMMAND, "at": NOW} | changed)


def show(people, to, at=NOW):
    return consents.disclose(people=people, recipient=to, purpose="consulate", by=COMMAND, at=at)


def sign(person, **changed):
    asked: dict[str, Any] = {
        "purpose": "return", "answer": "yes", "how": "written", "language": "tg", "form_signed": True,
        "form_reference": "folder 3", "by": COMMAND, "at": NOW + DAY,
    }  # fmt: skip
    return consents.record_consent(people=[person], **asked | changed)[0]


def read(person, language="tg", at=NOW, **changed):
    told: dict[str, Any] = {"reader": "Field officer", "understood": True}
    return declarations.read_out(person=person, language=language, by=COMMAND, at=at, **told | changed)


def test_a_disclosure_shows_what_the_consent_names(tajik, embassy):
    agree([tajik], embassy, categories=["identity", "journey"])
    assert show([tajik], embassy)[0].categories == ["identity", "journey"]


def test_a_disclosure_ends_with_the_consent_at_the_latest(tajik, embassy):
    agree([tajik], embassy, expires_at=NOW + DAY)
    assert show([tajik], embassy)[0].valid_until == NOW + DAY


def test_a_consent_that_has_run_out_lets_nobody_be_shown(tajik, embassy):
    agree([tajik], embassy, expires_at=NOW + DAY)
    assert show([tajik], embassy, at=NOW + DAY) == []


def test_a_later_yes_to_less_narrows_what_is_shown_at_once(tajik, embassy):
    agree([tajik], embassy)
    show([tajik], embassy)
    agree([tajik], embassy, categories=["identity"], at=NOW + DAY)

    rows = Disclosure.objects.order_by("valid_from").values_list("categories", "valid_until")
    assert list(rows) == [(["identity", "documents", "journey"], NOW + DAY), (["identity"], None)]


def test_a_later_yes_with_an_end_sets_the_end_of_what_is_shown(tajik, embassy):
    agree([tajik], embassy)
    show([tajik], embassy)
    agree([tajik], embassy, expires_at=NOW + 3 * DAY, at=NOW + DAY)

    assert Disclosure.objects.latest("valid_from").valid_until == NOW + 3 * DAY


def test_the_same_yes_again_leaves_what_is_shown_as_it_is(tajik, embassy):
    agree([tajik], embassy)
    show([tajik], embassy)
    agree([tajik], embassy, at=NOW + DAY)

    assert Disclosure.objects.get().valid_until is None


def test_consent_to_return_names_nothing_to_be_shown(tajik):
    assert sign(tajik).categories == []


def test_a_signed_form_says_where_the_paper_is(tajik):
    with pytest.raises(consents.ConsentError) as refusal:
        sign(tajik, form_reference=" ")
    assert refusal.value.field == "form_reference"


def test_a_declaration_that_was_read_out_is_tied_to_its_signature(tajik):
    declaration = read(tajik)
    assert sign(tajik, form_reference=declaration.number.lower(), signed_with="thumb_print").declaration == declaration
    assert declarations.ready_to_sign(tajik) is None


def test_a_declaration_that_nobody_read_out_cannot_be_signed(tajik):
    declaration = declarations.printed(person=tajik, language="tg", by=COMMAND, at=NOW)
    with pytest.raises(consents.ConsentError) as refusal:
        sign(tajik, form_reference=declaration.number)
    assert refusal.value.field == "form_reference"
    assert not Consent.objects.exists()


def test_the_declaration_of_somebody_else_is_not_tied(tajik, person):
    other = read(person())
    assert sign(tajik, form_reference=other.number).declaration is None


def test_printing_and_reading_in_one_language_is_one_declaration_until_it_is_signed(tajik):
    first = declarations.printed(person=tajik, language="tg", by=COMMAND, at=NOW)
    assert read(tajik) == first
    assert declarations.printed(person=tajik, language="tg", by=COMMAND, at=NOW) == first
    assert read(tajik, language="ru") != first
    sign(tajik, form_reference=first.number)
    assert declarations.printed(person=tajik, language="tg", by=COMMAND, at=NOW + DAY) != first


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"reader": " "}, "reader"),
        ({"understood": False}, "understood"),
        ({"read_out_at": NOW + DAY}, "read_out_at"),
        ({"language": "fa"}, "language"),
    ],
)
def test_a_reading_that_cannot_be_names_its_field(tajik, changed, field):
    with pytest.raises(DeclarationError) as refusal:
        read(tajik, **changed)
    assert refusal.value.field == field
    assert not Declaration.objects.exists()
