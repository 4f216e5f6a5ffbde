"""History says of whom a row of an enquiry is: whom it asks about, and the asker's own record beside."""

from typing import Any

from django.db import migrations

from common.history import KeepHistory

SEALED = ("entry", "why", "answer")


def of_both(apps: Any, schema_editor: Any) -> None:
    KeepHistory("migrants_enquiry", sealed=SEALED, second_person="own_id").database_forwards(
        "migrants", schema_editor, None, None
    )


def of_one(apps: Any, schema_editor: Any) -> None:
    KeepHistory("migrants_enquiry", sealed=SEALED).database_forwards("migrants", schema_editor, None, None)


class Migration(migrations.Migration):
    dependencies = [("migrants", "0032_own_record_of_an_enquiry")]

    operations = [migrations.RunPython(of_both, of_one)]
