"""A case may end in hospital, in another country, with a death, or with somebody whom nobody found."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("returns", "0031_heads_apart"),
    ]

    operations = [
        migrations.AlterField(
            model_name="returncase",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("home", "home"),
                    ("changed_mind", "changed mind"),
                    ("hospital", "in hospital"),
                    ("not_found", "not found"),
                    ("died", "died"),
                    ("other_country", "went to another country"),
                    ("other", "another way"),
                ],
                max_length=20,
            ),
        ),
    ]
