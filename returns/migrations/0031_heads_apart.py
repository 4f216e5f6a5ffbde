"""A count of the board says how many of it are heads that nobody registered, so that these can change by themselves."""

from django.db import migrations, models

FILLED = """
set local statement_timeout = 0;
update returns_boardcount b set unregistered = least(b.people, heads.beyond) from (
    select g.crossing_id, g.from_country, g.to_country, sum(greatest(w.expected - w.registered, 0)) as beyond
    from migrants_travelgroup g join returns_waitingheads w on w.group_id = g.id
    where g.closed_at is null and (
        not exists (select from returns_movement way where way.group_id = g.id and way.exited_at is not null)
        or exists (select from returns_seat s join returns_movement way on way.id = s.movement_id
            where way.group_id = g.id and way.exited_at is not null and s.vehicle_id is null))
    group by 1, 2, 3
) heads
where b.verdict = 'unknown'
    and (b.crossing_id, b.from_country, b.to_country) = (heads.crossing_id, heads.from_country, heads.to_country);
"""


class Migration(migrations.Migration):
    dependencies = [("returns", "0030_waivers_of_groups")]
    operations = [
        migrations.AddField("boardcount", "unregistered", models.PositiveIntegerField(default=0)),
        migrations.RunSQL(FILLED, migrations.RunSQL.noop),
    ]
