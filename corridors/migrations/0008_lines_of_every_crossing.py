"""A line may be asked at every crossing of a direction, and of those alone who travel by one means."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("corridors", "0007_atoms"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="requirement",
            name="one_line_per_crossing_direction_subject",
        ),
        migrations.AddField(
            model_name="requirement",
            name="mode",
            field=models.CharField(
                blank=True,
                choices=[
                    ("foot", "on foot"),
                    ("car", "by car or taxi"),
                    ("bus", "by bus"),
                    ("truck", "by truck"),
                    ("train", "by train"),
                    ("plane", "by plane"),
                    ("boat", "by boat"),
                ],
                default="",
                db_default="",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="requirement",
            name="crossing",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="requirements",
                to="corridors.bordercrossing",
            ),
        ),
        migrations.AlterField(
            model_name="requirement",
            name="from_country",
            field=models.CharField(blank=True, max_length=3),
        ),
        migrations.AlterField(
            model_name="requirement",
            name="to_country",
            field=models.CharField(blank=True, max_length=3),
        ),
        migrations.AddConstraint(
            model_name="requirement",
            constraint=models.UniqueConstraint(
                fields=("crossing", "from_country", "to_country", "mode", "subject"),
                name="one_line_per_crossing_direction_mode_subject",
                nulls_distinct=False,
                violation_error_message="This crossing has a line for that subject already; enter a new version of it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="requirement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("crossing__isnull", True),
                    models.Q(
                        models.Q(("from_country", ""), _negated=True), models.Q(("to_country", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="a_crossing_has_both_ends",
                violation_error_message="At one crossing both countries are known; name them.",
            ),
        ),
        migrations.RemoveConstraint(model_name="passage", name="one_passage_per_direction"),
        migrations.AddField(
            model_name="passage",
            name="mode",
            field=models.CharField(
                blank=True,
                choices=[
                    ("foot", "on foot"),
                    ("car", "by car or taxi"),
                    ("bus", "by bus"),
                    ("truck", "by truck"),
                    ("train", "by train"),
                    ("plane", "by plane"),
                    ("boat", "by boat"),
                ],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="passage",
            constraint=models.UniqueConstraint(
                fields=("crossing", "from_country", "to_country", "mode"), name="one_passage_per_direction_and_mode"
            ),
        ),
    ]
