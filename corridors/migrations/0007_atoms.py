"""Conditions of rules with their bits, and the rules of a time slice: what the engine of readiness makes of the ledger."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("corridors", "0006_wall"),
    ]

    operations = [
        migrations.CreateModel(
            name="RuleAtom",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("params", models.JSONField()),
                ("zone", models.CharField(max_length=64)),
                ("canonical", models.TextField(unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_country", models.CharField(max_length=3)),
                ("to_country", models.CharField(max_length=3)),
                (
                    "crossing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="corridors.bordercrossing"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AtomSlot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bit", models.PositiveSmallIntegerField()),
                (
                    "passage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="slots", to="corridors.passage"
                    ),
                ),
                (
                    "atom",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="corridors.ruleatom"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RuleSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("versions", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("keys", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                (
                    "passage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rule_sets", to="corridors.passage"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="passage",
            constraint=models.UniqueConstraint(
                fields=("crossing", "from_country", "to_country"), name="one_passage_per_direction"
            ),
        ),
        migrations.AddConstraint(
            model_name="atomslot",
            constraint=models.UniqueConstraint(fields=("passage", "atom"), name="one_slot_per_passage_and_atom"),
        ),
        migrations.AddConstraint(
            model_name="atomslot",
            constraint=models.UniqueConstraint(fields=("passage", "bit"), name="one_atom_per_bit"),
        ),
        migrations.AddConstraint(
            model_name="ruleset",
            constraint=models.UniqueConstraint(
                fields=("passage", "versions"), name="one_rule_set_per_passage_and_versions"
            ),
        ),
    ]
