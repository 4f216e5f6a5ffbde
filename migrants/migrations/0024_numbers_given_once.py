"""Numbers of people come from a counter of their own, shuffled: no two who register at once meet."""

from django.db import migrations

from common.numbers import GiveNumbers


class Migration(migrations.Migration):
    dependencies = [("migrants", "0023_pairs_no_longer_likely")]
    operations = [GiveNumbers("migrants_migrant", shortest=6)]
