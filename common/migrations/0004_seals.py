from django.db import migrations, models

import common.actors
from common import history, seals
from common.history import KeepHistory
from common.partitions import append_only, runtime_role

COLUMNS = """
alter table {table}
    add column transaction bigint not null default 0, add column salt uuid,
    add column content_digest bytea not null default '', add column digest bytea not null default '',
    add column emptied_by uuid;
create index {short}_by_transaction on {table} (transaction);
create index {short}_by_request on {table} (request_id) where request_id > '';
"""
BACK = """
alter table {table}
    drop column transaction, drop column salt, drop column content_digest, drop column digest, drop column emptied_by;
"""
DIGEST_WHAT_STANDS = """
update {table} set transaction = pg_current_xact_id()::text::bigint, salt = gen_random_uuid();
update {table} set content_digest = sha256(uuid_send(salt) || convert_to({content}, 'UTF8'));
update {table} set digest = sha256(convert_to({envelope}, 'UTF8') || content_digest);
"""
DIGESTED = [
    ("transaction", models.BigIntegerField(db_default=0, editable=False)),
    ("salt", models.UUIDField(editable=False, null=True)),
    ("content_digest", models.BinaryField(db_default=b"", editable=False)),
    ("digest", models.BinaryField(db_default=b"", editable=False)),
    ("emptied_by", models.UUIDField(editable=False, null=True)),
]


def add_functions(apps, schema_editor):
    for log in seals.LOGS:
        if log.table != "common_historyrow":
            step = DIGEST_WHAT_STANDS.format(table=log.table, content=log.content, envelope=log.envelope)
            schema_editor.execute(step, params=None)
    role = schema_editor.connection.ops.quote_name(runtime_role())
    for text in (seals.functions(), history.emptying()):
        schema_editor.execute(text.replace("__RUNTIME__", role), params=None)


def drop_functions(apps, schema_editor):
    for table in ("common_auditentry", "common_accessentry"):
        schema_editor.execute(f"drop trigger digest_of_entry on {table}", params=None)
        schema_editor.execute(f"drop function homeward_digest_{table}()", params=None)
    schema_editor.execute("drop function homeward_seal_history()", params=None)
    schema_editor.execute(
        "drop function homeward_empty_history(uuid, bigint, uuid, timestamptz, jsonb, text)", params=None
    )


def only_by_their_function(apps, schema_editor):
    quote = schema_editor.connection.ops.quote_name
    for table in ("common_historyseal", "common_historyerasure"):
        schema_editor.execute(f"revoke insert on {quote(table)} from {quote(runtime_role())}", params=None)


class Migration(migrations.Migration):
    dependencies = [("common", "0003_history")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    COLUMNS.format(table="common_auditentry", short="audit"), BACK.format(table="common_auditentry")
                ),
                migrations.RunSQL(
                    COLUMNS.format(table="common_accessentry", short="access")
                    + "alter table common_accessentry add column address varchar(45) not null default '',"
                    " add column export uuid;",
                    BACK.format(table="common_accessentry")
                    + "alter table common_accessentry drop column address, drop column export;",
                ),
            ],
            state_operations=[
                *(
                    migrations.AddField(model_name=model, name=name, field=field)
                    for model in ("auditentry", "accessentry")
                    for name, field in DIGESTED
                ),
                migrations.AddField("accessentry", "address", models.CharField(blank=True, max_length=45)),
                migrations.AddField("accessentry", "export", models.UUIDField(null=True)),
                *(
                    migrations.AddIndex(
                        f"{short}entry", models.Index(fields=["transaction"], name=f"{short}_by_transaction")
                    )
                    for short in ("audit", "access")
                ),
                *(
                    migrations.AddIndex(
                        f"{short}entry",
                        models.Index(
                            fields=["request_id"], name=f"{short}_by_request", condition=models.Q(request_id__gt="")
                        ),
                    )
                    for short in ("audit", "access")
                ),
            ],
        ),
        migrations.CreateModel(
            name="HistorySeal",
            fields=[
                ("number", models.IntegerField(primary_key=True, serialize=False)),
                ("sealed_at", models.DateTimeField()),
                ("from_transaction", models.BigIntegerField()),
                ("until_transaction", models.BigIntegerField()),
                ("rows", models.IntegerField()),
                ("list", models.BinaryField()),
                ("rows_digest", models.BinaryField()),
                ("previous", models.BinaryField()),
                ("head", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="HistoryErasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(unique=True)),
                ("person", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("by", common.actors.ActorField()),
                ("why", models.TextField()),
                ("rows", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="HistoryCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("checked_at", models.DateTimeField()),
                ("seal", models.IntegerField()),
                ("head", models.CharField(blank=True, max_length=64)),
                ("seals", models.IntegerField()),
                ("rows", models.IntegerField()),
                ("waiting", models.IntegerField()),
                ("emptied", models.IntegerField()),
                ("faults", models.IntegerField()),
                ("first_fault", models.TextField(blank=True)),
                ("seconds", models.FloatField()),
                ("by", common.actors.ActorField()),
            ],
        ),
        migrations.RunPython(add_functions, drop_functions),
        migrations.RunPython(
            append_only("common_historyseal", "common_historyerasure", "common_historycheck"), migrations.RunPython.noop
        ),
        migrations.RunPython(only_by_their_function, migrations.RunPython.noop),
        KeepHistory("common_historyerasure"),
    ]
