import django.db.models.deletion
from django.db import migrations, models

from common.partitions import runtime_role

KEPT = """
set local statement_timeout = 0;
create function homeward_expected_heads(key bigint) returns int language sql stable set search_path = public, pg_temp as $$
    select greatest(coalesce(c.total, 0) + coalesce(moved.heads, 0), 0)::int
    from (select) nobody
    left join lateral (
        select total, counted_at from migrants_headcount where group_id = key order by counted_at desc, id desc limit 1
    ) c on true
    left join lateral (
        select sum(case when to_group_id = key then heads else -heads end) as heads from migrants_groupmove
        where key in (to_group_id, from_group_id) and (c.counted_at is null or moved_at > c.counted_at)
    ) moved on true
$$;
insert into returns_waitingheads (group_id, expected, registered)
    select g.id, homeward_expected_heads(g.id),
        (select count(*) from migrants_migrant p where p.group_id = g.id and p.merged_into_id is null)
    from migrants_travelgroup g;

create function homeward_add_registered(key bigint, people int) returns void language sql
    set search_path = public, pg_temp as $$
    insert into returns_waitingheads as w (group_id, expected, registered) values (key, 0, greatest(people, 0))
    on conflict (group_id) do update set registered = greatest(w.registered + people, 0)
$$;
create function homeward_count_people() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        perform homeward_add_registered(group_id, count(*)::int) from come
            where group_id is not null and merged_into_id is null group by group_id order by group_id;
    elsif tg_op = 'DELETE' then
        perform homeward_add_registered(group_id, -count(*)::int) from gone
            where group_id is not null and merged_into_id is null group by group_id order by group_id;
    else
        perform homeward_add_registered(group_id, sum(n)::int) from (
            select c.group_id, 1 as n from come c join gone g using (id)
                where c.merged_into_id is null and (g.group_id is distinct from c.group_id or g.merged_into_id is not null)
            union all
            select g.group_id, -1 from come c join gone g using (id)
                where g.merged_into_id is null and (g.group_id is distinct from c.group_id or c.merged_into_id is not null)
        ) moved where group_id is not null group by group_id having sum(n) <> 0 order by group_id;
    end if;
    return null;
end $$;
create function homeward_count_heads() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
declare
    keys bigint[];
begin
    -- Written out, for a trigger can only see the rows of the tables that it names.
    if tg_table_name = 'migrants_headcount' and tg_op = 'DELETE' then
        keys := array(select distinct group_id from gone order by 1);
    elsif tg_table_name = 'migrants_headcount' then
        keys := array(select distinct group_id from come order by 1);
    elsif tg_op = 'DELETE' then
        keys := array(select distinct unnest(array[from_group_id, to_group_id]) from gone order by 1);
    else
        keys := array(select distinct unnest(array[from_group_id, to_group_id]) from come order by 1);
    end if;
    insert into returns_waitingheads (group_id, expected, registered)
        select key, 0, 0 from unnest(keys) key where key is not null on conflict (group_id) do nothing;
    perform from returns_waitingheads where group_id = any (keys) order by group_id for update;
    -- Another statement, so that it sees what whoever held the row before has counted.
    update returns_waitingheads w set expected = homeward_expected_heads(w.group_id) where w.group_id = any (keys);
    return null;
end $$;
revoke all on function homeward_expected_heads(bigint), homeward_add_registered(bigint, int), homeward_count_people(),
    homeward_count_heads() from public;
"""
TRIGGERS = "\n".join(
    f"create trigger keep_heads_of_{name} after {name} on {table} referencing {seen} for each statement execute function {does}();"
    for table, does in (
        ("migrants_migrant", "homeward_count_people"),
        ("migrants_headcount", "homeward_count_heads"),
        ("migrants_groupmove", "homeward_count_heads"),
    )
    for name, seen in (
        ("insert", "new table as come"),
        ("update", "old table as gone new table as come"),
        ("delete", "old table as gone"),
    )
)
NOT_KEPT = (
    "\n".join(
        f"drop trigger keep_heads_of_{name} on {table};"
        for table in ("migrants_migrant", "migrants_headcount", "migrants_groupmove")
        for name in ("insert", "update", "delete")
    )
    + "drop function homeward_count_heads, homeward_count_people, homeward_add_registered, homeward_expected_heads;"
)


def leave_it_to_the_database(apps, schema_editor):
    role = schema_editor.connection.ops.quote_name(runtime_role())
    schema_editor.execute(f"revoke insert, update, delete, truncate on returns_waitingheads from {role}")


class Migration(migrations.Migration):
    """The database keeps how many wait in each group: whoever writes a person, a count or a move need not think of it."""

    dependencies = [
        ("migrants", "0024_numbers_given_once"),
        ("returns", "0015_readiness_in_bits"),
    ]

    operations = [
        migrations.CreateModel(
            name="WaitingHeads",
            fields=[
                (
                    "group",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="waiting_heads",
                        serialize=False,
                        to="migrants.travelgroup",
                    ),
                ),
                ("expected", models.PositiveIntegerField()),
                ("registered", models.PositiveIntegerField()),
            ],
        ),
        migrations.RunSQL(KEPT + TRIGGERS, NOT_KEPT),
        migrations.RunPython(leave_it_to_the_database, migrations.RunPython.noop),
    ]
