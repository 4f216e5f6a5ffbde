"""Sealed fields open only in their own row, and are found again only by their exact value."""

import base64
import os

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from common.sealed import SealError, seal, unseal
from migrants.enums import DocumentKind
from migrants.models import Migrant, TravelDocument
from tests.cast import COMMAND, NOW

KEY = "k1:" + base64.b64encode(os.urandom(32)).decode()


def make_document(group, number: str) -> TravelDocument:
    person = Migrant.objects.create(
        number=number[-6:], mission=group.mission, group=group, full_name="Озмоиш Одам", registered_at=NOW,
        recorded_at=NOW, by=COMMAND,
    )  # fmt: skip
    return TravelDocument.objects.create(
        person=person, mission=group.mission, kind=DocumentKind.PASSPORT, number=number, recorded_at=NOW, by=COMMAND
    )


@pytest.mark.django_db
def test_a_number_is_stored_sealed_and_read_in_clear(group):
    document = make_document(group, "AC 0000001")
    with connection.cursor() as cursor:
        cursor.execute("select number from migrants_traveldocument")
        stored = bytes(cursor.fetchone()[0])
    assert b"0000001" not in stored
    assert TravelDocument.objects.get(pk=document.pk).number == "AC 0000001"


@pytest.mark.django_db
def test_a_number_is_found_by_its_exact_value_however_it_is_spaced(group):
    document = make_document(group, "AC 0000001")
    make_document(group, "AC 0000002")
    index = TravelDocument._meta.get_field("number_index").digest("ac-0000001")
    assert TravelDocument.objects.get(number_index=index) == document


@pytest.mark.django_db
def test_a_sealed_value_copied_to_another_row_does_not_open(group):
    make_document(group, "AC 0000001")
    other = make_document(group, "AC 0000002")
    with connection.cursor() as cursor:
        cursor.execute(
            "update migrants_traveldocument set number = (select number from migrants_traveldocument where id <> %s)"
            " where id = %s",
            [other.pk, other.pk],
        )
    with pytest.raises(SealError, match="another row"):
        _ = TravelDocument.objects.get(pk=other.pk).number


def test_an_older_key_still_opens_after_rotation(settings):
    settings.SEALING_KEYS = [KEY]
    sealed = seal("тайна", bound_to="row")
    settings.SEALING_KEYS = ["k2:" + base64.b64encode(os.urandom(32)).decode(), KEY]
    assert unseal(sealed, bound_to="row") == "тайна"


def test_a_lost_key_is_named_as_the_reason(settings):
    settings.SEALING_KEYS = [KEY]
    sealed = seal("тайна", bound_to="row")
    settings.SEALING_KEYS = ["k2:" + base64.b64encode(os.urandom(32)).decode()]
    with pytest.raises(SealError, match="SEALING_KEYS"):
        unseal(sealed, bound_to="row")


@pytest.mark.parametrize("ring", [[], ["nonsense"], ["k1:c2hvcnQ="]])
def test_a_wrong_key_ring_says_how_to_make_one(settings, ring):
    settings.SEALING_KEYS = ring
    with pytest.raises(ImproperlyConfigured, match="SEALING_KEYS"):
        seal("x", bound_to="row")
