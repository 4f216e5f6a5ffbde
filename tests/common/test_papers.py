"""Letters that are uploaded: each page becomes a picture, and what cannot be drawn is refused with its remedy."""

import pytest

from common.papers import MAX_PAGES, pages_of
from common.uploads import UploadError
from tests.support.letters import letter, letter_with_script


def test_every_page_becomes_a_picture_that_can_be_read():
    pages = pages_of(letter(2))

    assert [(page.width, page.height) for page in pages] == [(1131, 1600), (1131, 1600)]


def test_nothing_of_the_file_itself_is_kept():
    (page,) = pages_of(letter_with_script())

    assert page.content.startswith(b"\xff\xd8")
    assert b"alert" not in page.content
    assert b"MZ" not in page.content[:100]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (letter(1, password="secret"), "protected by a password"),
        (letter(MAX_PAGES + 1), "more than 12 pages"),
        (b"%PDF-1.7 and nothing else", "damaged"),
        (b"%PDF-" + b" " * (12 * 1024 * 1024), "larger than 12 MB"),
        (b"no paper at all", "no picture that can be read"),
    ],
    ids=["locked", "long", "damaged", "large", "no paper"],
)
def test_what_cannot_be_drawn_is_refused_with_its_remedy(content, words):
    with pytest.raises(UploadError, match=words):
        pages_of(content)
