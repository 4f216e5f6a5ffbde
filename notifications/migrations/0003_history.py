from django.db import migrations

from common.history import KeepHistory


class Migration(migrations.Migration):
    dependencies = [("common", "0003_history"), ("notifications", "0002_delivery_per_address")]
    operations = [
        KeepHistory("notifications_alert"),
        KeepHistory("notifications_notice"),
        KeepHistory("notifications_acknowledgement"),
        KeepHistory("notifications_objection"),
        KeepHistory("notifications_callentry"),
        KeepHistory("notifications_delivery", sealed=("payload",), derived=("claimed_until",)),
        KeepHistory("notifications_escalationstep"),
        KeepHistory("notifications_signedlink"),
    ]
