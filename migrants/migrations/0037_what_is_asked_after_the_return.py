"""Consent may be asked for reception by an organisation, for follow-up, and for help to settle in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("migrants", "0036_when_a_result_was_replaced"),
    ]

    operations = [
        migrations.AlterField(
            model_name="consent",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("return", "assisted voluntary return"),
                    ("consulate", "being shown to the consulate"),
                    ("receive", "being shown to an organisation that receives"),
                    ("follow_up", "being asked after the return how things are"),
                    ("reintegration", "being helped to settle in by an organisation"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="disclosure",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("return", "assisted voluntary return"),
                    ("consulate", "being shown to the consulate"),
                    ("receive", "being shown to an organisation that receives"),
                    ("follow_up", "being asked after the return how things are"),
                    ("reintegration", "being helped to settle in by an organisation"),
                ],
                max_length=20,
            ),
        ),
    ]
