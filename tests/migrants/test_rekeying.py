"""After the rules of names have changed, old records are found by the new keys."""

from io import StringIO

import pytest
from django.core.management import call_command

from migrants.entries import PersonEntry
from migrants.enums import NameKind
from migrants.identity import name_keys
from migrants.models import Migrant
from migrants.registration import register
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(group):
    entries = [
        PersonEntry(full_name="Қодиров Аҳмад", other_names=(("Qodirov Ahmad", NameKind.OTHER_SCRIPT),)),
        PersonEntry(full_name="Раҳмонова Зулфия"),
    ]
    return [register(group=group, mission=group.mission, entry=entry, by=COMMAND, at=NOW) for entry in entries]


def run() -> str:
    said = StringIO()
    call_command("key_names_anew", stdout=said)
    return said.getvalue()


def test_old_keys_become_those_of_every_name_and_a_second_run_changes_nothing(people):
    wanted = {person.pk: person.name_keys for person in people}
    Migrant.objects.filter(pk=people[0].pk).update(name_keys=["as it was done before"])
    assert "2 people looked at, 1 changed" in run()
    assert dict(Migrant.objects.values_list("pk", "name_keys")) == wanted
    assert set(name_keys("Qodirov Ahmad")) <= set(wanted[people[0].pk])
    assert "2 people looked at, 0 changed" in run()


def test_an_emptied_record_stays_empty(people):
    Migrant.objects.filter(pk=people[0].pk).update(name_keys=[])
    run()
    assert Migrant.objects.get(pk=people[0].pk).name_keys == []
