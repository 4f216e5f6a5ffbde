"""Writing a change down and publishing it: one transaction, nobody overtaken, nothing absurd."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from common.actors import Actor
from common.models import AuditEntry
from corridors import requirements, transit
from corridors.enums import Certainty, ChangeKind, RequirementSubject, SourceTier
from corridors.ledger import words_of_overlaps
from corridors.models import BorderCrossing, CrossingSide, Requirement, RequirementChange, RequirementVersion
from corridors.requirements import RequirementError
from notifications.models import Alert, Notice
from tests.cast import COMMAND, NOW, TOLD
from tests.corridors.conftest import PCR, RAPID

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def in_force(crossing, *, at=NOW, known_at=NOW):
    return [
        version.number
        for version in requirements.in_force(
            crossing=crossing, from_country="KAZ", to_country="UZB", at=at, known_at=known_at
        )
    ]


def test_a_draft_tells_nobody_and_changes_nothing(write, crossing):
    write()
    assert not Alert.objects.exists()
    assert in_force(crossing) == []


def test_publishing_writes_version_change_alert_notices_and_audit_together(publish, crossing):
    version = publish()
    assert in_force(crossing) == [1]
    change = RequirementChange.objects.get(version=version)
    assert (change.kind, change.previous, change.assessed_at) == (ChangeKind.NEW, None, None)
    alert = Alert.objects.get(source=f"requirement-version:{version.public_id}")
    assert alert.subject == "crossing:KZ-UZ-01"
    assert set(Notice.objects.filter(alert=alert).values_list("organisation__code", flat=True)) == set(TOLD)
    assert AuditEntry.objects.filter(
        verb="requirement published", subject=f"corridors.requirementversion:{version.public_id}"
    ).exists()


def test_if_one_part_of_publishing_fails_nothing_of_it_stands(write, told, monkeypatch):
    draft = write()

    def refuse(*arguments, **more):
        raise RuntimeError("the last step fails")

    monkeypatch.setattr(requirements, "nudge", refuse)
    with pytest.raises(RuntimeError), transaction.atomic():
        requirements.publish(draft=draft, told=told, by=COMMAND, at=NOW)
    assert not RequirementVersion.objects.exists()
    assert not Alert.objects.exists()
    assert not AuditEntry.objects.filter(verb="requirement published").exists()
    draft.refresh_from_db()
    assert draft.published_version is None


def test_versions_count_up_and_the_newest_holds(publish, crossing):
    publish(RAPID)
    publish(PCR, hours=3)
    later = NOW + 3 * HOUR
    assert in_force(crossing, at=later, known_at=later) == [2]
    assert in_force(crossing, at=NOW + HOUR, known_at=later) == [1]


def test_what_did_we_know_has_an_answer_for_every_moment(publish, crossing):
    publish(RAPID)
    publish(PCR, hours=3, applies_from=NOW + HOUR)
    moment = NOW + 2 * HOUR
    assert in_force(crossing, at=moment, known_at=NOW + 2 * HOUR) == [1], "at that hour we still believed version 1"
    assert in_force(crossing, at=moment, known_at=NOW + 3 * HOUR) == [2], "an hour later we knew better"
    assert in_force(crossing, at=moment, known_at=NOW - HOUR) == [], "before the demand we knew nothing"


def test_a_rule_for_a_while_gives_back_what_it_interrupted(publish, crossing):
    publish(RAPID)
    publish(PCR, hours=1, applies_until=NOW + 5 * HOUR)
    known_at = NOW + HOUR
    assert [in_force(crossing, at=NOW + hours * HOUR, known_at=known_at) for hours in (0, 1, 4, 5, 50)] == [
        [1], [2], [2], [1], [1],
    ]  # fmt: skip


def test_a_piece_that_stays_keeps_number_words_and_author(publish):
    first = publish(RAPID, by=Actor.command("first author"))
    publish(PCR, hours=3)
    pieces = RequirementVersion.objects.filter(number=1).order_by("pk")
    assert [piece.known.upper is None for piece in pieces] == [False, True]
    assert {piece.entered_by.printed_name for piece in pieces} == {"first author"}
    assert pieces[1].content == first.content
    assert pieces[1].applies.upper == NOW + 3 * HOUR


def test_two_changes_in_the_same_instant_are_both_known_one_after_the_other(publish, crossing):
    publish(RAPID)
    second = publish(PCR)
    assert second.known.lower == NOW + timedelta(microseconds=1)
    assert in_force(crossing, known_at=NOW) == [1]
    assert in_force(crossing, known_at=NOW + HOUR) == [2]


def test_knowledge_never_goes_back(publish, write, told):
    publish(RAPID, hours=3)
    draft = write(PCR)
    with pytest.raises(RequirementError, match="later than now"):
        requirements.publish(draft=draft, told=told, by=COMMAND, at=NOW)


def test_a_draft_is_published_once(write, told):
    draft = write()
    requirements.publish(draft=draft, told=told, by=COMMAND, at=NOW)
    with pytest.raises(RequirementError, match="published as version 1; nobody is told twice"):
        requirements.publish(draft=draft, told=told, by=COMMAND, at=NOW + HOUR)
    assert Alert.objects.count() == 1


def test_who_was_slower_reads_who_published_what_meanwhile(write, told):
    mine, theirs = write(PCR), write(RAPID)
    requirements.publish(draft=theirs, told=told, by=Actor("user", "1", "A colleague"), at=NOW + HOUR)
    with pytest.raises(RequirementError) as refused:
        requirements.publish(draft=mine, told=told, by=COMMAND, at=NOW + HOUR)
    assert refused.value.sentence == (
        "A colleague published version 1 meanwhile: Required of everyone: a negative test (PCR or rapid) sampled at "
        "most 72 hours before the barrier; not asked of: children under 5. Read it, then write your change against it "
        "if it still stands."
    )
    again = requirements.redraft(draft=mine, by=COMMAND, at=NOW + HOUR)
    assert requirements.publish(draft=again, told=told, by=COMMAND, at=NOW + 2 * HOUR).version.number == 2


def test_the_written_version_supersedes_the_alert_of_the_oral_one(publish):
    oral = publish(RAPID)
    written = publish(PCR, hours=3, source_tier=SourceTier.WRITTEN, certainty=Certainty.CONFIRMED)
    alert = Alert.objects.get(source=f"requirement-version:{written.public_id}")
    assert alert.supersedes is not None
    assert alert.supersedes.source == f"requirement-version:{oral.public_id}"
    assert Notice.objects.filter(alert=alert, state="owed").count() == len(TOLD), "everybody is asked again"


def test_another_line_of_the_crossing_supersedes_nothing(publish, crossing):
    publish(RAPID)
    line = (crossing, "KAZ", "UZB", RequirementSubject.OPENING)
    publish({"rule": {"closed": {}}}, hours=1, requirement_line=line)
    assert not Alert.objects.filter(supersedes__isnull=False).exists()
    assert in_force(crossing, at=NOW + HOUR, known_at=NOW + HOUR) == [1, 1]


def test_withdrawing_is_a_version_and_a_message_of_its_own(publish, told, crossing, organisations):
    version = publish(RAPID)
    change = requirements.withdraw(
        requirement=version.requirement, source_tier=SourceTier.WRITTEN, source_text="Note 7 takes it back.",
        authority=organisations["uz-border"], applies_from=NOW + HOUR, told=told, by=COMMAND, at=NOW + HOUR,
    )  # fmt: skip
    assert (change.kind, change.version.number, change.previous) == (ChangeKind.WITHDRAWN, 2, version)
    assert in_force(crossing, at=NOW + HOUR, known_at=NOW + HOUR) == []
    assert in_force(crossing, at=NOW, known_at=NOW + HOUR) == [1]
    with pytest.raises(RequirementError, match="nothing to withdraw"):
        requirements.withdraw(
            requirement=version.requirement, source_tier=SourceTier.WRITTEN, source_text="Again.",
            authority=organisations["uz-border"], applies_from=NOW + HOUR, told=told, by=COMMAND, at=NOW + 2 * HOUR,
        )  # fmt: skip


def test_after_a_withdrawal_the_next_demand_is_new(publish, told, organisations):
    version = publish(RAPID)
    requirements.withdraw(
        requirement=version.requirement, source_tier=SourceTier.WRITTEN, source_text="Note 7 takes it back.",
        authority=organisations["uz-border"], applies_from=NOW + HOUR, told=told, by=COMMAND, at=NOW + HOUR,
    )  # fmt: skip
    assert publish(PCR, hours=2).change.kind == ChangeKind.NEW


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"authority": None}, "authority", "Say which authority asks for this"),
        ({"source_text": "  "}, "source_text", "Say who said it"),
        ({"source_tier": "rumour"}, "source_tier", "Say how it became known"),
        ({"certainty": "sure"}, "certainty", "Say how sure this is"),
        ({"applies_from": NOW - timedelta(days=1000)}, "applies_from", "2018-01-05 is too far from today to be meant"),
        ({"applies_from": datetime(2120, 10, 1, tzinfo=UTC)}, "applies_from", "2120-10-01 is too far from today"),
        ({"applies_from": datetime(2020, 10, 1, 8)}, "applies_from", "Say in which time zone this hour is meant."),
        ({"applies_until": NOW}, "applies_until", "It cannot end before it begins"),
        ({"content": {"rule": {"magic": {}}}}, "content", "rule"),
        ({"content": {"price": None}}, "content", "rule"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name_and_leaves_nothing(write, change, field, words):
    with pytest.raises(RequirementError) as refused:
        write(**change)
    assert refused.value.field == field
    assert words in refused.value.sentence
    assert not Requirement.objects.exists()


def test_what_else_holds_at_the_same_hours_is_said_before_anybody_is_told(publish, write):
    publish(RAPID)
    publish(PCR, hours=1, applies_from=NOW + 48 * HOUR)

    assert words_of_overlaps(write(applies_from=NOW + 2 * HOUR, applies_until=NOW + 24 * HOUR)) == [
        "Version 1 holds until 1 October 2020, 11:00 Almaty (UTC+6) = 10:00 Tashkent (UTC+5).",
        "Version 1 holds from 2 October 2020, 09:00 Almaty (UTC+6) = 08:00 Tashkent (UTC+5) on.",
    ]
    assert words_of_overlaps(write(applies_from=NOW)) == [
        "Version 1, which begins at the same hour, is replaced.",
        "Version 2, announced from 3 October 2020, 09:00 Almaty (UTC+6) = 08:00 Tashkent (UTC+5), no longer begins then.",
    ]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (("KAZ", "TJK", "health_test"), "direction"),
        (("KAZ", "KAZ", "health_test"), "direction"),
        (("KAZ", "UZB", "weather"), "subject"),
    ],
)
def test_a_line_must_belong_to_the_crossing(write, crossing, line, field):
    with pytest.raises(RequirementError) as refused:
        write(requirement_line=(crossing, *line))
    assert refused.value.field == field


def test_an_airport_has_one_side_and_any_other_country_beyond(write, db):
    airport = BorderCrossing.objects.create(code="AIR-99", modes=["air"], is_airport=True)
    CrossingSide.objects.create(crossing=airport, country="UZB", name_latin="Airport", zone="Asia/Tashkent")
    assert write(requirement_line=(airport, "RUS", "UZB", "health_test")).zone == "Asia/Tashkent"


def test_the_hour_is_meant_in_the_zone_of_the_authority(write, organisations):
    assert write().zone == "Asia/Tashkent"
    assert write(authority=organisations["kz-border"]).zone == "Asia/Almaty"


def test_rules_in_force_for_many_passages_take_one_query(publish, crossing, django_assert_num_queries):
    publish(RAPID)
    passages = [
        requirements.Passage(crossing.pk, *direction, NOW + hours * HOUR)
        for direction in (("KAZ", "UZB"), ("UZB", "KAZ"))
        for hours in range(-1, 3)
    ]
    with django_assert_num_queries(1):
        found = requirements.in_force_many(passages, known_at=NOW + HOUR)
    asked = [passage for passage, versions in found.items() if versions]
    assert asked == passages[1:4], "only that direction, and only since the hour from which it holds"


def test_a_corridor_on_the_way_shows_that_a_requirement_changed(publish, crossing, corridor):
    publish(RAPID, hours=2)
    publish(PCR, hours=3)
    corridor.refresh_from_db()
    assert corridor.requirement_changed_at == NOW + 2 * HOUR, "since the first change"
    assert [change.version.number for change in transit.changes_on_the_way(corridor)] == [2, 1]


def test_a_change_in_the_other_direction_leaves_the_corridor_as_it_is(publish, crossing, corridor):
    publish(RAPID, requirement_line=(crossing, "UZB", "KAZ", "health_test"))
    corridor.refresh_from_db()
    assert corridor.requirement_changed_at is None


def test_whoever_is_no_authority_asks_nothing(write, organisations):
    with pytest.raises(requirements.RequirementError, match="asks nothing of anybody at a border"):
        write(authority=organisations["iom-kz"])
