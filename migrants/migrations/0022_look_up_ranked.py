"""Looking people up gives the likeliest first, with the clue that found each; what nobody reaches never leaves it.

The scope is asked of one person after the other, the likeliest first, until enough are found: not of everybody whom a
common name brings up. Sequential reading is switched off inside, because a planner that knows no value of an array may
otherwise read a million people for a rare name.
"""

from django.db import migrations

from common.wall import lend

LIKE = "people_like(varchar, bytea[], bytea, varchar[], text)"
FUNCTION = "people_found(varchar, bytea[], bytea[], varchar[], text[], text, int)"
LOOK_UP = """
create function people_found(number varchar, documents bytea[], phones bytea[], keys varchar[], parts text[],
        called text, most int)
    returns table (id bigint, clues text[]) language sql stable security definer rows 100
    set search_path = public, pg_temp set enable_seqscan = off as $$
    with found (id, clue) as (
        select p.id, 'number' from migrants_migrant p where p.number = people_found.number
        union all select p.id, 'phone' from migrants_migrant p where p.phone_index = any (phones)
        union all select n.person_id, 'phone' from migrants_personphone n where n.number_index = any (phones)
        union all select d.person_id, 'document' from migrants_traveldocument d where d.number_index = any (documents)
        union all select p.id, 'name' from migrants_migrant p where p.name_keys && keys
        union all (select p.id, 'part' from migrants_migrant p where upper(p.full_name) like any (parts) limit 500)
        union all (select p.id, 'part' from migrants_migrant p where upper(p.latin_name) like any (parts) limit 500)
    ), ranked (id, clues) as materialized (
        select p.id, f.clues from migrants_migrant p
        join (select found.id, array_agg(distinct clue) from found group by 1) f (id, clues) on f.id = p.id
        where p.merged_into_id is null
        order by f.clues && array['number', 'phone', 'document'] desc,
            greatest(similarity(upper(p.latin_name), called), similarity(upper(p.full_name), called)) desc, p.id
    )
    select ranked.id, ranked.clues from ranked
    where (select asker_opens_all('cases')) or asker_reaches_person(ranked.id, (select asker_reach('cases')))
    limit most
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("migrants", "0021_caseloads")]
    operations = [
        migrations.RunSQL(LOOK_UP, f"drop function {FUNCTION};"),
        migrations.RunPython(lend(FUNCTION), migrations.RunPython.noop),
    ]
