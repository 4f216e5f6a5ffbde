from django.db import migrations

from common.history import KeepHistory


class Migration(migrations.Migration):
    dependencies = [("common", "0003_history"), ("partners", "0002_own_mission")]
    operations = [
        KeepHistory("partners_organisation"),
        KeepHistory("partners_office"),
        KeepHistory("partners_contact"),
        KeepHistory("partners_channel"),
        KeepHistory("partners_interest"),
        KeepHistory("partners_membership"),
    ]
