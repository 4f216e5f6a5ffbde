"""Messages and answers are for IOM, and for the organisation that they went to; a link reaches the delivery that carried it."""

from django.db import migrations

from common.wall import BuildWall, by_name, of_own, of_staff

OWN = """
create function asker_notices() returns setof bigint language sql stable begin atomic
    select n.id from notifications_notice n where n.organisation_id in (select asker_organisations());
end;
"""
NOTICES = "asker_notices"


class Migration(migrations.Migration):
    dependencies = [("notifications", "0003_history"), ("partners", "0007_wall")]
    operations = [
        migrations.RunSQL(OWN, "drop function asker_notices;"),
        BuildWall(
            "notifications_delivery",
            of_staff("cases"),
            by_name("link", "public_id", command="select"),
            of_own("notice_id", NOTICES),
            of_own("notice_id", NOTICES, command="update"),
        ),
        BuildWall("notifications_acknowledgement", of_staff("cases"), of_own("notice_id", NOTICES, command="all")),
        BuildWall("notifications_objection", of_staff("cases"), of_own("notice_id", NOTICES, command="all")),
        BuildWall("notifications_callentry", of_staff("cases")),
    ]
