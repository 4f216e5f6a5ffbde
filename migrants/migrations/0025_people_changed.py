"""Who was recorded or changed since a list was compared, so that it need not be compared with everybody once more.

The indexes by which people are compared take what is new at once: a list of it beside them, which PostgreSQL keeps to be
sorted in later, is read through by each look-up and made one take 30 ms instead of one after an import.
"""

import django.contrib.postgres.indexes
from django.db import migrations
from django.db.models import F

import migrants.models.people
from common.wall import lend

FUNCTION = "people_changed(pg_snapshot, bigint, int)"
CHANGED = """
-- History knows of each change in which transaction it was made, and a snapshot which of them it saw. Null where nobody can
-- tell: too many were changed, or the snapshot is of another cluster.
create function people_changed(seen pg_snapshot, own bigint, most int) returns bigint[] language sql stable security definer
    set search_path = public, pg_temp as $$
    with changed as materialized (
        select distinct h.person_id as person from common_historyrow h
        where h.transaction >= pg_snapshot_xmin(seen)::text::bigint
          and not pg_visible_in_snapshot(h.transaction::text::xid8, seen) and h.transaction is distinct from own
          and h.person_id is not null
          and h.table_name in (
              'migrants_migrant', 'migrants_personname', 'migrants_nationality', 'migrants_traveldocument')
        limit most + 1)
    select case
        when pg_snapshot_xmin(seen)::text::bigint > pg_snapshot_xmax(pg_current_snapshot())::text::bigint then null
        when (select count(*) from changed) > most then null
        else array(
            select person from changed
            where (select asker_opens_all('cases')) or asker_reaches_person(person, (select asker_reach('cases'))))
        end;
$$;
create function asker_reach_said() returns text language sql stable security definer set search_path = public, pg_temp as $$
    select md5(concat(asker_opens_all('cases'), asker_reach('cases')::text));
$$;
"""
AT_ONCE = """
alter index people_by_name_key set (fastupdate = off);
alter index people_by_name_and_birth set (fastupdate = off);
select gin_clean_pending_list('people_by_name_key'), gin_clean_pending_list('people_by_name_and_birth');
"""
LATER = """
alter index people_by_name_key reset (fastupdate);
alter index people_by_name_and_birth reset (fastupdate);
"""
INDEXES = (
    django.contrib.postgres.indexes.GinIndex(fields=["name_keys"], name="people_by_name_key", fastupdate=False),
    django.contrib.postgres.indexes.GinIndex(
        migrants.models.people.BirthKeys(F("name_keys"), F("birth_year"), F("birth_month"), F("birth_day")),
        name="people_by_name_and_birth",
        fastupdate=False,
    ),
)


class Migration(migrations.Migration):
    dependencies = [("migrants", "0024_numbers_given_once")]
    operations = [
        migrations.RunSQL(CHANGED, f"drop function {FUNCTION}; drop function asker_reach_said();"),
        migrations.RunSQL(
            AT_ONCE,
            LATER,
            state_operations=[
                *(migrations.RemoveIndex("migrant", index.name) for index in INDEXES),
                *(migrations.AddIndex("migrant", index) for index in INDEXES),
            ],
        ),
        migrations.RunPython(lend(FUNCTION, "asker_reach_said()"), migrations.RunPython.noop),
    ]
