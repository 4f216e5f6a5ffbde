"""A health test is claimed by a lock on its row; nothing ever wrote down until when."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("migrants", "0003_screening_and_replaced_results")]

    operations = [migrations.RemoveField(model_name="healthtest", name="claimed_until")]
