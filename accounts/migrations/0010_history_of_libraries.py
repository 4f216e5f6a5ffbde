from django.db import migrations

from common.history import KeepHistory


class Migration(migrations.Migration):
    """What the libraries of signing in keep of an account has a history too: who changes it could enter as somebody else."""

    dependencies = [
        ("accounts", "0009_field_devices"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("knox", "0009_extend_authtoken_field"),
    ]
    operations = [
        # Its key is the digest, which no history may hold. The library names its columns and so does not see this one.
        migrations.RunSQL(
            "alter table knox_authtoken add column id bigint generated always as identity unique",
            "alter table knox_authtoken drop column id",
        ),
        KeepHistory("knox_authtoken", sealed=("digest", "token_key")),
        KeepHistory("account_emailaddress"),
        KeepHistory("account_emailconfirmation", sealed=("key",)),
    ]
