"""A change is claimed by a lock on its row; nothing ever wrote down until when."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("corridors", "0003_windows_approvals_suspensions")]

    operations = [migrations.RemoveField(model_name="requirementchange", name="claimed_until")]
