"""The organisations of whoever asks are found by their codes, not by reading the directory and what was told for each."""

from django.db import migrations

OWN = """
create or replace function asker_organisations() returns setof bigint language plpgsql stable
    set search_path = public, pg_temp as $$
declare
    a jsonb := asker();
    codes text[];
begin
    if a ->> 'kind' in ('partner', 'link') then
        codes := array(select jsonb_array_elements_text(a -> 'organisations'));
        return query select o.id from partners_organisation o where o.code = any (codes);
    end if;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("partners", "0007_wall")]
    operations = [migrations.RunSQL(OWN, migrations.RunSQL.noop)]
