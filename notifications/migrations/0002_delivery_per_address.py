from django.db import migrations, models


class Migration(migrations.Migration):
    """A desk may have two addresses: each is told."""

    dependencies = [("notifications", "0001_alerts_deliveries_answers")]

    operations = [
        migrations.RemoveConstraint(model_name="delivery", name="one_delivery_per_purpose"),
        migrations.AlterField(
            model_name="delivery",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("first", "first message"),
                    ("remind", "reminder"),
                    ("next_contact", "to the second contact"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                fields=("notice", "contact", "channel_kind", "address", "purpose"), name="one_delivery_per_purpose"
            ),
        ),
    ]
