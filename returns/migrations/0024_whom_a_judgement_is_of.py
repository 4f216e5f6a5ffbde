"""A judgement says itself of whom it is: a condition that was never asked looks at facts of people without their cases."""

from django.db import migrations, models

FILLED = """
set local statement_timeout = 0;
update returns_casereadiness r set person_id = c.person_id from returns_returncase c where c.id = r.case_id;
"""
ANEW = """
create or replace function homeward_is_to_pass_anew(cases bigint[]) returns void language plpgsql
    set search_path = public, pg_temp as $$
begin
    if cardinality(cases) = 0 then
        return;
    end if;
    -- The turn of a check (returns/readiness.py), so that neither waits for rows of the other in another order.
    perform pg_advisory_xact_lock(7305001);
    update returns_casereadiness r set is_to_pass = now.is_to_pass{set_person} from (
        select c.id, c.person_id, c.closed_at is null and m.merged_into_id is null and not exists (
            select from returns_seat s join returns_movement way on way.id = s.movement_id
            where s.person_id = m.id and s.vehicle_id is not null and way.exited_at is not null) as is_to_pass
        from returns_returncase c join migrants_migrant m on m.id = c.person_id where c.id = any (cases)
    ) now where r.case_id = now.id and (r.is_to_pass is distinct from now.is_to_pass{or_person});
end $$;
"""
WITH_PERSON = ANEW.format(
    set_person=", person_id = now.person_id", or_person=" or r.person_id is distinct from now.person_id"
)
WITHOUT_PERSON = ANEW.format(set_person="", or_person="")
KEPT = """
create function homeward_judgement_is_of() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
begin
    new.person_id := (select person_id from returns_returncase where id = new.case_id);
    return new;
end $$;
revoke all on function homeward_judgement_is_of() from public;
create trigger keep_person before insert on returns_casereadiness for each row
    when (new.person_id is null) execute function homeward_judgement_is_of();
"""
NOT_KEPT = "drop trigger keep_person on returns_casereadiness; drop function homeward_judgement_is_of;"


class Migration(migrations.Migration):
    dependencies = [
        ("migrants", "0036_when_a_result_was_replaced"),
        ("returns", "0023_papers_and_slips"),
    ]
    operations = [
        migrations.AddField("casereadiness", "person_id", models.BigIntegerField(null=True, editable=False)),
        migrations.RunSQL(FILLED, migrations.RunSQL.noop),
        migrations.RunSQL(WITH_PERSON, WITHOUT_PERSON),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
