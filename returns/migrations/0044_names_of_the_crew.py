"""History says that the name and the paper of somebody of a crew changed, and not to what: they are kept for weeks."""

from django.db import migrations

from common.history import KeepHistory

PAPER = ("phone", "document_kind", "document_number", "document_until")


class Migration(migrations.Migration):
    dependencies = [("returns", "0043_each_its_own_receptions")]
    operations = [KeepHistory("returns_crewmember", sealed=("name", *PAPER))]
