"""Whoever reads us in Russian, Tajik or Uzbek reads no English in between."""

import io
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("templates/notifications/*.html"), *ROOT.glob("templates/messages/letter*")])
CODE = sorted(ROOT.glob("notifications/**/*.py"))
WORDS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2)}


def sayings() -> set[str]:
    """Every sentence of this app that is translated (the singular where there are two)."""
    sources = [path.read_text() for path in CODE] + [templatize(path.read_text()) for path in PAGES]
    found = set()
    for source in sources:
        for _, said, _, _ in extract("python", io.BytesIO(source.encode()), keywords=WORDS):
            found.add(said if isinstance(said, str) else said[0])
    return found


@pytest.mark.parametrize("language", ["ru", "tg", "uz"])
def test_every_sentence_of_notices_is_translated(language):
    with (ROOT / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    translated = {
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalogue
        if message.id and (all(message.string) if isinstance(message.string, (tuple, list)) else message.string)
    }
    assert sorted(sayings() - translated) == []
