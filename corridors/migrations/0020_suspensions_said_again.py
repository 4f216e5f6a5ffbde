"""When it was last said again that a suspension has not ended."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("corridors", "0019_waivers_of_versions"),
    ]

    operations = [
        migrations.AddField(
            model_name="standingchange",
            name="reminded_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
