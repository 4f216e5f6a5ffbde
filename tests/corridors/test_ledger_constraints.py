"""The database itself keeps the ledger: no overlap, nothing rewritten, nothing deleted."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from corridors.models import RequirementVersion
from tests.corridors.conftest import PCR, RAPID

pytestmark = pytest.mark.django_db

COPY = """
insert into corridors_requirementversion (public_id, requirement_id, number, content, certainty, source_tier, source_text,
    authority_id, zone, applies, known, entered_at, entered_by)
select gen_random_uuid(), requirement_id, number + 1, content, certainty, source_tier, source_text, authority_id, zone,
    applies, {known}, entered_at, entered_by from corridors_requirementversion where id = %s
"""


def run(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_two_rules_for_one_moment_as_known_are_refused(publish):
    version = publish(RAPID)
    with pytest.raises(IntegrityError, match="one_rule_at_a_time_as_known"):
        run(COPY.format(known="known"), version.pk)


def test_the_same_moment_as_known_earlier_is_another_truth(publish):
    version = publish(RAPID)
    run(COPY.format(known="tstzrange(lower(known) - interval '1 day', lower(known))"), version.pk)
    assert RequirementVersion.objects.count() == 2


@pytest.mark.parametrize(
    "change",
    [
        "content = '{}'",
        "certainty = 'confirmed'",
        "source_text = 'something else'",
        "number = 7",
        "applies = tstzrange(lower(applies), lower(applies) + interval '1 day')",
        "entered_at = entered_at - interval '1 day'",
        "known = tstzrange(lower(known) - interval '1 day', null)",
    ],
)
def test_what_a_version_says_is_never_rewritten(publish, change):
    version = publish(RAPID)
    with pytest.raises(DatabaseError, match="Only the open upper end"):
        run(f"update corridors_requirementversion set {change} where id = %s", version.pk)  # noqa: S608
    with pytest.raises(DatabaseError, match="Only the open upper end"), transaction.atomic():
        RequirementVersion.objects.filter(pk=version.pk).update(content={})


def test_what_we_stopped_believing_stays_closed(publish):
    first = publish(RAPID)
    publish(PCR, hours=1)
    with pytest.raises(DatabaseError, match="Only the open upper end"):
        run("update corridors_requirementversion set known = tstzrange(lower(known), null) where id = %s", first.pk)


def test_a_version_is_never_deleted(publish):
    version = publish(RAPID)
    with pytest.raises(DatabaseError, match="never deleted"):
        run("delete from corridors_requirementversion where id = %s", version.pk)


def test_two_versions_of_one_line_cannot_carry_one_number(publish):
    version = publish(RAPID)
    with pytest.raises(IntegrityError):
        run(COPY.format(known="tstzrange(lower(known) - interval '1 day', lower(known))").replace("number + 1", "number"),
            version.pk)  # fmt: skip


def test_a_line_must_cross_a_border(publish):
    version = publish(RAPID)
    with pytest.raises(IntegrityError, match="requirement_crosses_a_border"):
        run("update corridors_requirement set to_country = from_country where id = %s", version.requirement_id)
