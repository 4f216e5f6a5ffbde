"""A decision that holds for the next version is carried over; one that does not says why its party is asked anew."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("corridors", "0013_quorum_and_own_terms"),
        ("partners", "0014_carriers"),
    ]

    operations = [
        migrations.AddField(
            model_name="approval",
            name="carried_from",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="carried_to",
                to="corridors.approval",
            ),
        ),
        migrations.AddField(
            model_name="approval",
            name="reopened",
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("carried_from__isnull", True), models.Q(("state", "asked"), _negated=True), _connector="OR"
                ),
                name="carried_approval_is_decided",
                violation_error_message="Only what was decided is carried over.",
            ),
        ),
    ]
