from django.db import migrations, models

from common.history import functions
from common.partitions import ENSURE_MONTH, runtime_role

TABLE = """
create table common_historyrow (
    id bigint generated always as identity, at timestamptz not null, table_name varchar(63) not null,
    row_id bigint not null, public_id uuid, person_id bigint, second_person_id bigint, mission_id bigint,
    operation varchar(6) not null, content jsonb, who jsonb, request_id varchar(64) not null,
    transaction bigint not null, salt uuid, content_digest bytea not null, digest bytea not null, emptied_by uuid,
    primary key (id, at)
) partition by range (at);
create index history_by_transaction on common_historyrow (transaction);
create index history_by_row on common_historyrow (public_id) where public_id is not null;
create index history_by_person on common_historyrow (person_id, id) where person_id is not null;
create index history_by_second on common_historyrow (second_person_id, id) where second_person_id is not null;
create table common_historyrow_default partition of common_historyrow default;
"""
PARTITIONED = ("common_historyrow", "common_auditentry", "common_accessentry")


def only_through_the_whole(apps, schema_editor):
    """Months are written and read through their whole; history itself is written by its trigger alone."""
    quote, role = schema_editor.connection.ops.quote_name, runtime_role()
    schema_editor.execute(ENSURE_MONTH.replace("__RUNTIME__", role), params=None)
    with schema_editor.connection.cursor() as cursor:
        for parent in PARTITIONED:
            cursor.execute("select inhrelid::regclass::text from pg_inherits where inhparent = %s::regclass", [parent])
            for (part,) in cursor.fetchall():
                cursor.execute(f"revoke all on {part} from {quote(role)}")
        cursor.execute(f"revoke insert, update, delete, truncate on common_historyrow from {quote(role)}")
        cursor.execute(f"revoke usage, update on sequence common_historyrow_id_seq from {quote(role)}")
        cursor.execute(
            "select homeward_ensure_month('common_historyrow', now() + make_interval(months => month))"
            " from generate_series(0, 2) month"
        )


class Migration(migrations.Migration):
    dependencies = [("common", "0002_idempotency_keys")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(TABLE, "drop table common_historyrow cascade")],
            state_operations=[
                migrations.CreateModel(
                    name="HistoryRow",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "id", "at", blank=True, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        ("at", models.DateTimeField()),
                        ("table_name", models.CharField(max_length=63)),
                        ("row_id", models.BigIntegerField()),
                        ("public_id", models.UUIDField(null=True)),
                        ("person_id", models.BigIntegerField(null=True)),
                        ("second_person_id", models.BigIntegerField(null=True)),
                        ("mission_id", models.BigIntegerField(null=True)),
                        ("operation", models.CharField(max_length=6)),
                        ("content", models.JSONField(null=True)),
                        ("who", models.JSONField(null=True)),
                        ("request_id", models.CharField(max_length=64)),
                        ("transaction", models.BigIntegerField()),
                        ("salt", models.UUIDField(null=True)),
                        ("content_digest", models.BinaryField()),
                        ("digest", models.BinaryField()),
                        ("emptied_by", models.UUIDField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["transaction"], name="history_by_transaction"),
                            models.Index(
                                fields=["public_id"], name="history_by_row", condition=models.Q(public_id__isnull=False)
                            ),
                            models.Index(
                                fields=["person_id", "id"],
                                name="history_by_person",
                                condition=models.Q(person_id__isnull=False),
                            ),
                            models.Index(
                                fields=["second_person_id", "id"],
                                name="history_by_second",
                                condition=models.Q(second_person_id__isnull=False),
                            ),
                        ]
                    },
                )
            ],
        ),
        migrations.RunSQL(
            functions(),
            "drop function homeward_keep_insert(), homeward_keep_update(), homeward_keep_delete(),"
            " homeward_person_behind(text, bigint)",
        ),
        migrations.RunPython(only_through_the_whole, migrations.RunPython.noop),
    ]
