from django.db import migrations

from common.history import KeepHistory


class Migration(migrations.Migration):
    dependencies = [("common", "0003_history"), ("accounts", "0001_users")]
    operations = [
        KeepHistory("accounts_user", sealed=("password",), derived=("last_login",)),
    ]
