from django.db import migrations, models
from django.db.models import Q

STATES = [
    ("queued", "queued"),
    ("in_flight", "in flight"),
    ("handed_over", "handed over"),
    ("delivered", "delivered"),
    ("bounced", "bounced"),
    ("failed", "failed for good"),
    ("expired", "expired"),
    ("superseded", "superseded"),
]
RENAMED = """
update notifications_delivery set state = case
    when state = 'retry' then 'queued'
    when state = 'handed_over' then 'delivered'
    when reason = 'the notice has expired' then 'expired'
    else 'superseded'
end where state in ('retry', 'ended') or state = 'handed_over' and delivered_at is not null;
"""
FORMER = """
update notifications_delivery set state = case
    when state = 'queued' then 'retry'
    when state in ('delivered', 'bounced') then 'handed_over'
    else 'ended'
end where state in ('delivered', 'bounced', 'expired', 'superseded') or state = 'queued' and tries > 0;
"""
MOVES = """
create function notifications_delivery_moves() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
    if new.state = any (case old.state
        when 'queued' then array['in_flight', 'delivered', 'failed', 'expired', 'superseded']
        when 'in_flight' then array[
            'queued', 'handed_over', 'delivered', 'bounced', 'failed', 'expired', 'superseded']
        when 'handed_over' then array['delivered', 'bounced']
        when 'bounced' then array['queued']
        when 'failed' then array['queued']
        else array[]::text[]
    end) then
        return new;
    end if;
    raise exception 'A delivery that is % does not become %.', old.state, new.state
        using errcode = 'check_violation', constraint = 'delivery_moves_forward';
end $$;
create trigger delivery_moves_forward before update of state on notifications_delivery
for each row when (old.state is distinct from new.state) execute function notifications_delivery_moves();
"""


class Migration(migrations.Migration):
    """Eight states, and a table in the database of which may follow which."""

    dependencies = [("notifications", "0004_wall")]

    operations = [
        migrations.AddField("delivery", "answered_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "delivery",
            "provider_ref",
            models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
        migrations.RunSQL(RENAMED, FORMER),
        migrations.AlterField("delivery", "state", models.CharField(choices=STATES, default="queued", max_length=20)),
        migrations.AlterField("deliveryattempt", "outcome", models.CharField(choices=STATES, max_length=20)),
        migrations.RemoveIndex("delivery", "deliveries_open"),
        migrations.AddIndex(
            "delivery",
            models.Index(condition=Q(state__in=["queued", "in_flight"]), fields=["due_at"], name="deliveries_open"),
        ),
        migrations.AddIndex(
            "delivery",
            models.Index(
                condition=Q(state__in=["failed", "bounced"]), fields=["queued_at"], name="deliveries_gone_wrong"
            ),
        ),
        migrations.AddIndex(
            "delivery",
            models.Index(condition=~Q(provider_ref=""), fields=["provider_ref"], name="deliveries_by_provider"),
        ),
        migrations.RunSQL(
            MOVES,
            "drop trigger delivery_moves_forward on notifications_delivery; drop function notifications_delivery_moves;",
        ),
    ]
