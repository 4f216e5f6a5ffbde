import uuid

import django.db.models.deletion
from django.db import migrations, models

import common.actors
from common.history import KeepHistory
from common.wall import BuildWall, counted, of_group, of_person


class Migration(migrations.Migration):
    dependencies = [
        ("migrants", "0019_whom_a_list_meets"),
        ("partners", "0007_wall"),
    ]

    operations = [
        migrations.CreateModel(
            name="FamilyHead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField()),
                ("by", common.actors.ActorField()),
                (
                    "family",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="head", to="migrants.family"
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.office"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="heads", to="migrants.migrant"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CompanyQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("raised_at", models.DateTimeField()),
                ("by", common.actors.ActorField()),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no", "with parent or guardian"),
                            ("unaccompanied", "unaccompanied child"),
                            ("separated", "separated child"),
                        ],
                        max_length=20,
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("answered_by", common.actors.ActorField(blank=True, null=True)),
                (
                    "carer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="migrants.migrant",
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.office"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="company_questions",
                        to="migrants.migrant",
                    ),
                ),
            ],
            options={
                "ordering": ["raised_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at__isnull", True)),
                        fields=("person",),
                        name="one_open_question_per_child",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MoodSeen",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "mood",
                    models.CharField(
                        choices=[("calm", "calm"), ("tense", "tense"), ("angry", "angry"), ("", "not noted")],
                        max_length=10,
                        verbose_name="mood",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="what was seen")),
                ("seen_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("by", common.actors.ActorField()),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="moods", to="migrants.travelgroup"
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.office"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "moods seen",
                "ordering": ["-seen_at", "-pk"],
                "indexes": [models.Index(fields=["group", "-seen_at"], name="moods_latest_first")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("mood", ""), _negated=True),
                        name="a_mood_is_said",
                        violation_error_message="Choose the mood from the list.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Relation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("parent", "parent of"),
                            ("spouse", "wife or husband of"),
                            ("guardian", "guardian of"),
                            ("sibling", "sister or brother of"),
                            ("relative", "other relative of"),
                            ("caretaker", "takes care of"),
                        ],
                        max_length=20,
                        verbose_name="is",
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("document", "a document"),
                            ("self", "the person’s own word"),
                            ("other", "the other’s word"),
                            ("seen", "seen by staff"),
                        ],
                        max_length=20,
                        verbose_name="known from",
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("by", common.actors.ActorField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_by", common.actors.ActorField(blank=True, null=True)),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.office"
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="relations_to", to="migrants.migrant"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="relations", to="migrants.migrant"
                    ),
                ),
            ],
            options={
                "ordering": ["recorded_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("person", "other", "kind"),
                        name="one_relation_of_a_kind",
                        violation_error_message="That is written down already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("person", models.F("other")), _negated=True),
                        name="nobody_is_a_relative_of_themselves",
                        violation_error_message="Choose two people.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TravelledLeg",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("rank", models.PositiveSmallIntegerField()),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="place")),
                ("country", models.CharField(max_length=3, verbose_name="country")),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("unknown", "not known"),
                            ("foot", "on foot"),
                            ("car", "by car or taxi"),
                            ("bus", "by bus"),
                            ("truck", "by truck"),
                            ("train", "by train"),
                            ("plane", "by plane"),
                            ("boat", "by boat"),
                            ("other", "otherwise"),
                        ],
                        default="unknown",
                        max_length=20,
                        verbose_name="how they went on",
                    ),
                ),
                ("left_on", models.DateField(blank=True, null=True, verbose_name="left on")),
                ("arrived_on", models.DateField(blank=True, null=True, verbose_name="arrived on")),
                ("recorded_at", models.DateTimeField()),
                ("by", common.actors.ActorField()),
                (
                    "family",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="legs",
                        to="migrants.family",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="legs", to="migrants.travelgroup"
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.office"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="legs",
                        to="migrants.migrant",
                    ),
                ),
            ],
            options={
                "ordering": ["rank", "pk"],
                "indexes": [models.Index(fields=["group", "rank"], name="legs_of_a_group")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("family__isnull", True), ("person__isnull", True), _connector="OR"),
                        name="a_leg_is_of_one",
                        violation_error_message="A leg is of the group, of a family or of a person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_on__isnull", True),
                            ("arrived_on__isnull", True),
                            ("arrived_on__gte", models.F("left_on")),
                            _connector="OR",
                        ),
                        name="nobody_arrives_before_leaving",
                        violation_error_message="Nobody arrives before they left. Check the days.",
                    ),
                ],
            },
        ),
        KeepHistory("migrants_moodseen"),
        KeepHistory("migrants_travelledleg"),
        KeepHistory("migrants_relation", second_person="other_id"),
        KeepHistory("migrants_familyhead"),
        KeepHistory("migrants_companyquestion", second_person="carer_id"),
        BuildWall("migrants_moodseen", of_group(), counted()),
        BuildWall("migrants_travelledleg", of_group(), of_person()),
        BuildWall("migrants_relation", of_person()),
        BuildWall("migrants_familyhead", of_person()),
        BuildWall("migrants_companyquestion", of_person()),
    ]
