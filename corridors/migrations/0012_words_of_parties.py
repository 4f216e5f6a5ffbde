"""What parties say after their decision, and every change of where a version stands."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import common.actors
from common.history import KeepHistory
from common.wall import BuildWall, of_own, of_staff

WORDS_STAND = """
create function corridors_keep_word() returns trigger language plpgsql as $$
begin
    raise exception 'What a party has said stands; it says the next word beside it.';
end $$;
create trigger words_stand before update or delete on corridors_partyword
    for each row execute function corridors_keep_word();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("corridors", "0011_subjects_of_requirements"),
        ("partners", "0012_duty_and_reach"),
    ]

    operations = [
        migrations.CreateModel(
            name="PartyWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("suspended", "suspended"), ("resumed", "resumed"), ("withdrawn", "withdrawn")],
                        max_length=20,
                    ),
                ),
                ("said_at", models.DateTimeField()),
                (
                    "said_how",
                    models.CharField(
                        choices=[
                            ("link", "signed link"),
                            ("page", "page of Homeward"),
                            ("phone", "phone, written down"),
                            ("letter", "letter, written down"),
                        ],
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("function", models.CharField(max_length=120, verbose_name="function")),
                ("reason", models.CharField(max_length=500)),
                ("reference", models.CharField(blank=True, max_length=100, verbose_name="document reference")),
                ("by", common.actors.ActorField()),
                (
                    "approval",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="words", to="corridors.approval"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.organisation"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="words",
                        to="corridors.corridorversion",
                    ),
                ),
            ],
            options={
                "ordering": ["said_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="StandingChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "was",
                    models.CharField(
                        choices=[
                            ("draft", "draft, nobody is asked yet"),
                            ("awaiting", "waiting for its parties"),
                            ("open", "open"),
                            ("rejected", "rejected"),
                            ("lapsed", "lapsed"),
                            ("suspended", "suspended"),
                            ("replaced", "replaced by a newer version"),
                            ("withdrawn", "withdrawn by a party"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "now",
                    models.CharField(
                        choices=[
                            ("draft", "draft, nobody is asked yet"),
                            ("awaiting", "waiting for its parties"),
                            ("open", "open"),
                            ("rejected", "rejected"),
                            ("lapsed", "lapsed"),
                            ("suspended", "suspended"),
                            ("replaced", "replaced by a newer version"),
                            ("withdrawn", "withdrawn by a party"),
                        ],
                        max_length=20,
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=500)),
                ("changed_at", models.DateTimeField()),
                ("assessed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="standing_changes",
                        to="corridors.corridorversion",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("assessed_at__isnull", True)),
                        fields=["changed_at"],
                        name="standings_not_yet_assessed",
                    )
                ],
            },
        ),
        migrations.RunSQL(WORDS_STAND, "drop function corridors_keep_word() cascade"),
        BuildWall(
            "corridors_partyword",
            of_staff("corridors"),
            of_own("version_id", "asker_versions"),
            of_own("organisation_id", "asker_organisations", command="insert"),
        ),
        KeepHistory("corridors_partyword"),
        KeepHistory("corridors_standingchange"),
    ]
