"""Whoever reaches several narrow parts of the caseload reaches those, and not all of it."""

from django.db import migrations

OPENS_ALL = """
-- Names are whole, so that no search path needs to be set: that costs as much as the rest, at every table of a statement.
create or replace function asker_opens_all(scope text) returns boolean language plpgsql stable as $$
declare
    a jsonb := public.asker();
begin
    return a ->> 'kind' in ('task', 'command') or a ->> 'kind' <> '' and a ->> 'reason' not in ('', 'figures')
        or a ->> 'kind' = 'staff' and a -> 'scopes' ? scope and a -> 'reached' = 'null' and a -> 'crossings' = 'null'
            and coalesce(a -> 'reaches', '[]') = '[]';
end $$;
create or replace function asker_works() returns boolean language plpgsql stable as $$
declare
    a jsonb := public.asker();
begin
    return a ->> 'kind' in ('task', 'command') or a ->> 'kind' <> '' and a ->> 'reason' not in ('', 'figures');
end $$;
create or replace function asker_opens(scope text) returns boolean language plpgsql stable as $$
declare
    a jsonb := public.asker();
begin
    return a ->> 'kind' = 'staff' and a -> 'scopes' ? scope;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("common", "0005_wall")]
    operations = [migrations.RunSQL(OPENS_ALL, migrations.RunSQL.noop)]
