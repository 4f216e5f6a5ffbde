"""Pair the people of a list with those known, by name and birth in one index, behind the wall.

A name alone meets a thousand of a million people; with a birth year that may be the same it meets a dozen. What is left
out could not be offered: of people born on other days of one year neither sex nor nationality may differ.
"""

import django.contrib.postgres.indexes
from django.db import migrations
from django.db.models import F

import migrants.models.people
from common.wall import lend

KEYS = """
create function birth_keys(keys varchar[], year int, month int, day int) returns int[]
    immutable parallel safe language sql return (
        select array_agg(hashtext(key || '/' || tail)) from unnest(keys) key, unnest(case
            when year is null then array['?']
            when month is null or day is null then array[year::text]
            else array[year::text, month || '-' || day] end) tail);
"""
FUNCTION = "people_meeting(int[], text[], int[], int[], int[], text[], text[], int[], bytea[])"
MEETING = """
create function people_meeting(
    places int[], keys text[], years int[], months int[], days int[], sexes text[], countries text[],
    bearers int[], documents bytea[]
) returns table (
    place int, person bigint, full_name varchar, latin_name varchar, year int, month int, day int, sex varchar,
    names varchar[], digests bytea[], country varchar)
    language sql stable security definer rows 20000
    set search_path = public, pg_temp set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
    set jit = off as $$
    with wanted as materialized (
        select each.place, string_to_array(each.names, chr(31))::varchar[] as keys, each.year, each.month, each.day,
            each.sex, each.country
        from unnest(places, people_meeting.keys, years, months, days, sexes, countries)
            each (place, names, year, month, day, sex, country)),
    found (place, id) as (
        select w.place, p.id
        from wanted w, lateral (
            select m.* from migrants_migrant m
            where birth_keys(m.name_keys, m.birth_year, m.birth_month, m.birth_day)
                && (birth_keys(w.keys, w.year, w.month, w.day) || birth_keys(w.keys, null, null, null))
            offset 0) p
        where w.year is not null and p.name_keys && w.keys and (
            p.birth_year is distinct from w.year or p.birth_month is null or p.birth_day is null
            or w.month is null or w.day is null or p.birth_month = w.month or p.birth_day = w.day
            or (p.birth_month = w.day and p.birth_day = w.month)
            or (p.birth_month = 1 and p.birth_day = 1) or (w.month = 1 and w.day = 1)
            or (p.sex = w.sex or not array[p.sex, w.sex] <@ array['M', 'F']::varchar[]) and (w.country = '' or coalesce(
                w.country = (select min(n.code) from migrants_nationality n where n.person_id = p.id), true)))
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
    dependencies = [("migrants", "0018_referrals_answered_and_holds_asked")]
    operations = [
        migrations.RunSQL(KEYS, "drop function birth_keys;"),
        migrations.AddIndex(
            model_name="migrant",
            index=django.contrib.postgres.indexes.GinIndex(
                migrants.models.people.BirthKeys(F("name_keys"), F("birth_year"), F("birth_month"), F("birth_day")),
                name="people_by_name_and_birth",
            ),
        ),
        migrations.RunSQL(MEETING, f"drop function {FUNCTION};"),
        migrations.RunPython(lend(FUNCTION), migrations.RunPython.noop),
    ]
