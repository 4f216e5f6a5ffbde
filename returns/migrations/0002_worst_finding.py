from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("returns", "0001_cases_readiness_manifests")]

    operations = [
        migrations.AddField(
            model_name="casereadiness",
            name="worst",
            field=models.CharField(default="unknown", max_length=10),
            preserve_default=False,
        ),
    ]
