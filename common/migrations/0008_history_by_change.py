"""History compares what two rows hold, and makes JSON only of what has changed."""

from django.db import migrations

from common.history import functions


class Migration(migrations.Migration):
    dependencies = [("common", "0007_history_by_column")]
    operations = [migrations.RunSQL(functions(), migrations.RunSQL.noop)]
