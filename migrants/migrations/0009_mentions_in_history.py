from django.db import migrations

from common.partitions import runtime_role

EMPTY_MENTIONS = """
create or replace function homeward_empty_mentions(
    person_public_id uuid, words text[], named text, keys bigint[], asked_at timestamptz, asked_by jsonb, asked_why text
) returns integer language plpgsql security definer set search_path = public, pg_temp as $$
declare
    reference uuid := gen_random_uuid();
    emptied integer;
begin
    -- Only rows that are no person's own: those of a person go by homeward_empty_history.
    update common_historyrow set content = null, salt = null, emptied_by = reference
    where table_name = named and row_id = any(keys) and person_id is null and salt is not null
        and exists (select from unnest(words) word where position(lower(word) in lower(content::text)) > 0);
    get diagnostics emptied = row_count;
    if emptied > 0 then
        insert into common_historyerasure (public_id, person, at, by, why, rows)
        values (reference, person_public_id, asked_at, asked_by, asked_why, emptied);
    end if;
    return emptied;
end $$;
revoke all on function homeward_empty_mentions(uuid, text[], text, bigint[], timestamptz, jsonb, text) from public;
grant execute on function homeward_empty_mentions(uuid, text[], text, bigint[], timestamptz, jsonb, text) to __RUNTIME__;
"""


def add_function(apps, schema_editor):
    role = schema_editor.connection.ops.quote_name(runtime_role())
    schema_editor.execute(EMPTY_MENTIONS.replace("__RUNTIME__", role), params=None)


def drop_function(apps, schema_editor):
    schema_editor.execute(
        "drop function homeward_empty_mentions(uuid, text[], text, bigint[], timestamptz, jsonb, text)", params=None
    )


class Migration(migrations.Migration):
    dependencies = [("common", "0004_seals"), ("migrants", "0008_erasure")]
    operations = [migrations.RunPython(add_function, drop_function)]
