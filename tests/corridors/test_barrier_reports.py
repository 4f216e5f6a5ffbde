"""Word from the barrier: stored once, heard by others, taken up as a draft, or set aside with a reason."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from common.actors import Actor
from common.models import AuditEntry
from common.pictures import Drawn
from corridors import reporting
from corridors.attachments import AttachmentError, attach
from corridors.enums import ReportState
from corridors.models import BarrierReport, BorderCrossing, CrossingSide, ReportVoice, RequirementDraft
from corridors.reporting import DifferentReportError, Heard, ReportError
from corridors.requirements import RequirementError
from tests.cast import NOW

pytestmark = pytest.mark.django_db
AIDA, BEK = Actor("user", "1", "Aida"), Actor("user", "2", "Bek")
PICTURE = Drawn(b"a picture", 40, 30)


@pytest.fixture
def heard(crossing):
    def said(**changes):
        given = {
            "crossing": crossing,
            "from_country": "KAZ",
            "to_country": "UZB",
            "seen_at": NOW,
            "sentence": "Tests now.",
        }
        return Heard(**(given | changes))

    return said


@pytest.fixture
def report(heard, group):
    def reported(*, public_id=None, by=AIDA, **changes):
        return reporting.report(public_id=public_id, heard=heard(**changes), mission=group.mission, by=by, at=NOW)

    return reported


def test_a_report_is_stored_once_however_often_the_phone_sends_it(report):
    key = uuid4()
    (first, is_new), (again, was_new) = report(public_id=key), report(public_id=key)

    assert (is_new, was_new, first.pk == again.pk) == (True, False, True)
    assert AuditEntry.objects.filter(verb="barrier report made").count() == 1


def test_the_same_id_with_other_words_is_refused(report):
    key = uuid4()
    report(public_id=key)

    with pytest.raises(DifferentReportError, match="stored already with other content"):
        report(public_id=key, sentence="Closed.")


def test_a_photograph_alone_is_a_report_and_is_sealed(report):
    row = report(sentence="", photograph=PICTURE)[0]

    assert BarrierReport.objects.get(pk=row.pk).photograph == b"a picture"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sentence": " "}, "sentence"),
        ({"sentence": "a" * 501}, "sentence"),
        ({"from_country": "UZB"}, "crossing"),
        ({"to_country": "TJK"}, "crossing"),
        ({"subject": "weather"}, "subject"),
        ({"seen_at": NOW + timedelta(hours=1)}, "seen_at"),
        ({"seen_at": NOW - timedelta(days=31)}, "seen_at"),
    ],
    ids=["nothing said", "too long", "within a country", "another border", "another subject", "ahead", "long ago"],
)
def test_what_cannot_be_a_report_is_refused_by_field(report, changes, field):
    with pytest.raises(ReportError) as refused:
        report(**changes)
    assert refused.value.field == field
    assert not BarrierReport.objects.exists()


def test_another_officer_who_heard_the_same_counts_once_and_nobody_counts_twice_for_their_own(report):
    row = report()[0]
    reporting.corroborate(report=row, by=BEK, at=NOW)

    assert reporting.corroborate(report=row, by=BEK, at=NOW)[1] is False
    assert ReportVoice.objects.count() == 1
    with pytest.raises(ReportError, match="This report is yours"):
        reporting.corroborate(report=row, by=AIDA, at=NOW)


def test_a_draft_takes_a_report_up_once(report, write):
    row = report()[0]
    draft = write(report=row)
    row.refresh_from_db()

    assert (row.state, row.draft) == (ReportState.TAKEN_UP, draft)
    with pytest.raises(RequirementError, match="settled this report already"):
        write(report=row)
    assert RequirementDraft.objects.count() == 1


def test_a_report_is_set_aside_with_a_reason_that_its_author_can_read(report):
    row = report()[0]

    with pytest.raises(ReportError, match="Say why nothing follows"):
        reporting.set_aside(report=row, reason=" ", by=BEK, at=NOW)
    row = reporting.set_aside(report=row, reason="The post denies it.", by=BEK, at=NOW)
    assert (row.state, row.reason, row.settled_by) == (ReportState.SET_ASIDE, "The post denies it.", BEK)


def test_the_database_keeps_a_report_settled_or_open(report):
    row = report()[0]

    with pytest.raises(IntegrityError, match="report_is_settled_once"), transaction.atomic():
        BarrierReport.objects.filter(pk=row.pk).update(state="set_aside", settled_at=NOW)


def test_a_picture_is_attached_to_a_version_with_its_kind(publish):
    version = publish()
    [row] = attach(version=version, kind="letter", pages=[PICTURE], caption=" Order 12 ", by=AIDA, at=NOW)

    assert (row.caption, row.is_public) == ("Order 12", False)
    with pytest.raises(AttachmentError, match="Choose from the list") as refused:
        attach(version=version, kind="song", pages=[PICTURE], by=AIDA, at=NOW)
    assert refused.value.field == "kind"


def test_a_word_from_another_crossing_is_no_ground_for_a_draft_of_this_one(report, write):
    other = BorderCrossing.objects.create(code="KZ-KG-09", modes=["road"])
    for rank, country in enumerate(("KAZ", "KGZ"), start=1):
        CrossingSide.objects.create(crossing=other, country=country, name_latin=country, zone="Asia/Almaty", rank=rank)
    row, _is_new = report(crossing=other, to_country="KGZ")

    with pytest.raises(RequirementError, match="another crossing"):
        write(report=row)
    assert not RequirementDraft.objects.exists()
