"""Readiness is kept in bits: a bit for each condition, and one for each rule and verdict."""

import django.db.models.deletion
from django.db import migrations, models

ROOM = """
-- A row is written anew again and again; with room beside it, it stays on its page and no index is touched.
alter table returns_casereadiness set (fillfactor = 70);
"""
JUDGED_ANEW = """
set local statement_timeout = 0;
-- Bits follow from facts alone: every open case is judged anew at the next beat.
update returns_casereadiness set recheck_at = null;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("corridors", "0007_atoms"),
        ("returns", "0014_numbers_given_once"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="casereadiness",
            name="findings",
        ),
        migrations.AddField(
            model_name="casereadiness",
            name="exempt",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="casereadiness",
            name="expiring",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="casereadiness",
            name="false_high",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="casereadiness",
            name="false_low",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="casereadiness",
            name="late_false_high",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="casereadiness",
            name="late_false_low",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="casereadiness",
            name="late_true_high",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="casereadiness",
            name="late_true_low",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="casereadiness",
            name="missing",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="casereadiness",
            name="passage",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="corridors.passage"
            ),
        ),
        migrations.AddField(
            model_name="casereadiness",
            name="rule_set",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="corridors.ruleset",
            ),
        ),
        migrations.AddField(
            model_name="casereadiness",
            name="true_high",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="casereadiness",
            name="true_low",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="casereadiness",
            name="unknown",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="casereadiness",
            name="waived",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name="casereadiness",
            index=models.Index(fields=["passage", "judged_for"], name="readiness_at_a_passage"),
        ),
        migrations.RunSQL(ROOM, "alter table returns_casereadiness reset (fillfactor);"),
        migrations.RunSQL(JUDGED_ANEW, migrations.RunSQL.noop),
    ]
