"""Questions to another office, and the function that says which office may know somebody beyond the asker's reach.

Whoever is under a hold, in a group about which the closed room asks, or referred where even a count could tell, is not there
for it: it gives the same for them as for nobody. It gives a name only to be compared, never to be shown.
"""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import common.actors
import common.sealed
from common.history import KeepHistory
from common.wall import BuildWall, lend, of_person, of_staff, own_act

FUNCTION = "people_elsewhere(bytea[], bytea[], varchar[], int, text, int)"
LOOK_UP = """
create function people_elsewhere(documents bytea[], phones bytea[], keys varchar[], born int, called text, most int)
    returns table (id bigint, public_id uuid, mission_id bigint, names text[], clues text[])
    language sql stable security definer rows 20 set search_path = public, pg_temp set enable_seqscan = off as $$
    with found (id, clue) as (
        select d.person_id, 'document' from migrants_traveldocument d where d.number_index = any (documents)
        union all select p.id, 'phone' from migrants_migrant p where p.phone_index = any (phones)
        union all select n.person_id, 'phone' from migrants_personphone n where n.number_index = any (phones)
        union all select p.id, 'name' from migrants_migrant p where p.name_keys && keys and p.birth_year = born
    ), ranked as materialized (
        select p.id, p.public_id, p.mission_id, p.full_name, p.latin_name, f.clues
        from migrants_migrant p
        join (select found.id, array_agg(distinct clue) from found group by 1) f (id, clues) on f.id = p.id
        where p.merged_into_id is null
          and not exists (
              select from migrants_protectionhold h where h.person_id = p.id and h.cleared_at is null)
          and not exists (
              select from migrants_holdquestion q where q.group_id = p.group_id and q.answered_at is null)
          and not exists (
              select from migrants_referral r where r.person_id = p.id and not r.in_lists)
        order by f.clues && array['phone', 'document'] desc,
            greatest(similarity(upper(p.latin_name), called), similarity(upper(p.full_name), called)) desc, p.id
    )
    select r.id, r.public_id, r.mission_id,
        array[r.full_name, r.latin_name]::text[] || array(
            select n.full_name::text from migrants_personname n where n.person_id = r.id and n.kind <> 'mistaken'),
        r.clues
    from ranked r
    where (select asker_opens('cases')) and not (select asker_opens_all('cases'))
      and not asker_reaches_person(r.id, (select asker_reach('cases')))
    limit most
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("migrants", "0025_people_changed"),
        ("partners", "0010_lent_access"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Enquiry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("entry", common.sealed.SealedTextField()),
                ("why", common.sealed.SealedTextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "waits for an answer"),
                            ("lent", "you may look at the case"),
                            ("declined", "declined"),
                            ("another", "somebody else"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("by", common.actors.ActorField()),
                ("answer", common.sealed.SealedTextField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("answered_by", common.actors.ActorField(blank=True, null=True)),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.office"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="enquiries", to="migrants.migrant"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "enquiries",
                "ordering": ["-asked_at", "-pk"],
                "indexes": [models.Index(fields=["user", "-asked_at"], name="enquiries_of_an_account")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("state", "open")),
                            models.Q(models.Q(("state", "open"), _negated=True), ("answered_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="an_enquiry_is_answered_at_an_hour",
                        violation_error_message="An answer has its hour.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("person", "user"),
                        name="one_open_enquiry_about_somebody",
                        violation_error_message="You have asked already; wait for the answer.",
                    ),
                ],
            },
        ),
        migrations.RunSQL(LOOK_UP, f"drop function {FUNCTION};"),
        migrations.RunPython(lend(FUNCTION), migrations.RunPython.noop),
        KeepHistory("migrants_enquiry", sealed=("entry", "why", "answer")),
        BuildWall("migrants_enquiry", of_person(), own_act(), of_staff("oversight", write=False)),
    ]
