"""Finds the disclosures that last without walking through those that have ended."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("migrants", "0011_look_up_behind_the_wall")]
    operations = [
        migrations.AddIndex(
            model_name="disclosure",
            index=models.Index(fields=["recipient", "valid_until"], name="disclosures_that_last"),
        ),
    ]
