"""A judgement says itself whether somebody is still to pass: a rule that changes looks up neither case nor person."""

from django.db import migrations, models

FILLED = """
set local statement_timeout = 0;
update returns_casereadiness r set is_to_pass = false from returns_returncase c
    join migrants_migrant m on m.id = c.person_id
    where c.id = r.case_id and (c.closed_at is not null or m.merged_into_id is not null or exists (
        select from returns_seat s join returns_movement way on way.id = s.movement_id
        where s.person_id = m.id and s.vehicle_id is not null and way.exited_at is not null));
"""
KEPT = """
create function homeward_is_to_pass_anew(cases bigint[]) returns void language plpgsql
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
            where s.person_id = m.id and s.vehicle_id is not null and way.exited_at is not null) as is_to_pass
        from returns_returncase c join migrants_migrant m on m.id = c.person_id where c.id = any (cases)
    ) now where r.case_id = now.id and r.is_to_pass is distinct from now.is_to_pass;
end $$;
create function homeward_case_is_to_pass() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
begin
    perform homeward_is_to_pass_anew(array[new.id]);
    return null;
end $$;
create function homeward_person_is_to_pass() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
begin
    perform homeward_is_to_pass_anew(array(select id from returns_returncase where person_id = new.id));
    return null;
end $$;
create function homeward_seat_is_to_pass() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
begin
    if exists (select from returns_movement where id in (old.movement_id, new.movement_id) and exited_at is not null) then
        perform homeward_is_to_pass_anew(array(
            select id from returns_returncase where person_id in (old.person_id, new.person_id)));
    end if;
    return null;
end $$;
create function homeward_movement_is_to_pass() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
begin
    perform homeward_is_to_pass_anew(array(
        select c.id from returns_seat s join returns_returncase c on c.person_id = s.person_id
        where s.movement_id = new.id));
    return null;
end $$;
revoke all on function homeward_is_to_pass_anew(bigint[]), homeward_case_is_to_pass(), homeward_person_is_to_pass(),
    homeward_seat_is_to_pass(), homeward_movement_is_to_pass() from public;
create trigger keep_is_to_pass after update on returns_returncase for each row
    when (old.closed_at is distinct from new.closed_at or old.person_id <> new.person_id)
    execute function homeward_case_is_to_pass();
create trigger keep_is_to_pass after update on migrants_migrant for each row
    when (old.merged_into_id is distinct from new.merged_into_id) execute function homeward_person_is_to_pass();
create trigger keep_is_to_pass_by_seat after insert or delete on returns_seat for each row
    execute function homeward_seat_is_to_pass();
create trigger keep_is_to_pass after update on returns_seat for each row
    when ((old.person_id, old.vehicle_id, old.movement_id) is distinct from (new.person_id, new.vehicle_id, new.movement_id))
    execute function homeward_seat_is_to_pass();
create trigger keep_is_to_pass after update on returns_movement for each row
    when (old.exited_at is distinct from new.exited_at) execute function homeward_movement_is_to_pass();
"""
NOT_KEPT = """
drop trigger keep_is_to_pass on returns_movement;
drop trigger keep_is_to_pass on returns_seat;
drop trigger keep_is_to_pass_by_seat on returns_seat;
drop trigger keep_is_to_pass on migrants_migrant;
drop trigger keep_is_to_pass on returns_returncase;
drop function homeward_movement_is_to_pass, homeward_seat_is_to_pass, homeward_person_is_to_pass,
    homeward_case_is_to_pass, homeward_is_to_pass_anew;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("migrants", "0021_caseloads"),
        ("returns", "0020_pace_of_laboratories"),
    ]

    operations = [
        migrations.AddField(
            model_name="casereadiness",
            name="is_to_pass",
            field=models.BooleanField(default=True),
        ),
        migrations.RunSQL(FILLED, migrations.RunSQL.noop),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
