"""Every kind of alert: its five texts in four languages, short enough for a text message, and nobody's name in any of them."""

import pytest
from django.conf import settings

from notifications import messages
from notifications.messages import kinds
from notifications.models import Alert
from notifications.samples import sample_of
from notifications.short_messages import MOST_PARTS, parts_of, short
from partners.enums import Role
from tests.cast import COMMAND, NOW

LANGUAGES = [code for code, _name in settings.LANGUAGES]
EXPECTED = {
    "arrival_announced", "contradiction", "corridor_carried", "corridor_decision", "corridor_request", "corridor_stopped",
    "document_request",
    "engine_trouble", "group_waiting", "late_results", "movement", "movement_arrived", "movement_departed",
    "movement_halted", "movement_late",
    "reception_asked", "requirement_change",
}  # fmt: skip
LINK = f"https://homeward.example.org/a/{'x' * 44}/"
"""As long as a link of a site with a name of usual length."""


def described():
    return [kind for kind in kinds() if kind.sample is not None]


def alert_of(kind, **more):
    context = {**kind.sample(), **more}
    return Alert(number=1204, kind=kind.kind, subject="x", context=context, raised_at=NOW, expires_at=NOW)


def test_every_kind_that_can_be_raised_has_a_name_and_an_example():
    assert {kind.kind for kind in described()} >= EXPECTED
    assert all(kind.label for kind in described())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_says_all_that_it_has_to_in_each_language(language):
    said = {kind.kind: sample_of(kind, language, by=COMMAND, at=NOW) for kind in described()}
    english = {kind.kind: sample_of(kind, "en", by=COMMAND, at=NOW) for kind in described()}
    for kind, sample in said.items():
        texts = (sample.letter.subject, sample.message.text, sample.message.html, sample.short, sample.call)
        assert all(text.strip() for text in texts), kind
        if language != "en":
            others = english[kind]
            assert sample.message.text != others.message.text, kind
            assert sample.call != others.call, kind


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_message_has_two_parts_at_most_and_its_whole_link(language):
    for kind in described():
        text = short(alert_of(kind), language, link=LINK)
        assert parts_of(text) <= MOST_PARTS, (kind.kind, text)
        assert text.endswith(f"\n{LINK}")
        assert ".." not in text.partition("\n")[0], (kind.kind, text)


def test_words_are_left_out_of_a_text_message_before_its_link_is():
    departed = next(kind for kind in described() if kind.kind == "movement_departed")
    text = short(alert_of(departed, name="длинное слово " * 30), "ru", link=LINK)
    assert parts_of(text) == MOST_PARTS
    assert text.endswith(f"..\n{LINK}")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("{" * 80, 1), ("{" * 81, 2),
        ("б" * 70, 1), ("б" * 71, 2), ("б" * 134, 2), ("б" * 135, 3),
    ],
)  # fmt: skip
def test_parts_are_counted_as_phones_count_them(text, parts):
    assert parts_of(text) == parts


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_that_is_fed_in_comes_out_of_no_message(language):
    fed = dict.fromkeys(("person", "full_name", "latin_name", "family", "note", "text", "phone"), "RAHMONZODA")
    for kind in described():
        alert = alert_of(kind, **fed)
        letter = messages.preview(alert, language)
        said = [letter.subject, letter.text, letter.html, short(alert, language, link=LINK)]
        assert not any("RAHMONZODA" in text for text in [*said, messages.call_script(alert, language)]), kind.kind


@pytest.mark.django_db
def test_an_administrator_reads_every_kind_before_it_is_sent(sign_in):
    client = sign_in(Role.ADMINISTRATOR)
    for kind in described():
        page = client.get("/notices/kinds/", {"kind": kind.kind, "lang": "tg"})
        assert page.status_code == 200
        assert "Homeward 27: " in page.content.decode()
    assert not Alert.objects.exists()
