"""Buses may turn back: they are counted at home, and whoever sat in them is to pass again."""

from django.db import migrations, models

STANDS = """
create or replace function homeward_is_to_pass_anew(cases bigint[]) returns void language plpgsql
    set search_path = public, pg_temp as $$
begin
    if cardinality(cases) = 0 then
        return;
    end if;
    -- The turn of a check (returns/readiness.py), so that neither waits for rows of the other in another order.
    perform pg_advisory_xact_lock(7305001);
    update returns_casereadiness r set is_to_pass = now.is_to_pass from (
        select c.id, c.closed_at is null and m.merged_into_id is null and not exists (
            select from returns_seat s join returns_movement way on way.id = s.movement_id
            {bus} where s.person_id = m.id and s.vehicle_id is not null and way.exited_at is not null {back}
            ) as is_to_pass
        from returns_returncase c join migrants_migrant m on m.id = c.person_id where c.id = any (cases)
    ) now where r.case_id = now.id and r.is_to_pass is distinct from now.is_to_pass;
end $$;
"""
BY_BUS = STANDS.format(bus="join returns_vehicle bus on bus.id = s.vehicle_id", back="and bus.returned_at is null")
WITHOUT = STANDS.format(bus="", back="")
KEPT = """
create function homeward_vehicle_is_to_pass() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
begin
    perform homeward_is_to_pass_anew(array(
        select c.id from returns_seat s join returns_returncase c on c.person_id = s.person_id
        where s.vehicle_id = new.id));
    return null;
end $$;
revoke all on function homeward_vehicle_is_to_pass() from public;
create trigger keep_is_to_pass after update on returns_vehicle for each row
    when (old.returned_at is distinct from new.returned_at) execute function homeward_vehicle_is_to_pass();
"""
NOT_KEPT = """
drop trigger keep_is_to_pass on returns_vehicle;
drop function homeward_vehicle_is_to_pass;
"""
PLACES = [
    ("boarded", "boarded"),
    ("exited", "exit control passed"),
    ("entered", "entered the transit country"),
    ("left", "left the transit country"),
    ("handed_over", "handed over"),
    ("returned", "back at the crossing"),
]


class Migration(migrations.Migration):
    dependencies = [("returns", "0032_more_ways_to_end")]

    operations = [
        migrations.RemoveConstraint("movement", "one_running_movement_per_group"),
        migrations.AlterField(
            "movement",
            "state",
            models.CharField(
                choices=[
                    ("planned", "planned"),
                    ("boarded", "boarded"),
                    ("exited", "exited"),
                    ("entered", "entered, in transit"),
                    ("left", "out of the transit country"),
                    ("handed_over", "handed over"),
                    ("called_off", "called off"),
                    ("turned_back", "turned back"),
                ],
                default="planned",
                max_length=20,
            ),
        ),
        migrations.AlterField("checkpoint", "kind", models.CharField(choices=PLACES, max_length=20)),
        migrations.AlterField("manifeststage", "stage", models.CharField(choices=PLACES, max_length=20)),
        migrations.AlterField(
            "roaddecision",
            "answer",
            models.CharField(
                choices=[("wait", "wait"), ("go_on", "go on"), ("turn_back", "turn back")],
                max_length=20,
                verbose_name="what is decided",
            ),
        ),
        migrations.AddField("vehicle", "turned_back_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("vehicle", "returned_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddConstraint(
            "movement",
            models.UniqueConstraint(
                condition=models.Q(("state__in", ("handed_over", "called_off", "turned_back")), _negated=True),
                fields=("group",),
                name="one_running_movement_per_group",
                violation_error_message="This group has a movement already; end that one first.",
            ),
        ),
        migrations.AddConstraint(
            "vehicle",
            models.CheckConstraint(
                condition=models.Q(("returned_at__isnull", True), ("turned_back_at__isnull", False), _connector="OR"),
                name="only_who_turned_back_returns",
                violation_error_message="Only a bus that turned back comes back.",
            ),
        ),
        migrations.RunSQL(BY_BUS, WITHOUT),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
