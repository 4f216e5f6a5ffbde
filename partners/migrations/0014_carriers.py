"""A carrier is a kind of organisation."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0013_an_address_once"),
    ]

    operations = [
        migrations.AlterField(
            model_name="organisation",
            name="kind",
            field=models.CharField(
                choices=[
                    ("iom", "IOM mission"),
                    ("ministry", "ministry"),
                    ("inter_agency", "inter-agency body"),
                    ("border", "border service"),
                    ("customs", "customs"),
                    ("health", "health service"),
                    ("police", "police"),
                    ("region", "regional government"),
                    ("embassy", "embassy"),
                    ("consulate", "consulate"),
                    ("carrier", "carrier"),
                    ("ngo", "non-governmental organisation"),
                    ("un", "UN agency"),
                    ("donor", "donor"),
                ],
                max_length=20,
            ),
        ),
    ]
