from django.db import migrations

from common.history import KeepHistory


class Migration(migrations.Migration):
    dependencies = [("common", "0003_history"), ("returns", "0006_handover")]
    operations = [
        KeepHistory("returns_plan"),
        KeepHistory("returns_returncase"),
        KeepHistory("returns_waiver", person="case_id", behind="returns_returncase"),
        KeepHistory("returns_need"),
        KeepHistory("returns_aiditem"),
        KeepHistory("returns_pledge", sealed=("correspondence",)),
        KeepHistory("returns_movement"),
        KeepHistory("returns_vehicle"),
        KeepHistory("returns_seat"),
        KeepHistory("returns_manifest"),
        KeepHistory("returns_manifestentry"),
        KeepHistory("returns_frozenfinding", person="entry_id", behind="returns_manifestentry"),
        KeepHistory("returns_checkpoint"),
        KeepHistory("returns_difference"),
        KeepHistory("returns_handover"),
        KeepHistory("returns_reception"),
        KeepHistory("returns_samplelist"),
        KeepHistory("returns_sample", person="case_id", behind="returns_returncase"),
        KeepHistory("returns_travelquestion", person="case_id", behind="returns_returncase"),
        KeepHistory("returns_manifestupload", sealed=("sheet",)),
        KeepHistory("returns_manifestrow", sealed=("entry",)),
        KeepHistory("returns_grouptold"),
    ]
