"""Looking people up behind the wall: one function of the owner, with the scope in its condition, and the indexes it walks.

Overlap and likeness are not leakproof, so under row security each row would be checked before an index could help: a search
of a million people then reads all of them. The function finds by index first and gives back only whom the asker reaches.
"""

import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

from common.wall import lend

FUNCTION = "people_like(varchar, bytea[], bytea, varchar[], text)"
LOOK_UP = """
create function people_like(number varchar, documents bytea[], phone bytea, keys varchar[], part text)
    returns setof bigint language sql stable security definer rows 20 set search_path = public, pg_temp as $$
    with found (id) as (
        select p.id from migrants_migrant p where p.number = people_like.number
        union select p.id from migrants_migrant p where p.phone_index = people_like.phone
        union select d.person_id from migrants_traveldocument d where d.number_index = any (documents)
        union select p.id from migrants_migrant p where p.name_keys && keys
        union select p.id from migrants_migrant p where upper(p.full_name) like part
        union select p.id from migrants_migrant p where upper(p.latin_name) like part)
    select found.id from found
    where (select asker_opens_all('cases')) or asker_reaches_person(found.id, (select asker_reach('cases')))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("migrants", "0010_wall")]
    operations = [
        TrigramExtension(),
        migrations.AddIndex(
            model_name="migrant",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("full_name"), name="gin_trgm_ops"
                ),
                name="people_by_written_name",
            ),
        ),
        migrations.AddIndex(
            model_name="migrant",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("latin_name"), name="gin_trgm_ops"
                ),
                name="people_by_latin_name",
            ),
        ),
        migrations.RunSQL(LOOK_UP, f"drop function {FUNCTION};"),
        migrations.RunPython(lend(FUNCTION), migrations.RunPython.noop),
    ]
