"""A group may be excused through the corridor by which it is planned."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("corridors", "0019_waivers_of_versions"),
        ("migrants", "0040_crews_are_forgotten"),
        ("partners", "0014_carriers"),
        ("returns", "0044_names_of_the_crew"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="groupwaiver",
            name="one_waiver_per_group_and_requirement",
        ),
        migrations.AddField(
            model_name="groupwaiver",
            name="through",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="corridors.versionwaiver",
            ),
        ),
        migrations.AlterField(
            model_name="waiver",
            name="requirement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="corridors.requirement"
            ),
        ),
        migrations.AddConstraint(
            model_name="groupwaiver",
            constraint=models.UniqueConstraint(
                fields=("group", "requirement", "through"),
                name="one_waiver_per_group_and_requirement",
                nulls_distinct=False,
            ),
        ),
    ]
