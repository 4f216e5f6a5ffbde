from django.db import migrations

from common.history import KeepHistory


class Migration(migrations.Migration):
    dependencies = [
        ("common", "0003_history"),
        ("accounts", "0004_sign_ins_and_devices"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]
    operations = [
        KeepHistory("accounts_signin", sealed=("session_key",), derived=("last_used_at",)),
        KeepHistory("accounts_remembereddevice"),
        KeepHistory("mfa_authenticator", sealed=("data",), derived=("last_used_at",)),
    ]
