"""Who drives which bus."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0014_carriers"),
        ("returns", "0028_crew_and_stages"),
    ]

    operations = [
        migrations.AddField(
            model_name="vehicle",
            name="carrier",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partners.organisation",
            ),
        ),
    ]
