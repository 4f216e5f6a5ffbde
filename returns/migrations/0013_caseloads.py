"""A case says whose casework it is, as its person does: a list of cases asks no person for each row."""

from django.db import migrations, models

from common.history import KeepHistory
from common.wall import ChangeWall, in_caseload, of_person, opened

FILLED = """
set local statement_timeout = 0;
-- What only follows from other columns has no history.
alter table returns_returncase disable trigger keep_history_of_update;
update returns_returncase c set caseload = p.caseload from migrants_migrant p where p.id = c.person_id;
alter table returns_returncase enable trigger keep_history_of_update;
"""
KEPT = """
create function homeward_case_caseload() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
begin
    -- Whoever moves the person in another transaction waits, and then finds the case.
    new.caseload := (select p.caseload from migrants_migrant p where p.id = new.person_id for share);
    return new;
end $$;
create trigger keep_caseload before insert or update of person_id, caseload on returns_returncase
    for each row execute function homeward_case_caseload();
create function homeward_person_caseload_moved() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
begin
    update returns_returncase set caseload = null where person_id = new.id;
    return null;
end $$;
revoke all on function homeward_case_caseload(), homeward_person_caseload_moved() from public;
create trigger keep_caseload_of_cases after update on migrants_migrant
    for each row when (old.caseload is distinct from new.caseload) execute function homeward_person_caseload_moved();
"""
NOT_KEPT = """
drop trigger keep_caseload_of_cases on migrants_migrant;
drop trigger keep_caseload on returns_returncase;
drop function homeward_person_caseload_moved, homeward_case_caseload;
"""


class Migration(migrations.Migration):
    dependencies = [("migrants", "0021_caseloads"), ("returns", "0012_lists_worked_off")]
    operations = [
        migrations.AddField(
            model_name="returncase",
            name="caseload",
            field=models.BigIntegerField(editable=False, null=True),
        ),
        KeepHistory("returns_returncase", derived=("caseload",)),
        migrations.RunSQL(FILLED, migrations.RunSQL.noop),
        migrations.RunSQL(KEPT, NOT_KEPT),
        ChangeWall("returns_returncase", in_caseload(), opened("person_id"), without=(of_person(),)),
    ]
