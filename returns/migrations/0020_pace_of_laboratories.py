"""How fast the laboratory is that serves a group: from it follows by when samples must be taken."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("returns", "0019_judgements_written_anew")]
    operations = [
        migrations.AddField(
            "plan",
            "laboratory",
            models.CharField(blank=True, default="", max_length=200, verbose_name="laboratory"),
            preserve_default=False,
        ),
        migrations.AddField("plan", "tests_an_hour", models.PositiveSmallIntegerField(blank=True, null=True)),
        migrations.AddField("plan", "result_minutes", models.PositiveSmallIntegerField(blank=True, null=True)),
        migrations.AddField("plan", "laboratory_opens", models.TimeField(blank=True, null=True)),
        migrations.AddField("plan", "laboratory_closes", models.TimeField(blank=True, null=True)),
    ]
