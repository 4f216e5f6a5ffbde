"""Who decided and who suspended stands open to IOM and to the parties of the same version; each writes its own decision."""

from django.db import migrations

from common.wall import BuildWall, lend, of_own, of_staff

OWN = """
create function asker_versions() returns setof bigint language sql stable security definer
    set search_path = public, pg_temp as $$
    select a.version_id from corridors_approval a where a.organisation_id in (select asker_organisations())
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("corridors", "0005_history"), ("partners", "0007_wall")]
    operations = [
        migrations.RunSQL(OWN, "drop function asker_versions;"),
        migrations.RunPython(lend("asker_versions()"), migrations.RunPython.noop),
        BuildWall(
            "corridors_approval",
            of_staff("corridors"),
            of_own("version_id", "asker_versions"),
            of_own("organisation_id", "asker_organisations", command="update"),
        ),
        BuildWall("corridors_suspension", of_staff("corridors"), of_own("version_id", "asker_versions")),
    ]
