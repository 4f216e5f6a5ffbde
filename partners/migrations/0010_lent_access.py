import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import common.actors
from common.history import KeepHistory
from common.wall import BuildWall, behind_account, of_staff


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0009_roles_held_by_the_database"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LentAccess",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("subject", models.CharField(max_length=50)),
                ("lent_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("by", common.actors.ActorField()),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.office"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)), fields=["user", "until"], name="lent_open"
                    ),
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)), fields=["subject"], name="lent_by_subject"
                    ),
                ],
            },
        ),
        KeepHistory("partners_lentaccess"),
        BuildWall("partners_lentaccess", behind_account(), of_staff("oversight", write=False)),
    ]
