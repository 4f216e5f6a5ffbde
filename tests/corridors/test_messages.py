"""What organisations and the people who wait are told of a change, in each language."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from corridors import requirements
from corridors.enums import Certainty, SourceTier
from notifications import messages
from notifications.models import Alert
from tests.cast import COMMAND, NOW
from tests.corridors.conftest import PCR, RAPID

ROOT = Path(__file__).parents[2]
LANGUAGES = ("en", "ru", "tg", "uz")
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
SPOKEN_IN = (
    "corridors/enums.py", "corridors/messages.py", "corridors/ledger.py", "corridors/request_words.py", "corridors/carrying.py",
    "corridors/models/listed.py",
    "corridors/views/decisions.py",
)  # fmt: skip
READ_OUTSIDE = (
    "messages/requirement_change/*", "messages/corridor_request/*",
    "messages/corridor_carried/*", "corridors/decision.html", "corridors/requests.html",
)  # fmt: skip
"""Templates that people of other institutions read, a pattern each."""


def alert_of(version) -> Alert:
    return Alert.objects.get(source=requirements.source_of(version))


@pytest.fixture
def alert(publish):
    """The oral demand of T+0h, after a line that asked for nothing."""
    return alert_of(publish(RAPID))


def sources():
    """Yield (name, Python source) of whatever speaks in our messages and on the pages of those who get them."""
    for name in SPOKEN_IN:
        yield name, (ROOT / name).read_text()
    for path in sorted(found for pattern in READ_OUTSIDE for found in (ROOT / "templates").glob(pattern)):
        yield f"{path.parent.name}/{path.name}", templatize(path.read_text(), origin=path.name)


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_no_word_that_others_read_lacks_a_translation(language):
    with (ROOT / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        known = read_po(file, locale=language)
    missing = []
    for name, source in sources():
        for _line, message, _notes, context in extract("python", BytesIO(source.encode()), keywords=KEYWORDS):
            entry = known.get(message[0] if isinstance(message, tuple) else message, context=context)
            if not entry or not entry.string:
                missing.append((name, message))
    assert missing == []


def test_the_english_letter_says_what_since_when_how_sure_and_what_was_before(alert):
    letter = messages.render(alert, "en")
    assert letter.subject == "Zhibek Zholy → G‘ishtko‘prik: new requirement, health test (version 1)"
    for words in (
        "Zhibek Zholy → G‘ishtko‘prik (KZ-UZ-01), from Kazakhstan to Uzbekistan",
        "Required of everyone: a negative test (PCR or rapid) sampled at most 72 hours before the barrier",
        "1 October 2020, 08:00 Tashkent (UTC+5) = 09:00 Almaty (UTC+6)",
        "Nothing of this kind was asked.",
        "reported, not yet confirmed; source: oral, border post",
        "Asked by: Border Troops of Uzbekistan (Uzbekistan)",
        "Zhibek Zholy / Жібек жолы / Жибек Жолы",
        "G‘ishtko‘prik / Ғишткўприк / Гишт-Куприк",
    ):
        assert words in letter.text, words
        if "(KZ-UZ-01)" not in words:
            assert words.removeprefix("Asked by: ") in re.sub(r"<[^>]+>", " ", letter.html).replace("&#x27;", "'"), (
                words
            )


@pytest.mark.parametrize(
    ("language", "subject", "hour"),
    [
        ("ru", "Жибек Жолы → Гишт-Куприк: новое требование", "1 октября 2020, 08:00 Ташкент (UTC+5) = 09:00 Алматы (UTC+6)"),
        ("tg", "Жібек жолы → Ғишткўприк: талаби нав", "1 октябри 2020, 08:00 Тошканд (UTC+5) = 09:00 Алмаато (UTC+6)"),
        ("uz", "Zhibek Zholy → G‘ishtko‘prik: yangi talab", "2020-yil 1-oktabr, 08:00 Toshkent (UTC+5) = 09:00 Almati (UTC+6)"),
    ],
)  # fmt: skip
def test_each_language_names_the_crossing_and_the_hour_in_its_own_words(alert, language, subject, hour):
    letter = messages.render(alert, language)
    assert letter.subject.startswith(subject)
    assert hour in letter.text
    assert hour in letter.html


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_written_version_says_that_it_replaces_the_oral_one(publish, language):
    publish(RAPID)
    written = alert_of(publish(PCR, hours=3, source_tier=SourceTier.WRITTEN, certainty=Certainty.CONFIRMED))
    words = {
        "en": "This written version 2 replaces the oral version 1. Please acknowledge it again.",
        "ru": "Эта письменная версия 2 заменяет устную версию 1. Пожалуйста, подтвердите получение ещё раз.",
        "tg": "Ин нусхаи хаттии 2 ба ҷойи нусхаи шифоҳии 1 меояд. Лутфан, гирифтани онро бори дигар тасдиқ кунед.",
        "uz": "Ushbu 2-yozma talqin 1-og‘zaki talqin o‘rnini bosadi. Iltimos, olganingizni yana tasdiqlang.",
    }[language]
    letter = messages.render(written, language)
    assert words in letter.text
    assert words in letter.html


def test_a_later_oral_version_says_which_it_replaces_and_what_is_different(publish):
    publish(RAPID)
    text = messages.render(alert_of(publish(PCR, hours=1)), "en").text
    assert "This version 2 replaces version 1." in text
    assert "oral version" not in text
    assert "- test no longer accepted: rapid" in text


def test_a_withdrawal_says_what_is_no_longer_asked(publish, told, organisations):
    version = publish(RAPID)
    change = requirements.withdraw(
        requirement=version.requirement, source_tier=SourceTier.WRITTEN, source_text="Note 7.", told=told,
        authority=organisations["uz-border"], applies_from=NOW, by=COMMAND, at=NOW,
    )  # fmt: skip
    letter = messages.render(alert_of(change.version), "en")
    assert letter.subject.endswith("health test no longer asked (version 2)")
    assert "NO LONGER ASKED" in letter.text


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ["Please listen.", "it is not yet confirmed", "You decide yourself whether you travel"]),
        ("ru", ["Пожалуйста, послушайте.", "подтверждения пока нет", "Вы сами решаете, ехать вам или нет"]),
        ("tg", ["Лутфан, гӯш кунед.", "ҳанӯз тасдиқ нашудааст", "Шумо худатон қарор медиҳед"]),
        ("uz", ["Iltimos, eshiting.", "hali tasdiqlanmagan", "Ketish yoki ketmaslikni o‘zingiz hal qilasiz"]),
    ],
)
def test_the_text_to_read_out_is_calm_and_says_what_happens_next(alert, language, sentences):
    text = messages.readout(alert, language)
    assert [sentence for sentence in sentences if sentence not in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_read_out_holds_no_name_number_or_source(alert, language):
    text = messages.readout(alert, language)
    assert "shift leader" not in text
    assert "@" not in text
    assert not re.search(r"\d{6}", text)


def test_words_of_others_cannot_become_markup(publish):
    letter = messages.render(alert_of(publish(RAPID, source_text="<script>alert(1)</script>")), "en")
    assert "<script>" not in letter.html
    assert "<script>alert(1)</script>" in letter.text
