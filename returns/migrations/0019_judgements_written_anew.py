"""A judgement is written anew whenever a rule changes: without an index that nothing asks, nor a look at its rule set a row."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("corridors", "0007_atoms"),
        ("returns", "0018_mode_of_a_plan"),
    ]

    operations = [
        migrations.AlterField(
            model_name="casereadiness",
            name="passage",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="corridors.passage",
            ),
        ),
        migrations.AlterField(
            model_name="casereadiness",
            name="rule_set",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="corridors.ruleset",
            ),
        ),
    ]
