from django.db import migrations

from common.history import KeepHistory


class Migration(migrations.Migration):
    dependencies = [("common", "0003_history"), ("corridors", "0004_changes_are_claimed_by_lock")]
    operations = [
        KeepHistory("corridors_bordercrossing", derived=("search_text",)),
        KeepHistory("corridors_crossingside"),
        KeepHistory("corridors_requirement"),
        KeepHistory("corridors_requirementversion"),
        KeepHistory("corridors_requirementdraft"),
        KeepHistory("corridors_requirementchange"),
        KeepHistory("corridors_transitcorridor"),
        KeepHistory("corridors_corridorversion"),
        KeepHistory("corridors_approval"),
        KeepHistory("corridors_suspension"),
    ]
