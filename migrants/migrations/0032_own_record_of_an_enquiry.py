"""The asker's own record of whom a question means, so that the office that answers can lay both beside each other."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("migrants", "0031_proof_of_telling")]

    operations = [
        migrations.AddField(
            model_name="enquiry",
            name="own",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="migrants.migrant",
            ),
        ),
    ]
