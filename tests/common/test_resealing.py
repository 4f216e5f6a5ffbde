"""Keys are turned while everything stays readable and findable."""

import base64
import os

import pytest
from django.core.management import call_command
from django.db import connection

from common import resealing
from common.models import AuditEntry
from common.sealed import SealError
from migrants.models import TravelDocument
from tests.cast import COMMAND, NOW
from tests.common.test_sealed import make_document

pytestmark = pytest.mark.django_db


def new_key(name: str) -> str:
    return f"{name}:{base64.b64encode(os.urandom(32)).decode()}"


def keys_in_use() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("select distinct substring(number from 3 for get_byte(number, 1)) from migrants_traveldocument")
        return {bytes(key).decode() for (key,) in cursor.fetchall()}


def turn(settings, batch=2):
    settings.SEALING_KEYS = [new_key("k9"), *settings.SEALING_KEYS]
    return {column.column: column for column in resealing.reseal(by=COMMAND, at=NOW, batch=batch)}


def test_after_a_turn_everything_is_sealed_with_the_new_key_and_reads_the_same(group, settings):
    documents = [make_document(group, f"AC 000000{n}") for n in range(5)]

    done = turn(settings)

    assert keys_in_use() == {"k9"}
    assert [TravelDocument.objects.get(pk=row.pk).number for row in documents] == [f"AC 000000{n}" for n in range(5)]
    assert done["migrants.TravelDocument.number"] == resealing.Resealed("migrants.TravelDocument.number", 5, 0)
    assert AuditEntry.objects.filter(verb="sealed anew", subject="sealing-key:k9").count() == 3  # three batches


def test_turning_again_has_nothing_to_do(group, settings):
    make_document(group, "AC 0000001")
    turn(settings)

    assert sum(column.sealed for column in resealing.reseal(by=COMMAND, at=NOW)) == 0


def test_what_no_key_opens_is_counted_and_left(group, settings):
    lost = make_document(group, "AC 0000001")
    make_document(group, "AC 0000002")
    stored = b"\x01\x02zz" + bytes(40)
    with connection.cursor() as cursor:
        cursor.execute("update migrants_traveldocument set number = %s where id = %s", [stored, lost.pk])

    done = turn(settings)

    assert done["migrants.TravelDocument.number"] == resealing.Resealed("migrants.TravelDocument.number", 1, 1)
    with connection.cursor() as cursor:
        cursor.execute("select number from migrants_traveldocument where id = %s", [lost.pk])
        assert bytes(cursor.fetchone()[0]) == stored


def test_the_old_key_can_be_dropped_once_the_index_is_made_anew(group, settings, capsys):
    document = make_document(group, "AC 0000001")
    turn(settings)
    settings.SEALING_KEYS = settings.SEALING_KEYS[:1]
    index = TravelDocument._meta.get_field("number_index")
    assert not TravelDocument.objects.filter(number_index=index.digest("AC0000001")).exists()

    call_command("reseal", index=True)

    assert TravelDocument.objects.get(number_index=index.digest("AC0000001")) == document
    assert "migrants.TravelDocument.number_index: 1" in capsys.readouterr().out


def test_a_sealed_field_refuses_plain_text_in_bulk(group):
    document = make_document(group, "AC 0000001")

    with pytest.raises(SealError, match="row by row"):
        TravelDocument.objects.filter(pk=document.pk).update(number="AC 0000002")
