"""What the pure modules say is translated in full; every catalogue keeps the places for values."""

import re
from itertools import chain
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
LANGUAGES = ("ru", "tg", "uz")
TRANSLATED = ("common/sheets/*.py", "common/uploads.py", "common/countries.py", "corridors/rules/*.py", "migrants/names/*.py",
              "migrants/birthdates.py", "migrants/declaration_text.py", "migrants/written_dates.py", "migrants/mrz*.py",
              "returns/explanations.py", "returns/house_rules.py", "returns/advance_notice_papers.py",
              "returns/arrival_figures.py", "returns/bus_list_papers.py", "returns/handover_papers.py",
              "returns/journey_facts.py", "returns/manifest_papers.py", "returns/paper_*.py", "returns/seen_by_papers.py",
              "returns/slip_papers.py", "returns/transit_request_papers.py", "returns/travel_document_papers.py",
              "returns/subject_access/*.py")  # fmt: skip
OUTSIDE = (
    "base.html", "base_paper.html", "corridors/decision.html", "corridors/request.html", "corridors/requests.html",
    "notifications/bell.html", "notifications/inbox*.html", "notifications/link*.html", "notifications/overdue.html",
    "notifications/own_*.html", "returns/day/arrival.html", "returns/day/journeys.html", "returns/documents/list.html",
    "returns/documents/request.html", "returns/assistance/halts.html", "returns/incoming/arrival.html",
    "returns/incoming/list.html", "returns/papers/list.html", "returns/papers/proof.html", "returns/questions/new.html",
    "returns/questions/own.html", "returns/questions/ready.html",
    "ui/crumbs.html", "ui/field.html", "ui/own_menu.html", "ui/pager.html", "ui/tabs.html",
)  # fmt: skip
"""Pages that an embassy, a ministry, a region, a carrier or a holder of a link opens, and what stands around them."""
SAID_ON_A_PAGE = re.compile(
    r'{% translate "([^"]+)"|{% blocktranslate([^%]*)%}(.*?)(?:{% plural %}.*?)?{% endblocktranslate %}', re.DOTALL
)
KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def catalogue(language):
    with (ROOT / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def written():
    """Yield (file, context, msgid) of every message of the modules; of a plural the singular."""
    for path in chain.from_iterable(ROOT.glob(pattern) for pattern in TRANSLATED):
        for _line, message, _comments, context in extract_from_file("python", path, keywords=KEYWORDS):
            yield path.name, context, message[0] if isinstance(message, tuple) else message


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_of_the_pure_modules_is_translated(language):
    known = catalogue(language)
    missing = []
    for file, context, message in written():
        entry = known.get(message, context=context)
        forms = entry.string if entry and isinstance(entry.string, tuple) else (entry.string if entry else "",)
        if not all(forms):
            missing.append((file, context, message))

    assert missing == []


def said_on_pages():
    """Yield (file, msgid) of every sentence of the pages that outsiders open; of a plural the singular."""
    for path in chain.from_iterable((ROOT / "templates").glob(pattern) for pattern in OUTSIDE):
        for words, options, block in SAID_ON_A_PAGE.findall(path.read_text()):
            text = " ".join(line.strip() for line in block.strip().split("\n")) if "trimmed" in options else block
            yield path.name, words or re.sub(r"{{ *(\w+) *}}", r"%(\1)s", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_the_pages_for_outsiders_is_translated(language):
    known = catalogue(language)
    missing = []
    for file, message in said_on_pages():
        entry = known.get(message)
        forms = entry.string if entry and isinstance(entry.string, tuple) else (entry.string if entry else "",)
        if not all(forms):
            missing.append((file, message))

    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_keeps_the_places_for_values(language):
    def places(text):
        return set(re.findall(r"%\(\w+\)\d*[a-z]|\{\w+\}", text))

    wrong = []
    for entry in catalogue(language):
        message = " ".join(entry.id) if isinstance(entry.id, tuple) else entry.id
        for form in entry.string if isinstance(entry.string, tuple) else (entry.string,):
            if message and form and places(form) != places(message):
                wrong.append((message, form))

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_has_all_forms_of_its_language(language):
    known = catalogue(language)

    plurals = [entry for entry in known if isinstance(entry.id, tuple)]
    assert plurals
    assert all(len(entry.string) == known.num_plurals for entry in plurals)
    assert not any(entry.fuzzy for entry in known if entry.id)
