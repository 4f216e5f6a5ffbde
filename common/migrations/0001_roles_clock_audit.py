import uuid

from django.db import migrations, models

import common.actors
from common.partitions import append_only, prepare_roles

PARTITIONED_TABLES = """
create table common_auditentry (
    id uuid not null, at timestamptz not null, verb varchar(60) not null, subject varchar(100) not null,
    by jsonb not null, why text not null, request_id varchar(64) not null, primary key (id, at)
) partition by range (at);
create index audit_by_subject on common_auditentry (subject, at);
create table common_auditentry_default partition of common_auditentry default;
create table common_accessentry (
    id uuid not null, at timestamptz not null, person uuid not null, page varchar(100) not null,
    by jsonb not null, request_id varchar(64) not null, primary key (id, at)
) partition by range (at);
create index access_by_person on common_accessentry (person, at);
create table common_accessentry_default partition of common_accessentry default;
"""


class Migration(migrations.Migration):
    initial = True
    run_before = [("contenttypes", "0001_initial")]
    dependencies = []
    operations = [
        migrations.RunPython(prepare_roles, migrations.RunPython.noop),
        migrations.CreateModel(
            name="ClockOffset",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("offset", models.DurationField()),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    PARTITIONED_TABLES, "drop table common_auditentry cascade; drop table common_accessentry cascade;"
                )
            ],
            state_operations=[
                migrations.CreateModel(
                    name="AuditEntry",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "id", "at", blank=True, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("id", models.UUIDField(default=uuid.uuid4)),
                        ("at", models.DateTimeField()),
                        ("verb", models.CharField(max_length=60)),
                        ("subject", models.CharField(max_length=100)),
                        ("by", common.actors.ActorField()),
                        ("why", models.TextField(blank=True)),
                        ("request_id", models.CharField(blank=True, max_length=64)),
                    ],
                    options={"indexes": [models.Index(fields=["subject", "at"], name="audit_by_subject")]},
                ),
                migrations.CreateModel(
                    name="AccessEntry",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "id", "at", blank=True, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("id", models.UUIDField(default=uuid.uuid4)),
                        ("at", models.DateTimeField()),
                        ("person", models.UUIDField()),
                        ("page", models.CharField(max_length=100)),
                        ("by", common.actors.ActorField()),
                        ("request_id", models.CharField(blank=True, max_length=64)),
                    ],
                    options={"indexes": [models.Index(fields=["person", "at"], name="access_by_person")]},
                ),
            ],
        ),
        migrations.RunPython(
            append_only(
                "common_auditentry", "common_auditentry_default", "common_accessentry", "common_accessentry_default"
            ),
            migrations.RunPython.noop,
        ),
    ]
