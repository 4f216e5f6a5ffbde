"""Pictures: drawn anew so that nothing of the file stays, sealed, opened by a logged click and a key that ends."""

from __future__ import annotations

import io
import struct
import zlib
from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from common import signed_views
from common.models import AccessEntry, AuditEntry, HistoryRow
from common.pictures import MAX_PICTURE_BYTES, Drawn, drawn_anew
from common.sealed import SealError
from common.uploads import UploadError
from migrants import pictures
from migrants.enums import PictureKind
from migrants.models import Picture
from migrants.pictures import PictureError, keep
from partners.enums import Role
from tests.armour.test_uploads import EICAR, clamd
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db


def taken(kind="JPEG", size=(640, 480), mode="RGB", **more) -> bytes:
    """A picture as a phone makes it."""
    made = io.BytesIO()
    Image.new(mode, size, "red").save(made, kind, **more)
    return made.getvalue()


def with_place() -> bytes:
    """A picture that says where, when and with which device it was taken, lying on its side."""
    exif = Image.Exif()
    exif[0x010F] = "SecretPhone"
    exif[0x0112] = 6
    exif[0x8825] = {1: "N", 2: (41.0, 33.0, 0.0)}
    return taken(exif=exif, comment=b"written in the waiting room")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_cameras_make_is_drawn_anew_as_a_small_jpeg(kind):
    drawn = drawn_anew(taken(kind, (3000, 1500)))
    assert (drawn.width, drawn.height) == (1000, 500)
    assert Image.open(io.BytesIO(drawn.content)).format == "JPEG"


def test_place_hour_and_device_are_left_behind_and_the_picture_stands_upright():
    drawn = drawn_anew(with_place())
    assert (drawn.width, drawn.height) == (480, 640)
    kept = Image.open(io.BytesIO(drawn.content))
    assert dict(kept.getexif()) == {}
    assert b"SecretPhone" not in drawn.content
    assert b"waiting room" not in drawn.content


def test_what_is_hidden_behind_a_picture_is_left_behind():
    assert b"<script>" not in drawn_anew(taken() + b"<script>alert(1)</script>").content


def test_what_is_see_through_lies_on_white():
    made = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(made, "PNG")
    assert Image.open(io.BytesIO(drawn_anew(made.getvalue()).content)).getpixel((5, 5)) == (255, 255, 255)


