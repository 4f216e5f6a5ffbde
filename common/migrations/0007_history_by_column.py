"""History reads the columns that it tells and no others: what is sealed was made JSON, only to be thrown away again."""

from django.db import migrations

from common.history import functions


class Migration(migrations.Migration):
    dependencies = [("common", "0006_several_reaches")]
    operations = [migrations.RunSQL(functions(), migrations.RunSQL.noop)]
