"""A desk has an address once: two equal channels would be told twice, or stop what is raised."""

from django.db import migrations, models

ONCE = """
create temporary table channels_once on commit drop as
    select id, min(id) over (partition by contact_id, kind, email, phone, telegram, url) as kept from partners_channel;
update partners_channelcheck c set channel_id = kept from channels_once d where d.id = c.channel_id and d.id <> kept;
delete from partners_channel c using channels_once d where d.id = c.id and d.id <> kept;
set constraints all immediate;
set constraints all deferred;
"""


class Migration(migrations.Migration):
    dependencies = [("partners", "0012_duty_and_reach")]

    operations = [
        migrations.RunSQL(ONCE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "channel",
            models.UniqueConstraint(
                fields=("contact", "kind", "email", "phone", "telegram", "url"),
                name="one_channel_of_an_address",
                violation_error_message="This desk has that address already.",
            ),
        ),
    ]
