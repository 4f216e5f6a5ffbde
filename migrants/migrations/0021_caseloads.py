"""The wall asks a person by caseload, and works out who is shown to an organisation outside once for a transaction.

A caseload is a mission and a crossing in one number. The database writes that of each person, so nothing that is entered can
say another; where staff is narrowed, the numbers that they reach are worked out once for a statement (docs/performance.md).
"""

from django.db import migrations, models

from common.history import KeepHistory
from common.wall import ChangeWall, in_caseload, lend, of_group, of_person, opened

NUMBER = """
set local statement_timeout = 0;
create function caseload_of(mission bigint, crossing bigint) returns bigint language sql immutable parallel safe
    return mission << 32 | coalesce(crossing, 0);
-- What only follows from other columns has no history.
alter table migrants_migrant disable trigger keep_history_of_update;
update migrants_migrant p set caseload = caseload_of(p.mission_id, g.crossing_id)
    from migrants_migrant q left join migrants_travelgroup g on g.id = q.group_id where q.id = p.id;
alter table migrants_migrant enable trigger keep_history_of_update;
"""
KEPT = """
create function homeward_person_caseload() returns trigger language plpgsql as $$
begin
    new.caseload := public.caseload_of(
        new.mission_id, (select g.crossing_id from public.migrants_travelgroup g where g.id = new.group_id));
    return new;
end $$;
create trigger keep_caseload before insert or update of mission_id, group_id, caseload on migrants_migrant
    for each row execute function homeward_person_caseload();
create function homeward_group_caseload() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
begin
    -- Whoever joins the group in another transaction has read where it was; they end first.
    lock table migrants_migrant in share row exclusive mode;
    update migrants_migrant set caseload = null where group_id = new.id;
    return null;
end $$;
revoke all on function homeward_group_caseload() from public;
create trigger keep_caseload after update of crossing_id on migrants_travelgroup
    for each row when (old.crossing_id is distinct from new.crossing_id) execute function homeward_group_caseload();
"""
NOT_KEPT = """
drop trigger keep_caseload on migrants_travelgroup;
drop trigger keep_caseload on migrants_migrant;
drop function homeward_group_caseload, homeward_person_caseload;
"""
REACH = """
alter type asker_reach add attribute caseload bigint[], add attribute everywhere boolean, add attribute groups bigint[];
-- Strict: of whoever is no staff of the scope, no row is looked up. One table, one condition: the shorter the plan, the
-- less each call costs.
create or replace function asker_reaches_group(key bigint, reach asker_reach) returns boolean language sql stable strict
    security definer cost 40 begin atomic
    select (reach).everywhere or caseload_of(g.mission_id, g.crossing_id) = any ((reach).caseload)
        or g.id = any ((reach).groups)
    from migrants_travelgroup g where g.id = key;
end;
create or replace function asker_reaches_person(key bigint, reach asker_reach) returns boolean language sql stable strict
    security definer cost 40 begin atomic
    select (reach).everywhere or p.caseload = any ((reach).caseload) or p.group_id = any ((reach).groups)
        or p.public_id = any ((reach).glass)
    from migrants_migrant p where p.id = key;
end;
create or replace function asker_groups() returns setof bigint language plpgsql stable security definer
    set search_path = public, pg_temp as $$
declare
    reach asker_reach := asker_reach(null);
begin
    return query
        select g.id from migrants_travelgroup g
        where reach.everywhere or caseload_of(g.mission_id, g.crossing_id) = any (reach.caseload)
            or g.id = any (reach.groups);
end $$;
alter type asker_reach drop attribute crossings, drop attribute missions;
create function asker_part_fits(parts jsonb, mission bigint, crossing text) returns boolean language sql stable
begin atomic
    select exists (
        select from jsonb_array_elements(parts) part
        where (part -> 0 = 'null' or part -> 0 = to_jsonb(mission))
          and (part -> 1 = 'null' or crossing is not null and part -> 1 ? crossing));
end;
create function asker_reach_anew(scope text) returns asker_reach language plpgsql stable security definer
    set search_path = public, pg_temp as $$
declare
    a jsonb := asker();
    missions jsonb := coalesce(a -> 'reached', '[]');
    parts jsonb := coalesce(a -> 'reaches', '[]');
    reach asker_reach;
    codes text[];
begin
    if a ->> 'kind' is distinct from 'staff' or scope is not null and (a -> 'scopes' ? scope) is not true then
        return null;  -- without a scope at all: where staff reaches, whatever they may do there
    end if;
    reach.glass := array(select split_part(told, ':', 2)::uuid from jsonb_array_elements_text(a -> 'glass') told);
    reach.groups := array(select g.id from migrants_travelgroup g where g.public_id = any (reach.glass));
    reach.everywhere := false;
    if a -> 'crossings' is distinct from 'null' then
        codes := array(select jsonb_array_elements_text(a -> 'crossings'));
    elsif missions = 'null' and parts = '[]' then
        reach.everywhere := true;
        return reach;
    end if;
    reach.caseload := array(
        select caseload_of(o.id, c.id)
        from (select id, code from corridors_bordercrossing where codes is null or code = any (codes)
              union all select 0, null where codes is null) c,
            partners_office o join partners_organisation k on k.id = o.organisation_id
        where k.kind = 'iom' and (missions = 'null' or missions @> to_jsonb(o.id))
          and (parts = '[]' or asker_part_fits(parts, o.id, c.code)));
    return reach;
end $$;
-- What was worked out is kept for the transaction, under what was told of the asker; names are whole, so that no search
-- path needs to be set, which would cost as much as the rest.
create or replace function asker_reach(scope text) returns asker_reach language plpgsql stable as $$
declare
    who text := md5(current_setting('homeward.audience', true));
    place text := 'homeward.reach_' || coalesce(scope, 'any');
    known text := current_setting(place, true);
    reach public.asker_reach;
begin
    if starts_with(known, who) then
        return nullif(substr(known, 33), '')::public.asker_reach;
    end if;
    reach := public.asker_reach_anew(scope);
    if who is not null then
        perform set_config(
            place, who || coalesce(case when reach is distinct from null then reach::text end, ''), true);
    end if;
    return reach;
end $$;
alter function asker_reach(text) security invoker;
alter function asker_reach(text) reset all;
create function asker_caseload(scope text) returns bigint[] language plpgsql stable as $$
begin
    return (public.asker_reach(scope)).caseload;
end $$;
create function asker_opened(scope text) returns boolean language plpgsql stable as $$
declare
    a jsonb := public.asker();
begin
    return a ->> 'kind' = 'staff' and a -> 'scopes' ? scope and jsonb_array_length(a -> 'glass') > 0;
end $$;
create function homeward_reach_anew() returns trigger language plpgsql as $$
begin
    perform set_config('homeward.reach_' || scope, '', true) from unnest(array['cases', 'protection', 'any']) scope;
    return null;
end $$;
create trigger reach_anew after insert or update or delete on corridors_bordercrossing
    for each statement execute function homeward_reach_anew();
create trigger reach_anew after insert or update or delete on partners_office
    for each statement execute function homeward_reach_anew();
"""
SHOWN = """
-- Who is shown is worked out once in a transaction for whoever asks, and anew after that transaction itself has written
-- anything on which it depends. What the setting holds is as much to be trusted as what is announced.
create or replace function asker_is_shown() returns setof bigint language plpgsql stable security definer
    set search_path = public, pg_temp as $$
declare
    who text := md5(coalesce(current_setting('homeward.audience', true), ''));
    known text := coalesce(current_setting('homeward.shown', true), '');
    hour timestamptz;
    own bigint[];
    people bigint[];
begin
    if starts_with(known, who) then
        return query select unnest(substr(known, 33)::bigint[]);
        return;
    end if;
    own := array(select asker_organisations());
    hour := nullif(asker() ->> 'at', '')::timestamptz;
    people := array(
        with live as materialized (
            select d.person_id, d.purpose, o.country
            from migrants_disclosure d join partners_organisation o on o.id = d.recipient_id
            where d.recipient_id = any (own) and d.valid_from <= hour and (d.valid_until is null or d.valid_until > hour)),
        held as materialized (
            select h.person_id, h.against from migrants_protectionhold h
            where h.cleared_at is null and h.person_id = any (array(select person_id from live)))
        select live.person_id from live
        where not exists (select from migrants_migrant p where p.id = live.person_id and p.merged_into_id is not null)
          and not exists (
              select from held
              where held.person_id = live.person_id
                and (live.purpose = 'consulate' or live.country <> '' and
                     (live.country = any (held.against) or held.against && array['XXA', 'XXB', 'XXC']::varchar[]))));
    perform set_config('homeward.shown', who || people::text, true);
    return query select unnest(people);
end $$;
create function homeward_shown_anew() returns trigger language plpgsql as $$
begin
    perform set_config('homeward.shown', '', true);
    return null;
end $$;
create trigger shown_anew after insert or update or delete on migrants_disclosure
    for each statement execute function homeward_shown_anew();
create trigger shown_anew after insert or update or delete on migrants_protectionhold
    for each statement execute function homeward_shown_anew();
create trigger shown_anew after update of merged_into_id on migrants_migrant
    for each statement execute function homeward_shown_anew();
create trigger shown_anew after insert or update or delete on partners_organisation
    for each statement execute function homeward_shown_anew();
"""
LENT = ("asker_reach_anew(text)",)


class Migration(migrations.Migration):
    dependencies = [
        ("common", "0006_several_reaches"),
        ("migrants", "0020_ways_moods_and_relations"),
        ("partners", "0008_organisations_by_code"),
    ]
    operations = [
        migrations.AddField(
            model_name="migrant",
            name="caseload",
            field=models.BigIntegerField(editable=False, null=True),
        ),
        KeepHistory(
            "migrants_migrant",
            person="id",
            sealed=("phone", "phone_index", "note"),
            derived=("name_keys", "sort_key", "caseload"),
        ),
        migrations.RunSQL(NUMBER, "drop function caseload_of;"),
        migrations.RunSQL(KEPT, NOT_KEPT),
        migrations.RunSQL(REACH, migrations.RunSQL.noop),
        migrations.RunPython(lend(*LENT), migrations.RunPython.noop),
        ChangeWall(
            "migrants_migrant",
            in_caseload(),
            opened("group_id", of="group"),
            opened("id"),
            without=(of_group(), of_person("id")),
        ),
        migrations.RunSQL(SHOWN, migrations.RunSQL.noop),
    ]
