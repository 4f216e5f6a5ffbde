"""What was said of somebody to one organisation is no business of another one to which the person is shown too.

Whoever holds a signed link is shown nobody: a link says who told what, and no page behind it is about people.
"""

from importlib import import_module

from django.db import migrations

SHOWN: str = import_module("migrants.migrations.0038_nobody_held_is_received").SHOWN
TO_PARTNERS = SHOWN.replace(
    "    own := array(select asker_organisations());",
    "    own := array(select asker_organisations() where asker_is('partner'));",
)
OWN = """
create function asker_disclosures() returns setof bigint language sql stable begin atomic
    select d.id from migrants_disclosure d
    where d.recipient_id in (select asker_organisations()) and d.person_id in (select asker_is_shown());
end;
"""


class Migration(migrations.Migration):
    dependencies = [("migrants", "0038_nobody_held_is_received")]
    operations = [
        migrations.RunSQL(TO_PARTNERS, SHOWN),
        migrations.RunSQL(OWN, "drop function asker_disclosures;"),
    ]
