"""What was counted lately and the last mood of each group are found by an index, however many counts there are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("migrants", "0040_crews_are_forgotten"),
        ("partners", "0014_carriers"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="headcount",
            index=models.Index(fields=["-counted_at"], name="counts_of_the_last_hours"),
        ),
        migrations.AddIndex(
            model_name="headcount",
            index=models.Index(
                condition=models.Q(("mood", ""), _negated=True),
                fields=["group", "-counted_at", "-id"],
                name="moods_of_counts_latest_first",
            ),
        ),
    ]
