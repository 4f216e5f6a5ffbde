"""What follows when nobody answers, as a policy: foreseen, then saved, then frozen into what is raised."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from common.actors import Actor
from common.enums import ActorKind
from common.models import AuditEntry
from notifications.acknowledgements import acknowledge
from notifications.alerts import Told, add_organisations
from notifications.choosing import Step
from notifications.escalation import escalate_due
from notifications.models import Delivery, EscalationPolicy, EscalationStep
from notifications.policies import PolicyError, end_policy, save_policy, simulate
from notifications.schedule import fingerprint
from partners.enums import Role
from partners.models import Channel, Contact
from tests.cast import COMMAND, NOW
from tests.notifications.conftest import send_all

pytestmark = pytest.mark.django_db
QUICK = [
    Step("remind", seconds=300),
    Step("next_contact", seconds=600),
    Step("function", seconds=900, function="Duty"),
    Step("call", seconds=1200),
]
BY_IOM = Actor(ActorKind.USER, "1", "Somebody", organisation_ref="iom-uz")


def save(steps=QUICK, *, mission=None, kind="demand", at=NOW, foreseen=None, name="quick"):
    seen = fingerprint(steps) if foreseen is None else foreseen
    return save_policy(name=name, mission=mission, kind=kind, steps=steps, foreseen=seen, by=COMMAND, at=at)


def foresee(steps=QUICK, **values):
    usual = {"organisation": None, "expires_at": NOW + timedelta(days=2), "first_concerned_at": None, "at": NOW}
    return simulate(steps=steps, **{**usual, **values})


def minutes_of(notice):
    return [round((step.due_at - NOW).total_seconds() / 60) for step in notice.steps.order_by("position")]


def test_what_would_happen_is_said_hour_by_hour_with_the_desks(organisations):
    said = [
        (round((item.due_at - NOW).total_seconds() / 60), item.words)
        for item in foresee(organisation=organisations["kz-border"])
    ]
    assert said == [
        (0, "first message: duty desk, e-mail"),
        (5, "reminder: duty desk, e-mail"),
        (10, "second contact: deputy, e-mail"),
        (15, "desk with this function: duty desk, e-mail"),
        (20, "phone call list"),
    ]


def test_foreseeing_stores_nothing(organisations):
    foresee(organisation=organisations["kz-border"])
    assert not EscalationPolicy.objects.exists()
    assert not EscalationStep.objects.exists()


def test_what_nobody_has_foreseen_is_not_saved(db):
    with pytest.raises(PolicyError, match="Look first"):
        save(foreseen=fingerprint(QUICK[-1:]))
    assert not EscalationPolicy.objects.exists()


def test_a_policy_and_its_audit_row_stand_or_fall_together(db):
    with pytest.raises(PolicyError):
        save(name="")
    assert not AuditEntry.objects.filter(verb="escalation policy saved").exists()
    policy = save()
    assert [row.kind for row in policy.steps.all()] == [step.kind for step in QUICK]
    assert AuditEntry.objects.filter(verb="escalation policy saved").count() == 1


@pytest.mark.parametrize(
    ("steps", "match"),
    [
        ([], "at least one step"),
        ([Step("remind", seconds=60)], "the call list"),
        ([Step("call", seconds=60), Step("call", seconds=120)], "the call list"),
        ([Step("remind", seconds=120), Step("call", seconds=60)], "later than the one before"),
        ([Step("remind", seconds=60), Step("call", share=0.5)], "in minutes, or all"),
        ([Step("call", seconds=8 * 86400)], "within a week"),
        ([Step("call", share=1.5)], "within a week"),
        ([Step("function", seconds=60), Step("call", seconds=120)], "Write the function"),
        ([Step("remind", seconds=60, channel="pigeon"), Step("call", seconds=120)], "no such channel"),
        ([*(Step("remind", seconds=60 * n) for n in range(1, 9)), Step("call", seconds=9999)], "at most eight"),
    ],
)
def test_steps_that_make_no_plan_are_refused_with_a_remedy(db, steps, match):
    with pytest.raises(PolicyError, match=match):
        save(steps)


def test_an_alert_follows_the_policy_of_its_kind(raised):
    save()
    notice = raised().notices.first()
    assert minutes_of(notice) == [5, 10, 15, 20]


def test_without_a_policy_the_usual_plan_holds(raised):
    assert minutes_of(raised().notices.first()) == [25, 40, 55]


def test_what_names_the_kind_goes_before_what_names_the_mission_and_both_before_either(raised, organisations):
    mission = organisations["iom-uz"].offices.get()
    calls = {("", mission): 1, ("demand", None): 2, ("demand", mission): 3}
    for number, ((kind, office), minutes) in enumerate(calls.items()):
        save([Step("call", seconds=60 * minutes)], kind=kind, mission=office)
        notice = raised(source=f"test:{number}", by=BY_IOM).notices.first()
        assert minutes_of(notice) == [minutes]
    assert minutes_of(raised(source="other", by=COMMAND).notices.first()) == [2]


def test_a_policy_changed_later_changes_nothing_that_was_raised(raised, organisations):
    save()
    alert = raised()
    save([Step("call", seconds=60)], at=NOW + timedelta(minutes=1))
    late = add_organisations(alert=alert, told=[Told(organisations["uz-border"])], by=COMMAND, at=NOW)
    assert minutes_of(alert.notices.first()) == minutes_of(late[0]) == [5, 10, 15, 20]
    assert EscalationPolicy.objects.filter(ended_at__isnull=True).count() == 1


def test_two_policies_for_the_same_are_never_in_force_together(db):
    save()
    with pytest.raises(IntegrityError), transaction.atomic():
        EscalationPolicy.objects.create(name="other", kind="demand", made_at=NOW, by=COMMAND)


def test_ending_a_policy_brings_the_usual_plan_back(raised):
    end_policy(policy=save(), by=COMMAND, at=NOW)
    assert minutes_of(raised().notices.first()) == [25, 40, 55]


def test_where_somebody_is_hit_soon_the_steps_follow_faster(raised):
    save()
    near = raised(first_concerned_at=NOW + timedelta(minutes=16))
    assert minutes_of(near.notices.first()) == [3, 6, 9, 12]
    past = raised(source="test:2", first_concerned_at=NOW - timedelta(hours=1))
    assert minutes_of(past.notices.first()) == [1, 2, 3, 4]
    far = raised(source="test:3", first_concerned_at=NOW + timedelta(days=1))
    assert minutes_of(far.notices.first()) == [5, 10, 15, 20]


def test_steps_may_count_parts_of_the_time_to_answer(raised):
    save([Step("remind", share=0.25), Step("call", share=0.5)])
    assert minutes_of(raised(expires_at=NOW + timedelta(minutes=80)).notices.first()) == [20, 40]


def test_a_step_asks_the_desk_with_its_function_by_the_link_that_it_has(raised, organisations):
    Contact.objects.filter(office__organisation=organisations["kz-border"], rank=2).update(function="Shift leader")
    save(
        [
            Step("function", seconds=60, function="shift"),
            Step("function", seconds=120, function="shift"),
            Step("call", seconds=180),
        ]
    )
    notice = raised(codes=["kz-border"]).notices.get()
    escalate_due(at=NOW + timedelta(seconds=120))
    sent = list(
        Delivery.objects.filter(notice=notice).order_by("step").values_list("step", "contact__function", "purpose")
    )
    assert sent == [(0, "duty desk", "first"), (1, "Shift leader", "next_contact"), (2, "Shift leader", "remind")]


def test_an_acknowledgement_ends_the_steps_of_its_own_organisation(raised, mailbox):
    save()
    alert = raised(codes=["kz-border", "iom-kz"])
    notice = alert.notices.get(organisation__code="kz-border")
    acknowledge(notice=notice, name="A", function="lead", answered_by="page", by=COMMAND, at=NOW)
    escalate_due(at=NOW + timedelta(minutes=20))
    send_all(NOW + timedelta(minutes=20))
    assert set(notice.steps.values_list("state", flat=True)) == {"ended"}
    assert mailbox.to("deputy@kz-border.example") == []
    assert mailbox.to("deputy@iom-kz.example")


def test_the_duty_officer_is_the_duty_desk_and_the_deputy_whoever_stands_in_for_who_was_asked(organisations):
    office = organisations["kz-border"].offices.get()
    first = office.contacts.get(rank=1)
    for rank, function, values in (
        (8, "night desk", {"is_duty_desk": True}),
        (9, "stand-in", {"stands_in_for": first}),
    ):
        desk = Contact.objects.create(office=office, function=function, language="ru", rank=rank, **values)
        Channel.objects.create(contact=desk, kind="email", email=f"{rank}@kz-border.example")
    steps = [Step("deputy", seconds=60), Step("duty_officer", seconds=120), Step("call", seconds=180)]
    said = [item.words for item in foresee(steps, organisation=organisations["kz-border"])]
    assert said[1:3] == ["deputy: stand-in, e-mail", "duty officer: night desk, e-mail"]


def test_the_call_comes_before_the_alert_ends_however_slow_the_plan(raised):
    save([Step("remind", seconds=3600), Step("call", seconds=7 * 24 * 3600)])
    notice = raised(codes=["kz-border"]).notices.get()
    assert notice.steps.get(kind="call").due_at < notice.alert.expires_at


def test_what_a_task_raises_for_a_mission_follows_the_policy_of_that_mission(raised, organisations):
    save(QUICK[-1:], mission=organisations["iom-uz"].offices.get())
    assert minutes_of(raised(source="test:a", codes=["kz-border"], mission="iom-uz").notices.get()) == [20]
    assert minutes_of(raised(source="test:b", codes=["kz-border"]).notices.get()) != [20]
    with pytest.raises(PolicyError, match="no mission's own"):
        save(kind="engine_trouble", mission=organisations["iom-uz"].offices.get())


FORM = {"name": "quick", "kind": "demand", "measure": "minutes", "after_1": "20", "what_1": "call"}


def test_a_coordinator_foresees_a_policy_and_then_saves_exactly_that_for_the_own_mission(sign_in, organisations):
    client = sign_in(Role.COORDINATOR)
    form = {**FORM, "mission": str(organisations["iom-uz"].offices.get().public_id)}
    shown = client.post("/notices/policies/new/", {**form, "act": "foresee"})
    seen = fingerprint([Step("call", seconds=1200)])
    assert seen in shown.content.decode()
    refused = client.post("/notices/policies/new/", {**form, "act": "save", "after_1": "30", "seen": seen})
    assert refused.status_code == 400
    assert not EscalationPolicy.objects.exists()
    assert client.post("/notices/policies/new/", {**form, "act": "save", "seen": seen}).status_code == 302
    policy = EscalationPolicy.objects.get()
    assert "quick" in client.get("/notices/policies/").content.decode()
    client.post(f"/notices/policies/{policy.public_id}/end/")
    assert EscalationPolicy.objects.filter(ended_at__isnull=False).count() == 1


def test_a_coordinator_writes_no_policy_for_another_mission_nor_for_all(sign_in, organisations):
    client, seen = sign_in(Role.COORDINATOR), fingerprint([Step("call", seconds=1200)])
    for mission in ("", str(organisations["iom-kz"].offices.get().public_id)):
        sent = {**FORM, "mission": mission, "act": "save", "seen": seen}
        assert client.post("/notices/policies/new/", sent).status_code == 400
    foreign = save(mission=organisations["iom-kz"].offices.get())
    assert client.post(f"/notices/policies/{foreign.public_id}/end/").status_code == 404
    assert EscalationPolicy.objects.get().ended_at is None


def test_an_administrator_writes_one_for_all_missions(sign_in):
    sent = {**FORM, "act": "save", "seen": fingerprint([Step("call", seconds=1200)])}
    assert sign_in(Role.ADMINISTRATOR).post("/notices/policies/new/", sent).status_code == 302
    assert EscalationPolicy.objects.get().mission is None
