"""The wall around cases and journeys. An embassy reads who of those shown to it is on a manifest, and writes their reception."""

from django.db import migrations

from common.wall import BuildWall, behind, counted, of_group, of_own, of_person, shown, within

REACH = """
create function asker_movements() returns setof bigint language sql stable begin atomic
    select m.id from returns_movement m where m.group_id in (select asker_groups());
end;
create function asker_checkpoints() returns setof bigint language sql stable begin atomic
    select c.id from returns_checkpoint c where c.movement_id in (select asker_movements());
end;
create function asker_needs() returns setof bigint language sql stable begin atomic
    select n.id from returns_need n where n.group_id in (select asker_groups());
end;
create function asker_arrivals() returns setof bigint language sql stable begin atomic
    select m.id from returns_movement m
    join corridors_corridorversion v on v.id = m.corridor_version_id
    join corridors_transitcorridor c on c.id = v.corridor_id
    join partners_organisation o on o.country = c.to_country
    where asker_is('partner') and o.id in (select asker_organisations());
end;
"""


class Migration(migrations.Migration):
    dependencies = [("returns", "0007_history"), ("migrants", "0010_wall")]
    operations = [
        migrations.RunSQL(REACH, "drop function asker_arrivals, asker_needs, asker_checkpoints, asker_movements;"),
        BuildWall("returns_returncase", of_person(), counted()),
        BuildWall("returns_casereadiness", behind("returns_returncase", "case_id"), counted()),
        BuildWall("returns_waiver", behind("returns_returncase", "case_id")),
        BuildWall("returns_sample", behind("returns_returncase", "case_id")),
        BuildWall("returns_travelquestion", behind("returns_returncase", "case_id")),
        BuildWall("returns_manifestupload", of_group()),
        BuildWall("returns_manifestrow", behind("returns_manifestupload", "upload_id")),
        BuildWall("returns_seat", of_person()),
        BuildWall("returns_manifestentry", of_person(), shown()),
        BuildWall("returns_frozenfinding", behind("returns_manifestentry", "entry_id")),
        BuildWall("returns_difference", within("checkpoint_id", "asker_checkpoints")),
        BuildWall(
            "returns_handover",
            within("movement_id", "asker_movements"),
            of_own("movement_id", "asker_arrivals"),
            of_own("receiver_id", "asker_organisations", command="insert"),
        ),
        BuildWall("returns_reception", of_person(), shown(), shown(command="insert")),
        BuildWall("returns_pledge", within("need_id", "asker_needs", scope="funding")),
    ]
