"""Pages travel compressed where the reader's browser can read that."""

import brotli
import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from common.compression import BrotliMiddleware

PAGE = "<p>102 people wait at the barrier.</p>" * 40


def answer(accepted: str, response: HttpResponse) -> HttpResponse:
    request = RequestFactory().get("/", headers={"accept-encoding": accepted})
    given = BrotliMiddleware(lambda _: response)(request)
    assert isinstance(given, HttpResponse)
    return given


@pytest.mark.parametrize("accepted", ["br", "gzip, deflate, br", "gzip;q=0.5, br;q=0.8"])
def test_a_page_is_compressed_for_who_takes_it(accepted):
    given = answer(accepted, HttpResponse(PAGE, headers={"ETag": '"one"'}))
    assert brotli.decompress(given.content).decode().startswith(PAGE)
    assert given["Content-Encoding"] == "br"
    assert given["Vary"] == "Accept-Encoding"
    assert given["ETag"] == 'W/"one"'
    assert len(given.content) < len(PAGE) / 4


@pytest.mark.parametrize("accepted", ["", "gzip", "br;q=0", "br; q=0.0"])
def test_others_get_it_as_it_is(accepted):
    given = answer(accepted, HttpResponse(PAGE))
    assert given.content.decode() == PAGE
    assert not given.has_header("Content-Encoding")


def test_what_is_not_text_or_is_small_or_compressed_stays():
    sheet = HttpResponse(b"PK" * 900, content_type="application/vnd.ms-excel")
    done = HttpResponse(PAGE, headers={"Content-Encoding": "gzip"})
    assert not answer("br", sheet).has_header("Content-Encoding")
    assert not answer("br", HttpResponse("short")).has_header("Content-Encoding")
    assert answer("br", done)["Content-Encoding"] == "gzip"


def test_the_same_page_has_no_telling_length():
    assert len({len(answer("br", HttpResponse(PAGE)).content) for _ in range(40)}) > 10


@pytest.mark.django_db
def test_the_sign_in_page_comes_compressed():
    given = Client().get("/accounts/login/", headers={"accept-encoding": "br"})
    assert "E-mail" in brotli.decompress(given.content).decode()