def a_bomb() -> bytes:
    """A few bytes that say that they are 60,000 times 60,000 points."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


REFUSED = {
    "nothing": (b"", "empty"),
    "a text": (b"this is no picture", "no picture"),
    "a drawing with a program inside": (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "no picture"),
    "a kind that no camera makes": (taken("GIF", mode="P"), "no picture"),
    "half a picture": (taken("PNG", (800, 800))[:60], "no picture"),
    "a bomb": (a_bomb(), "more points"),
    "too many bytes": (b"\xff\xd8\xff" + b"\0" * MAX_PICTURE_BYTES, "larger than 12 MB"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_picture_is_refused_with_a_sentence(what):
    content, words = REFUSED[what]
    with pytest.raises(UploadError, match=words):
        drawn_anew(content)


@given(st.binary(max_size=200), st.integers(0, 600))
def test_no_bytes_raise_anything_but_the_named_error(noise, place):
    whole = taken(size=(40, 30))
    with suppress(UploadError):
        drawn_anew(whole[:place] + noise + whole[place + len(noise) :])


def test_a_picture_is_kept_sealed_with_its_act_and_history_does_not_hold_it(person):
    drawn = drawn_anew(taken())
    row = keep(person=person(), kind=PictureKind.PHOTOGRAPH, upload=drawn, by=COMMAND, at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("select content from migrants_picture")
        raw = bytes(cursor.fetchone()[0])
    assert drawn.content[:40] not in raw
    assert Picture.objects.get().content == drawn.content
    assert AuditEntry.objects.get(verb="picture kept").subject == f"migrants.picture:{row.public_id}"
    kept = HistoryRow.objects.get(table_name="migrants_picture").content
    assert kept is not None
    assert kept["content"] == "sealed"


def test_saving_a_picture_again_does_not_seal_it_twice(person):
    row = keep(person=person(), kind="paper", upload=Drawn(b"points", 1, 1), by=COMMAND, at=NOW)
    Picture.objects.get(pk=row.pk).save()
    assert Picture.objects.get(pk=row.pk).content == b"points"


def test_a_picture_cannot_be_written_in_clear_past_its_seal(person):
    keep(person=person(), kind="paper", upload=Drawn(b"points", 1, 1), by=COMMAND, at=NOW)
    with pytest.raises(SealError):
        Picture.objects.update(content=b"in clear")


def test_a_kind_that_does_not_exist_is_refused(person):
    with pytest.raises(PictureError) as refused:
        keep(person=person(), kind="selfie", upload=Drawn(b"points", 1, 1), by=COMMAND, at=NOW)
    assert refused.value.field == "kind"


@pytest.fixture
def kept(person):
    return keep(person=person(), kind="photograph", upload=drawn_anew(taken()), by=COMMAND, at=NOW)


def address(picture: Picture, account) -> str:
    plain = reverse("returns:person_picture", args=[picture.person.public_id, picture.public_id])
    return f"{plain}?key={pictures.key_for(picture.public_id, account=account.public_id)}"


def test_a_picture_is_opened_by_a_click_and_the_look_is_written_down(sign_in, kept):
    client = sign_in(Role.FIELD)
    page = client.get(reverse("returns:person_pictures", args=[kept.person.public_id]))
    assert AccessEntry.objects.get().page == "returns:person_pictures"
    source = page.text.partition('<img src="')[2].partition('"')[0]
    answer = client.get(source)
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer.content == kept.content
    assert AccessEntry.objects.filter(page="returns:person_picture", person=kept.person.public_id).count() == 1


def test_an_address_opens_for_the_account_it_was_made_for_alone(sign_in, accounts, kept):
    made_for_field = address(kept, accounts[Role.FIELD])
    assert sign_in(Role.FIELD).get(made_for_field).status_code == 200
    assert sign_in(Role.COORDINATOR).get(made_for_field).status_code == 404
    assert sign_in(Role.CONSULAR).get(address(kept, accounts[Role.CONSULAR])).status_code == 404


def test_an_address_ends_after_five_minutes(sign_in, accounts, kept, monkeypatch):
    made = address(kept, accounts[Role.FIELD])
    monkeypatch.setattr(signed_views, "MINUTES", -1)
    assert sign_in(Role.FIELD).get(made).status_code == 404


def test_a_key_opens_no_other_picture(sign_in, accounts, kept, person):
    other = keep(person=person(), kind="photograph", upload=Drawn(b"points", 1, 1), by=COMMAND, at=NOW)
    key = address(kept, accounts[Role.FIELD]).partition("?")[2]
    plain = reverse("returns:person_picture", args=[other.person.public_id, other.public_id])
    assert sign_in(Role.FIELD).get(f"{plain}?{key}").status_code == 404
    assert sign_in(Role.FIELD).get(f"{plain}?key=").status_code == 404


def test_a_field_officer_takes_a_photograph(sign_in, person):
    somebody = person()
    page = reverse("returns:person_pictures", args=[somebody.public_id])
    content = SimpleUploadedFile("IMG_2020.jpg", with_place(), "image/jpeg")
    answer = sign_in(Role.FIELD).post(page, {"kind": "photograph", "picture": content}, follow=True)
    assert "The picture is kept." in answer.text
    row = somebody.pictures.get()
    assert (row.kind, row.width, row.height) == ("photograph", 480, 640)


def test_a_file_that_is_no_picture_keeps_the_page_with_a_sentence(sign_in, person):
    page = reverse("returns:person_pictures", args=[person().public_id])
    answer = sign_in(Role.FIELD).post(page, {"kind": "photograph", "picture": SimpleUploadedFile("a.jpg", b"text")})
    assert answer.status_code == 422
    assert "no picture that can be read" in answer.text


def test_a_harmful_picture_is_locked_away(sign_in, person, settings):
    page = reverse("returns:person_pictures", args=[person().public_id])
    with clamd() as settings.CLAMD_ADDRESS:
        upload = SimpleUploadedFile("a.jpg", taken() + EICAR)
        answer = sign_in(Role.FIELD).post(page, {"kind": "photograph", "picture": upload})
    assert answer.status_code == 422
    assert "locked away" in answer.text
    assert not Picture.objects.exists()
