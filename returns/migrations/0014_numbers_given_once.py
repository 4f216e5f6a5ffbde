"""Numbers of cases come from a counter of their own, shuffled: no two that are opened at once meet."""

from django.db import migrations

from common.numbers import GiveNumbers


class Migration(migrations.Migration):
    dependencies = [("returns", "0013_caseloads")]
    operations = [GiveNumbers("returns_returncase", shortest=7)]
