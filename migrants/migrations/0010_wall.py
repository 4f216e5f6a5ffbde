"""The wall around people: casework reaches those of its missions and crossings, an organisation outside whoever is shown to it.

A hold stays readable to casework, because no plan and no manifest can be judged without knowing that it stands; its reason
is sealed, and only the closed room changes it. Screening and referrals are for the closed room alone.
"""

from django.db import migrations

from common.wall import BuildWall, added_by, counted, lend, of_group, of_person, of_staff, own_act, shown, shown_to_own

REACH = """
create type asker_reach as (crossings bigint[], missions bigint[], glass uuid[]);
create function asker_reach(scope text) returns asker_reach language plpgsql stable security definer
    set search_path = public, pg_temp as $$
declare
    a jsonb := asker();
begin
    if a ->> 'kind' is distinct from 'staff' or scope is not null and (a -> 'scopes' ? scope) is not true then
        return null;  -- without a scope at all: where staff reaches, whatever they may do there
    end if;
    return (
        array(select c.id from corridors_bordercrossing c where a -> 'crossings' = 'null' or a -> 'crossings' ? c.code),
        array(select o.id from partners_office o where a -> 'reached' = 'null' or a -> 'reached' @> to_jsonb(o.id)),
        array(select split_part(opened, ':', 2)::uuid from jsonb_array_elements_text(a -> 'glass') opened))::asker_reach;
end $$;
-- Bodies are bound when they are made, so no search path can lead them elsewhere; setting one would cost as much as they do.
create function asker_reaches_group(key bigint, reach asker_reach) returns boolean language sql stable security definer
    cost 40 begin atomic
    select exists (
        select from migrants_travelgroup g
        where g.id = key and (g.crossing_id = any ((reach).crossings) and g.mission_id = any ((reach).missions)
            or g.public_id = any ((reach).glass)));
end;
create function asker_reaches_person(key bigint, reach asker_reach) returns boolean language sql stable security definer
    cost 60 begin atomic
    select exists (
        select from migrants_migrant p left join migrants_travelgroup g on g.id = p.group_id
        where p.id = key and (g.crossing_id = any ((reach).crossings) and g.mission_id = any ((reach).missions)
            or g.public_id = any ((reach).glass) or p.public_id = any ((reach).glass)));
end;
create function asker_groups() returns setof bigint language plpgsql stable security definer
    set search_path = public, pg_temp as $$
declare
    reach asker_reach := asker_reach(null);
begin
    return query
        select g.id from migrants_travelgroup g
        where g.crossing_id = any (reach.crossings) and g.mission_id = any (reach.missions) or g.public_id = any (reach.glass);
end $$;
create function asker_is_shown() returns setof bigint language plpgsql stable security definer
    set search_path = public, pg_temp as $$
declare
    hour timestamptz := nullif(asker() ->> 'at', '')::timestamptz;
    own bigint[] := array(select asker_organisations());
begin
    return query
        select d.person_id
        from migrants_disclosure d
        join partners_organisation o on o.id = d.recipient_id
        join migrants_migrant p on p.id = d.person_id
        where d.recipient_id = any (own) and d.valid_from <= hour and (d.valid_until is null or d.valid_until > hour)
          and p.merged_into_id is null
          and not exists (
              select from migrants_protectionhold h
              where h.person_id = d.person_id and h.cleared_at is null
                and (d.purpose = 'consulate' or o.country <> '' and
                     (o.country = any (h.against) or h.against && array['XXA', 'XXB', 'XXC']::varchar[])));
end $$;
"""
UNREACHED = """
drop function asker_is_shown, asker_groups, asker_reaches_person, asker_reaches_group, asker_reach;
drop type asker_reach;
"""
LENT = (
    "asker_reach(text)",
    "asker_reaches_group(bigint, asker_reach)",
    "asker_reaches_person(bigint, asker_reach)",
    "asker_groups()",
    "asker_is_shown()",
)


class Migration(migrations.Migration):
    dependencies = [
        ("migrants", "0009_mentions_in_history"),
        ("corridors", "0006_wall"),
        ("partners", "0007_wall"),
    ]
    operations = [
        migrations.RunSQL(REACH, UNREACHED),
        migrations.RunPython(lend(*LENT), migrations.RunPython.noop),
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
