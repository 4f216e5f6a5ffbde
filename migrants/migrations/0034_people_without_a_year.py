"""People without a year of birth stand in a small index of their own, so that most look-ups of a list need not ask for them.

Each key of a name was looked up in the large index three times: with the year, with the day, and for them.
"""

import django.contrib.postgres.indexes
from django.db import migrations, models

ONE_INDEX = """
            select m.* from migrants_migrant m
            where birth_keys(m.name_keys, m.birth_year, m.birth_month, m.birth_day)
                && (birth_keys(w.keys, w.year, w.month, w.day) || birth_keys(w.keys, null, null, null))
            offset 0"""
TWO_INDEXES = """
            (select m.id, m.name_keys, m.birth_year, m.birth_month, m.birth_day, m.sex from migrants_migrant m
             where birth_keys(m.name_keys, m.birth_year, m.birth_month, m.birth_day)
                 && birth_keys(w.keys, w.year, w.month, w.day)
             offset 0)
            union all
            (select m.id, m.name_keys, m.birth_year, m.birth_month, m.birth_day, m.sex from migrants_migrant m
             where m.birth_year is null and m.name_keys && w.keys and w.year is not null
             offset 0)"""

MEETING = """
-- `weights` in the order of `migrants/names/likeness.py`. What is not known of a birth leaves nobody out.
create or replace function people_meeting(
    places int[], keys text[], years int[], months int[], days int[], sexes text[], countries text[], papers boolean[],
    bearers int[], documents bytea[], weights double precision[]
) returns table (
    place int, person bigint, full_name varchar, latin_name varchar, year int, month int, day int, sex varchar,
    names varchar[], digests bytea[], country varchar)
    language sql stable security definer rows 2000
    set search_path = public, pg_temp set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
    set jit = off as $$
    with wanted as materialized (
        select each.place, string_to_array(each.names, chr(31))::varchar[] as keys, each.year, each.month, each.day,
            each.sex, each.country, each.has_papers
        from unnest(places, people_meeting.keys, years, months, days, sexes, countries, papers)
            each (place, names, year, month, day, sex, country, has_papers)),
    weighs as materialized (
        select weights[1] as least, weights[2] as same_birth, weights[3] as estimated, weights[4] as swapped,
            weights[5] as slip, weights[6] as other_day, weights[7] as same_sex, weights[8] as other_sex,
            weights[9] as same_country, weights[10] as other_country, weights[11] as other_papers),
    found (place, id) as (
        select w.place, p.id
        from wanted w, weighs b, lateral (__MET__) p, lateral (
            select case
                when p.birth_year is null or p.birth_month is null or p.birth_day is null or w.month is null or w.day is null
                    then b.same_birth
                when p.birth_year <> w.year then case
                    when p.birth_month = w.month and p.birth_day = w.day and
                        (p.birth_year / 1000 <> w.year / 1000)::int + (p.birth_year / 100 % 10 <> w.year / 100 % 10)::int
                        + (p.birth_year / 10 % 10 <> w.year / 10 % 10)::int + (p.birth_year % 10 <> w.year % 10)::int = 1
                        then b.slip end
                when p.birth_month = w.month and p.birth_day = w.day then b.same_birth
                when (p.birth_month = 1 and p.birth_day = 1) or (w.month = 1 and w.day = 1) then b.estimated
                when p.birth_month = w.day and p.birth_day = w.month then b.swapped
                when p.birth_month = w.month or p.birth_day = w.day then greatest(b.slip, b.other_day)
                else b.other_day end
                + case when not array[p.sex, w.sex] <@ array['M', 'F']::varchar[] then 0
                    when p.sex = w.sex then b.same_sex else b.other_sex end as so_far
            offset 0) weighed
        where w.year is not null and p.name_keys && w.keys
          and weighed.so_far + greatest(b.same_country, b.other_country, 0) + greatest(b.other_papers, 0) >= b.least
          and weighed.so_far
            + coalesce((select case when min(n.code) = w.country then b.same_country else b.other_country end
                from migrants_nationality n where n.person_id = p.id and w.country <> '' having count(*) > 0), 0)
            + case when w.has_papers and exists (
                select from migrants_traveldocument d where d.person_id = p.id and d.number_index is not null)
                then b.other_papers else 0 end >= b.least
        union
        select w.place, p.id from wanted w join migrants_migrant p on p.name_keys && w.keys where w.year is null
        union
        select bearer, d.person_id from unnest(bearers, documents) paper (bearer, digest)
        join migrants_traveldocument d on d.number_index = digest)
    select found.place, m.id, m.full_name, m.latin_name, m.birth_year, m.birth_month, m.birth_day, m.sex,
        array(select n.full_name from migrants_personname n where n.person_id = m.id order by n.id),
        array(select d.number_index from migrants_traveldocument d where d.person_id = m.id and d.number_index is not null),
        (select min(c.code) from migrants_nationality c where c.person_id = m.id)
    from found join migrants_migrant m on m.id = found.id
    where (select asker_opens_all('cases')) or asker_reaches_person(m.id, (select asker_reach('cases')))
    order by 1, 2
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("migrants", "0033_history_of_both_people")]
    operations = [
        migrations.AddIndex(
            model_name="migrant",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("birth_year__isnull", True)),
                fastupdate=False,
                fields=["name_keys"],
                name="people_by_name_without_year",
            ),
        ),
        migrations.RunSQL(MEETING.replace("__MET__", TWO_INDEXES), MEETING.replace("__MET__", ONE_INDEX)),
    ]
