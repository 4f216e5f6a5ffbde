import uuid

import django.db.models.deletion
from django.db import migrations, models

import common.actors
import common.sealed
from common.history import KeepHistory
from common.wall import BuildWall, behind


class Migration(migrations.Migration):
    dependencies = [
        ("migrants", "0019_whom_a_list_meets"),
        ("partners", "0007_wall"),
        ("returns", "0011_column_choices"),
    ]

    operations = [
        migrations.CreateModel(
            name="ManifestPiece",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("file", "part of the file as it came"), ("rows", "rows as read")], max_length=4
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("content", common.sealed.SealedBytesField()),
            ],
            options={
                "ordering": ["kind", "number"],
            },
        ),
        migrations.AddField(
            model_name="manifestupload",
            name="asked_by",
            field=common.actors.ActorField(null=True),
        ),
        migrations.AddField(
            model_name="manifestupload",
            name="claimed_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="manifestupload",
            name="decisions",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="manifestupload",
            name="problem",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="manifestupload",
            name="reached_row",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="manifestupload",
            name="rows_done",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="manifestupload",
            name="rows_total",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="manifestupload",
            name="state",
            field=models.CharField(
                choices=[
                    ("reading", "being read"),
                    ("staged", "waiting to be confirmed"),
                    ("storing", "being stored"),
                    ("confirmed", "confirmed"),
                    ("discarded", "discarded"),
                    ("refused", "cannot be read"),
                ],
                default="staged",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="manifestupload",
            index=models.Index(
                condition=models.Q(("state__in", ["reading", "storing"])),
                fields=["uploaded_at"],
                name="lists_to_work_off",
            ),
        ),
        migrations.AddField(
            model_name="manifestpiece",
            name="mission",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.office"
            ),
        ),
        migrations.AddField(
            model_name="manifestpiece",
            name="upload",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="pieces", to="returns.manifestupload"
            ),
        ),
        migrations.AddConstraint(
            model_name="manifestpiece",
            constraint=models.UniqueConstraint(
                fields=("upload", "kind", "number"), name="one_piece_of_a_kind_and_number"
            ),
        ),
        BuildWall("returns_manifestpiece", behind("returns_manifestupload", "upload_id")),
        KeepHistory("returns_manifestpiece", sealed=("content",)),
        # how far a task came is no history of the list
        KeepHistory("returns_manifestupload", sealed=("sheet",), derived=("rows_done", "reached_row", "claimed_until")),
    ]
