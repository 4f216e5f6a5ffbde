from django.db import migrations

from common.history import KeepHistory


class Migration(migrations.Migration):
    dependencies = [("common", "0003_history"), ("migrants", "0006_exports")]
    operations = [
        KeepHistory("migrants_travelgroup"),
        KeepHistory("migrants_family"),
        KeepHistory("migrants_headcount"),
        KeepHistory(
            "migrants_migrant", person="id", sealed=("phone", "phone_index", "note"), derived=("name_keys", "sort_key")
        ),
        KeepHistory("migrants_personname"),
        KeepHistory("migrants_earlierclaim"),
        KeepHistory("migrants_nationality"),
        KeepHistory("migrants_traveldocument", sealed=("number", "number_index")),
        KeepHistory("migrants_consent"),
        KeepHistory("migrants_disclosure"),
        KeepHistory("migrants_healthtest"),
        KeepHistory("migrants_duplicatepair", person="first_id", second_person="second_id"),
        KeepHistory("migrants_merge", person="kept_id", second_person="absorbed_id"),
        KeepHistory("migrants_protectionhold", sealed=("reason", "clearing_reason")),
        KeepHistory("migrants_childarrangement"),
        KeepHistory("migrants_screening", sealed=("needs", "note")),
        KeepHistory("migrants_referral", sealed=("reason", "outcome")),
        KeepHistory("migrants_export"),
    ]
