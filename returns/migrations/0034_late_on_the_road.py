"""When it was told that a movement is late to leave, or to be through the barrier."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("returns", "0033_buses_that_turn_back")]

    operations = [
        migrations.AddField("movement", "departure_told_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("movement", "barrier_told_at", models.DateTimeField(blank=True, null=True)),
    ]
