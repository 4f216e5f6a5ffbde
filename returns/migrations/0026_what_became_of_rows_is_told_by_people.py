"""What became of a row of a list follows from the people whose history leads to it, so no row of history says it again."""

from typing import Any

from django.db import migrations

from common.history import KeepHistory


def followed(apps: Any, schema_editor: Any) -> None:
    KeepHistory("returns_manifestrow", sealed=("entry",), derived=("outcome", "person_id")).database_forwards(
        "returns", schema_editor, None, None
    )


def told(apps: Any, schema_editor: Any) -> None:
    KeepHistory("returns_manifestrow", sealed=("entry",)).database_forwards("returns", schema_editor, None, None)


class Migration(migrations.Migration):
    dependencies = [("returns", "0025_before_they_arrive")]

    operations = [migrations.RunPython(followed, told)]
