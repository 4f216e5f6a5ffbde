"""Reported, corroborated, confirmed, withdrawn: each a version, in an order that makes sense, surer by a second person."""

from datetime import timedelta

import pytest

from common.actors import Actor
from corridors import requirements
from corridors.enums import Certainty, ChangeKind, SourceTier
from corridors.messages import KIND, context
from corridors.models import RequirementChange, RequirementDraft
from corridors.requirements import RequirementError
from notifications.messages import preview
from notifications.models import Alert, Notice
from tests.cast import NOW, TOLD
from tests.corridors.conftest import PCR, RAPID

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
AIDA, BEK = Actor("user", "1", "Aida"), Actor("user", "2", "Bek")


@pytest.fixture
def restate(told):
    """`restate(version, certainty, by=BEK, **changes)` makes the newest rule of a line surer and publishes that."""

    def stated(version, certainty, *, by=BEK, hours=1, **changes):
        said = {"source_tier": SourceTier.ORAL_AUTHORITY, "source_text": "The ministry by phone.", "authority": None}
        at = NOW + hours * HOUR
        draft = requirements.restate(
            requirement=version.requirement, certainty=certainty, by=by, at=at, **(said | changes)
        )
        return requirements.publish(draft=draft, told=told, by=by, at=at)

    return stated


def test_one_coordinator_may_publish_what_is_only_reported_and_the_notice_says_so(publish):
    version = publish(RAPID, by=AIDA)
    text = preview(Alert.objects.get(source=requirements.source_of(version)), "en", None).text

    assert version.certainty == Certainty.REPORTED
    assert "Not yet confirmed: one source says so." in text


def test_a_second_person_confirms_by_a_new_version_and_everybody_is_asked_again(publish, restate):
    first = publish(RAPID, by=AIDA)
    change = restate(first, Certainty.CONFIRMED)

    assert (change.version.number, change.version.certainty, change.kind) == (2, "confirmed", ChangeKind.CHANGED)
    assert (change.version.content, change.version.applies.lower) == (first.content, first.applies.lower)
    alert = Alert.objects.get(source=requirements.source_of(change.version))
    assert Notice.objects.filter(alert=alert, state="owed").count() == len(TOLD)
    assert "Not yet confirmed" not in preview(alert, "en", None).text


def test_it_is_corroborated_and_then_confirmed(publish, restate):
    first = publish(RAPID, by=AIDA)
    restate(first, Certainty.CORROBORATED, by=BEK)

    assert restate(first, Certainty.CONFIRMED, by=AIDA, hours=2).version.number == 3


@pytest.mark.parametrize("certainty", [Certainty.CORROBORATED, Certainty.CONFIRMED])
def test_nobody_makes_their_own_report_surer(publish, restate, certainty):
    first = publish(RAPID, by=AIDA)

    with pytest.raises(RequirementError, match="You entered version 1 yourself") as refused:
        restate(first, certainty, by=AIDA)
    assert refused.value.field == "certainty"
    assert RequirementDraft.objects.count() == 1, "nothing is left of it"


def test_a_paper_makes_surer_what_the_same_person_heard_before(publish, restate):
    first = publish(RAPID, by=AIDA)

    assert restate(first, Certainty.CONFIRMED, by=AIDA, source_tier=SourceTier.WRITTEN).version.number == 2


def test_whoever_was_shown_a_draft_may_not_publish_it_alone_if_the_report_was_theirs(publish, write, told):
    publish(RAPID, by=AIDA)
    draft = write(RAPID, certainty=Certainty.CONFIRMED, by=BEK, at=NOW + HOUR)

    with pytest.raises(RequirementError, match="yourself"):
        requirements.publish(draft=draft, told=told, by=AIDA, at=NOW + HOUR)


def test_nothing_is_corroborated_that_nobody_has_reported(write):
    with pytest.raises(RequirementError, match="Nobody has reported this yet") as refused:
        write(RAPID, certainty=Certainty.CORROBORATED)
    assert refused.value.field == "certainty"


def test_what_is_confirmed_does_not_become_a_rumour_again(publish, write):
    publish(RAPID, certainty=Certainty.CONFIRMED)

    with pytest.raises(RequirementError, match="Version 1 says the same and is confirmed by the authority already"):
        write(RAPID, by=AIDA, at=NOW + HOUR)
    assert write(PCR, by=AIDA, at=NOW + HOUR).certainty == Certainty.REPORTED, "another rule begins as a rumour"


def test_nothing_is_withdrawn_or_confirmed_where_nothing_stands(write, publish, restate):
    with pytest.raises(RequirementError, match="There is nothing to withdraw"):
        write(RAPID, certainty=Certainty.WITHDRAWN)
    gone = publish(RAPID)
    publish(RAPID, hours=1, certainty=Certainty.WITHDRAWN)
    with pytest.raises(RequirementError, match="There is nothing to withdraw"):
        write(RAPID, certainty=Certainty.WITHDRAWN, at=NOW + 2 * HOUR)
    with pytest.raises(RequirementError, match="There is nothing to confirm"):
        restate(gone, Certainty.CONFIRMED, hours=2)


def test_a_mistake_of_ours_is_corrected_by_a_version_with_a_notice_of_its_own_kind(publish):
    first = publish(RAPID, by=AIDA)
    second = publish(PCR, hours=1, by=AIDA, applies_from=NOW, correction="Rapid tests were ticked; they asked for PCR.")
    change = RequirementChange.objects.get(version=second)
    alert = Alert.objects.get(source=requirements.source_of(second))
    message = preview(alert, "en", None)

    assert (change.kind, change.previous) == (ChangeKind.CORRECTED, first)
    assert alert.kind == KIND
    assert context(alert.context, "en")["is_corrected"]
    assert ": correction, health test (version 2)" in message.subject
    assert "Entered wrongly in version 1: Rapid tests were ticked; they asked for PCR." in message.text
    assert requirements.ledger(second.requirement)[1].differences[0].startswith("entered wrongly before: Rapid tests")


def test_where_nothing_was_published_nothing_is_corrected(write):
    with pytest.raises(RequirementError, match="There is nothing to correct") as refused:
        write(RAPID, correction="72 and not 48 hours")
    assert refused.value.field == "correction"


def test_what_was_published_is_not_published_once_more_word_for_word(publish):
    publish(RAPID, by=AIDA)

    with pytest.raises(RequirementError, match="Version 1 says exactly this already"):
        publish(RAPID, by=BEK, hours=1)  # from an hour at which it holds already
    assert publish(RAPID, by=BEK, hours=1, source_text="Another shift leader says so too.").number == 2
    assert publish(RAPID, by=BEK, hours=2, applies_until=NOW + 9 * HOUR).number == 3
