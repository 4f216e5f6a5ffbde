"""Addresses of desks are for IOM, and for the organisation whose desks they are."""

from django.db import migrations

from common.wall import BuildWall, of_own, of_staff, own_act, while_

OWN = """
create function asker_organisations() returns setof bigint language sql stable begin atomic
    select o.id from partners_organisation o
    where asker() ->> 'kind' in ('partner', 'link') and asker() -> 'organisations' ? o.code;
end;
create function asker_contacts() returns setof bigint language sql stable begin atomic
    select c.id from partners_contact c join partners_office f on f.id = c.office_id
    where f.organisation_id in (select asker_organisations());
end;
"""


class Migration(migrations.Migration):
    dependencies = [("partners", "0006_quarantine"), ("common", "0005_wall")]
    operations = [
        migrations.RunSQL(OWN, "drop function asker_contacts, asker_organisations;"),
        BuildWall(
            "partners_channel",
            of_staff("directory"),
            of_staff("cases", write=False),
            of_own("contact_id", "asker_contacts"),
        ),
        BuildWall("partners_emergencyaccess", own_act(), of_staff("oversight")),
        BuildWall("partners_quarantinedupload", own_act(), of_staff("oversight"), of_staff("accounts")),
        BuildWall("partners_invitation", of_staff("accounts"), while_("sign-in")),
    ]
