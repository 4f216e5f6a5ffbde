"""What has to stand ready where a movement arrives, in counts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("returns", "0045_waivers_of_corridors")]

    operations = [
        migrations.AddField(
            model_name="movement",
            name="arrival_needs",
            field=models.JSONField(blank=True, db_default={}, default=dict),
        ),
    ]
