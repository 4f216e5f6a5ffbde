"""The wall around what every floor writes, and the words in which the database asks who is asking."""

from django.db import migrations

from common.wall import ASKER, UNASKED, BuildWall, Rule, added_by_anybody, just_added, of_staff

OWN_KEY = Rule("own_requests", "all", "actor = (select asker() ->> 'ref')")


class Migration(migrations.Migration):
    dependencies = [("common", "0004_seals")]
    operations = [
        migrations.RunSQL(ASKER, UNASKED),
        BuildWall("common_auditentry", added_by_anybody(), just_added(), of_staff("oversight", write=False)),
        BuildWall("common_accessentry", added_by_anybody(), just_added(), of_staff("oversight", write=False)),
        BuildWall("common_historyrow", of_staff("oversight", write=False)),
        BuildWall("common_historyerasure", of_staff("oversight", write=False)),
        BuildWall("common_historycheck", of_staff("oversight", write=False)),
        BuildWall("common_idempotencykey", OWN_KEY),
    ]
