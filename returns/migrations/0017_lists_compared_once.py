from django.db import migrations, models

from common.history import KeepHistory


class Migration(migrations.Migration):
    dependencies = [("migrants", "0025_people_changed"), ("returns", "0016_waiting_heads")]
    operations = [
        migrations.AddField(
            model_name="manifestupload",
            name="compared",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="manifestupload",
            name="judged_row",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="manifestupload",
            name="tries",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        # how far a task came, and with whom it has compared, is no history of the list
        KeepHistory(
            "returns_manifestupload",
            sealed=("sheet",),
            derived=("rows_done", "reached_row", "claimed_until", "compared", "judged_row", "tries"),
        ),
    ]
