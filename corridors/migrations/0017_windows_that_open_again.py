"""A window may open again and again between its two dates, on some days and hours of the week."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("corridors", "0016_ways_through_several_countries"),
        ("partners", "0014_carriers"),
    ]

    operations = [
        migrations.AddField(
            model_name="corridorversion",
            name="hours",
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
        migrations.AddConstraint(
            model_name="corridorversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("hours", []), ("opens_at__isnull", False), _connector="OR"),
                name="corridor_hours_lie_between_dates",
                violation_error_message="Days and hours lie between two dates.",
            ),
        ),
    ]
