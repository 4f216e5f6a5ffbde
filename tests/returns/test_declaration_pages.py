"""The declaration on the page and on paper, in each of its languages."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from common import clock
from migrants import declarations
from migrants.exports import Mark
from migrants.models import Consent, Declaration, Export
from partners.enums import Role
from returns.declaration_papers import _values, print_declaration
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_the_moment(db):
    clock.set_to(NOW)


@pytest.fixture
def umed(make_person):
    return make_person(consent=False, full_name="Қодиров Умед", language="tg")


def of(name, person):
    return reverse(f"returns:{name}", args=[person.public_id])


@pytest.mark.parametrize("language", ["en", "ru", "tg", "uz"])
def test_the_paper_prints_in_every_language_and_is_an_export(umed, language):
    made = print_declaration(person=umed, language=language, by=COMMAND, at=NOW)
    assert made.content.startswith(b"%PDF-")
    row = Export.objects.get()
    assert (row.kind, row.people) == ("declaration", [umed.public_id])
    assert umed.full_name not in f"{row.title} {row.purpose}"


def test_the_paper_says_nothing_of_who_the_person_is(umed):
    declaration = declarations.printed(person=umed, language="ru", by=COMMAND, at=NOW)
    mark = Mark("E-1", "Field officer", "the person", "to be signed", "condition", NOW)
    said = json.dumps(_values(declaration, mark, at=NOW), ensure_ascii=False)
    assert not any(word in said for word in (umed.full_name, umed.latin_name, "1986", "TJK", "Field officer"))
    assert declaration.number in said


@pytest.mark.parametrize(
    ("language", "word"),
    [("en", "free choice"), ("ru", "добровольн"), ("tg", "ихтиёр"), ("uz", "ixtiyor")],
)
def test_the_text_to_read_out_stands_in_the_language_of_the_person(umed, sign_in, language, word):
    answer = sign_in(Role.FIELD).get(of("person_declaration", umed) + f"?language={language}").content.decode()
    assert word in answer.lower()
    assert f'class="readout" lang="{language}"' in answer


def test_read_out_then_signed_the_consent_form_is_met(umed, sign_in):
    client = sign_in(Role.FIELD)
    page = of("person_declaration", umed)
    refused = client.post(page, {"reader": "Field officer", "read_out_at": "2020-10-01T08:30"})
    assert refused.status_code == 422
    values = {"reader": "Field officer", "read_out_at": "2020-10-01T08:30", "understood": "on"}
    assert client.post(page, values).status_code == 302
    declaration = Declaration.objects.get()
    assert (declaration.language, declaration.reader) == ("tg", "Field officer")

    form = client.get(of("consent_new", umed)).context["form"]
    assert form.initial["form_reference"] == declaration.number
    signed = {
        "purpose": "return", "answer": "yes", "how": "written", "language": "tg", "form_signed": "on",
        "form_reference": declaration.number, "signed_with": "thumb_print",
    }  # fmt: skip
    assert client.post(of("consent_new", umed), signed).status_code == 302
    assert Consent.objects.get().declaration == declaration


def test_a_language_in_which_the_text_is_not_kept_is_not_found(umed, sign_in):
    assert sign_in(Role.FIELD).get(of("person_declaration", umed) + "?language=fa").status_code == 404


def test_the_paper_comes_as_a_file_from_the_page(umed, sign_in):
    answer = sign_in(Role.FIELD).post(of("person_declaration_paper", umed) + "?language=uz")
    assert answer["Content-Type"] == "application/pdf"
    assert Declaration.objects.get().printed_at is not None


def test_a_thumb_print_is_photographed_and_kept_sealed_beside_the_answer(umed, sign_in):
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(out, "PNG")
    values = {
        "purpose": "return", "answer": "yes", "how": "written", "language": "tg", "form_signed": "on",
        "signed_with": "thumb_print", "photograph": SimpleUploadedFile("print.png", out.getvalue(), "image/png"),
    }  # fmt: skip
    assert sign_in(Role.FIELD).post(of("consent_new", umed), values).status_code == 302
    assert Consent.objects.get().form_picture == umed.pictures.get(kind="thumb_print")


def test_a_photograph_without_the_mark_that_the_form_is_signed_keeps_nothing(umed, sign_in):
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(out, "PNG")
    values = {
        "purpose": "return", "answer": "yes", "how": "written", "language": "tg",
        "photograph": SimpleUploadedFile("print.png", out.getvalue(), "image/png"),
    }  # fmt: skip
    assert sign_in(Role.FIELD).post(of("consent_new", umed), values).status_code == 422
    assert not Consent.objects.exists()
    assert not umed.pictures.exists()
