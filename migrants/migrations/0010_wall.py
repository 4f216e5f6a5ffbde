"""The wall around people: casework reaches those of its missions and crossings, an organisation outside whoever is shown to it.

A hold stays readable to casework, because no plan and no manifest can be judged without knowing that it stands; its reason
is sealed, and only the closed room changes it. Screening and referrals are for the closed room alone.
"""

from django.db import migrations

from common.wall import BuildWall, added_by, counted, lend, of_group, of_person, of_staff, own_act, shown, shown_to_own

REACH = """
create function asker_groups() returns setof bigint language sql stable security definer
    set search_path = public, pg_temp as $$
    select g.id from migrants_travelgroup g join corridors_bordercrossing c on c.id = g.crossing_id
    where asker_is('staff') and (
        (asker() -> 'reached' = 'null' or asker() -> 'reached' @> to_jsonb(g.mission_id))
        and (asker() -> 'crossings' = 'null' or asker() -> 'crossings' ? c.code)
        or asker() -> 'glass' ? ('group:' || g.public_id))
$$;
create function asker_people() returns setof bigint language sql stable security definer
    set search_path = public, pg_temp as $$
    select p.id from migrants_migrant p where p.group_id in (select asker_groups())
    union all
    select p.id from migrants_migrant p
    where asker_is('staff') and p.public_id in (
        select substr(seen.through, 8)::uuid from jsonb_array_elements_text(asker() -> 'glass') seen (through)
        where seen.through like 'person:%')
$$;
create function asker_is_shown() returns setof bigint language sql stable security definer
    set search_path = public, pg_temp as $$
    select d.person_id
    from migrants_disclosure d
    join partners_organisation o on o.id = d.recipient_id
    join migrants_migrant p on p.id = d.person_id
    where d.recipient_id in (select asker_organisations())
      and d.valid_from <= nullif(asker() ->> 'at', '')::timestamptz
      and (d.valid_until is null or d.valid_until > nullif(asker() ->> 'at', '')::timestamptz)
      and p.merged_into_id is null
      and not exists (
          select from migrants_protectionhold h
          where h.person_id = d.person_id and h.cleared_at is null
            and (d.purpose = 'consulate'
                 or o.country <> '' and (o.country = any (h.against) or h.against && array['XXA', 'XXB', 'XXC']::varchar[])))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("migrants", "0009_mentions_in_history"),
        ("corridors", "0006_wall"),
        ("partners", "0007_wall"),
    ]
    operations = [
        migrations.RunSQL(REACH, "drop function asker_is_shown, asker_people, asker_groups;"),
        migrations.RunPython(lend("asker_groups()", "asker_people()", "asker_is_shown()"), migrations.RunPython.noop),
        BuildWall("migrants_headcount", of_group(), counted()),
        BuildWall("migrants_migrant", of_group(), of_person("id"), shown("id"), counted()),
        BuildWall("migrants_personname", of_person()),
        BuildWall("migrants_earlierclaim", of_person()),
        BuildWall("migrants_nationality", of_person(), shown()),
        BuildWall("migrants_traveldocument", of_person(), shown()),
        BuildWall("migrants_consent", of_person()),
        BuildWall("migrants_disclosure", of_person(), shown_to_own()),
        BuildWall("migrants_healthtest", of_person()),
        BuildWall("migrants_duplicatepair", of_person("first_id")),
        BuildWall("migrants_merge", of_person("kept_id")),
        BuildWall(
            "migrants_protectionhold",
            of_person(write=False),
            added_by("cases"),
            of_person(scope="protection"),
            counted(),
        ),
        BuildWall("migrants_childarrangement", of_person(write=False), of_person(scope="protection")),
        BuildWall("migrants_legalhold", of_staff("oversight"), of_person(write=False)),
        BuildWall("migrants_erasurerequest", of_staff("oversight"), of_person()),
        BuildWall("migrants_erasure", of_staff("oversight", write=False), of_person(write=False)),
        BuildWall("migrants_export", own_act(), of_staff("oversight", write=False)),
        BuildWall("migrants_screening", of_person(scope="protection")),
        BuildWall("migrants_referral", of_person(scope="protection"), counted()),
    ]
