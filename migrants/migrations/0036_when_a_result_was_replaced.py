"""A test says itself when another took its place, and its index has what is asked of it: a look at a person's tests is one."""

from django.db import migrations, models

from common.history import KeepHistory

FILLED = """
set local statement_timeout = 0;
update migrants_healthtest test set replaced_at = later.recorded_at from migrants_healthtest later
    where later.replaces_id = test.id;
"""
KEPT = """
create function homeward_test_is_replaced() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
begin
    update migrants_healthtest set replaced_at = new.recorded_at where id = new.replaces_id;
    return null;
end $$;
revoke all on function homeward_test_is_replaced() from public;
create trigger keep_replaced_at after insert on migrants_healthtest for each row
    when (new.replaces_id is not null) execute function homeward_test_is_replaced();
"""
NOT_KEPT = "drop trigger keep_replaced_at on migrants_healthtest; drop function homeward_test_is_replaced;"


class Migration(migrations.Migration):
    dependencies = [("migrants", "0035_papers_that_leave")]
    operations = [
        migrations.AddField("healthtest", "replaced_at", models.DateTimeField(null=True, blank=True, editable=False)),
        migrations.AlterField(
            "healthtest",
            "person",
            models.ForeignKey(
                on_delete=models.deletion.CASCADE, related_name="tests", to="migrants.migrant", db_index=False
            ),
        ),
        migrations.AddIndex(
            "healthtest",
            models.Index(
                fields=["person"],
                include=["kind", "result", "sampled_at", "recorded_at", "replaced_at"],
                name="tests_of_a_person",
            ),
        ),
        KeepHistory("migrants_healthtest", derived=("replaced_at",)),
        migrations.RunSQL(FILLED, migrations.RunSQL.noop),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
