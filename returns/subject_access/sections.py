"""The report in sections, as plain values. Nobody else's name stands in it, and nothing that would endanger others."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from common import countries
from migrants.ages import birth_words
from migrants.enums import AloneStatus, DataCategory, EnquiryState, RelationKind
from migrants.models import Enquiry, Export, Merge, Migrant, Relation
from migrants.screening import needs_of
from returns import retention
from returns.models import (
    ReceiverAnswer,
    Reception,
)
from returns.people_lines import claim_words, days_of
from returns.subject_access.aftercare import follow_ups_section, reintegrations_section
from returns.subject_access.casework import casework_section
from returns.subject_access.consular import documents_asked_section, questions_section
from returns.subject_access.journeys import cases_section, journeys_section
from returns.subject_access.looks import who_saw
from returns.subject_access.proofs import proofs_section
from returns.subject_access.shapes import Section, Subject, Value


def report_of(person: Migrant, *, with_protection: bool) -> list[Section]:
    """Give everything that is held, in the language at hand; a bounded number of queries.

    Screening, referrals, holds and what is confidential of the way only `with_protection`: whoever may not see them cannot
    hand them out either.
    """
    records = (person.pk, *person.merged_from.values_list("pk", flat=True))
    subject = Subject(person, records, with_protection)
    makers: list[Callable[[Subject], Section]] = [
        _identity, _corrections, _documents, _pictures, _consents, _disclosures, _files, _received,
        documents_asked_section, questions_section, _looks, _enquiries, _tests, proofs_section, cases_section,
        casework_section, journeys_section, follow_ups_section, reintegrations_section,
    ]  # fmt: skip
    if with_protection:
        makers += [_screenings, _referrals, _holds]
    return [*(maker(subject) for maker in makers), _kept(subject)]


def _identity(subject: Subject) -> Section:
    return Section("identity", _("Who you are, as we wrote it down"), _facts(), tuple(_identity_rows(subject.person)))


def _facts() -> tuple[tuple[str, str], ...]:
    return (("what", _("What")), ("value", _("What stands there")))


def _identity_rows(person: Migrant) -> Iterator[tuple[Value, ...]]:
    yield _("Name as written"), person.full_name
    yield _("Name in Latin letters"), person.latin_name
    for part, value in (
        (_("Surname"), person.surname),
        (_("Given names"), person.given_names),
        (_("Father’s name"), person.father_name),
    ):
        if value:
            yield part, value
    for name in person.names.order_by("recorded_at"):
        yield (
            _("Another name"),
            f"{name.full_name} ({', '.join(filter(None, (name.get_kind_display(), days_of(name))))})",
        )
    yield _("Number"), person.number
    yield _("Sex"), person.get_sex_display()
    birth = birth_words((person.birth_year, person.birth_month, person.birth_day))
    yield _("Born"), f"{birth} ({person.get_birth_basis_display()})" if birth else ""
    held = [f"{countries.name(row.code)} ({row.get_status_display()})" for row in person.nationalities.order_by("code")]
    yield _("Nationality"), ", ".join(held)
    yield _("Language"), ", ".join(filter(None, (person.language, *person.other_languages)))
    if person.needs_interpreter is not None:
        yield _("Needs an interpreter"), _("yes") if person.needs_interpreter else _("no")
    yield _("Telephone"), ", ".join(filter(None, (person.phone, *(row.number for row in person.phones.all()))))
    for kin in person.kin.all():
        yield _("Next of kin"), ", ".join(filter(None, (kin.name, kin.get_relation_display(), kin.phone)))
    yield _("Note"), person.note or ""
    if person.alone != AloneStatus.NO:
        yield _("Child"), person.get_alone_display()
    yield _("Registered"), person.registered_at
    if person.group is not None:
        yield _("Group"), person.group.code
    if person.family is not None:
        yield _("Family"), person.family.code
    for row in Relation.objects.filter(Q(person=person) | Q(other=person)).standing():
        yield _("Relation"), str(RelationKind(row.kind).label)
    for merge in Merge.objects.filter(kept=person, undone_at__isnull=True).select_related("absorbed"):
        yield _("Also registered as"), merge.absorbed.number


def _corrections(subject: Subject) -> Section:
    claims = subject.person.earlier_claims.all()
    return Section(
        "corrections",
        _("What was corrected"),
        (("until", _("Until")), ("value", _("What stood there"))),
        tuple((claim.replaced_at, claim_words(claim)) for claim in claims),
    )


def _documents(subject: Subject) -> Section:
    return Section(
        "documents",
        _("Your documents"),
        (
            ("kind", _("Document")),
            ("number", _("Number")),
            ("issuer", _("Issued by")),
            ("expires_on", _("Valid until")),
            ("recorded_at", _("Written down")),
        ),
        tuple(
            (
                f"{row.get_kind_display()}, {row.get_state_display()}",
                row.number or "",
                countries.name(row.issuer) if row.issuer else "",
                row.expires_on,
                row.recorded_at,
            )
            for row in subject.person.documents.order_by("recorded_at")
        ),
    )


def _pictures(subject: Subject) -> Section:
    rows = subject.person.pictures.defer("content").order_by("taken_at")
    return Section(
        "pictures",
        _("Pictures of you, and of what you signed"),
        (("kind", _("What it shows")), ("taken_at", _("Taken")), ("recorded_at", _("Written down"))),
        tuple((row.get_kind_display(), row.taken_at, row.recorded_at) for row in rows),
        note=_("Ask to be shown them, or to be given prints."),
    )


def _consents(subject: Subject) -> Section:
    rows = subject.person.consents.select_related("recipient").order_by("answered_at")
    return Section(
        "consents",
        _("What you were asked, and what you answered"),
        (
            ("purpose", _("Asked about")),
            ("recipient", _("For whom")),
            ("answer", _("Answer")),
            ("categories", _("What may be shown")),
            ("how", _("How")),
            ("form_reference", _("Signed paper")),
            ("answered_at", _("When")),
            ("withdrawn_at", _("Taken back")),
        ),
        tuple(
            (
                row.get_purpose_display(),
                row.recipient.name if row.recipient else "IOM",
                row.get_answer_display(),
                ", ".join(str(DataCategory(each).label) for each in row.categories),
                row.get_how_display(),
                row.form_reference,
                row.answered_at,
                row.withdrawn_at,
            )
            for row in rows
        ),
    )


def _disclosures(subject: Subject) -> Section:
    rows = subject.person.disclosures.select_related("recipient").order_by("valid_from")
    return Section(
        "disclosures",
        _("Who outside IOM could see you"),
        (
            ("recipient", _("Who")),
            ("purpose", _("What for")),
            ("valid_from", _("From")),
            ("valid_until", _("Until")),
        ),
        tuple((row.recipient.name, row.get_purpose_display(), row.valid_from, row.valid_until) for row in rows),
        note=_("Messages about crossings went to authorities too; no message ever names a person."),
    )


def _files(subject: Subject) -> Section:
    rows = Export.objects.filter(people__contains=[subject.person.public_id]).select_related("recipient")
    return Section(
        "files",
        _("Files in which you stand"),
        (
            ("number", _("Number")),
            ("kind", _("What")),
            ("recipient", _("For whom")),
            ("purpose", _("What for")),
            ("made_at", _("When")),
        ),
        tuple(
            (
                row.number,
                row.get_kind_display(),
                row.recipient.name if row.recipient else row.recipient_name or "IOM",
                row.purpose,
                row.made_at,
            )
            for row in rows.order_by("made_at")
        ),
    )


def _received(subject: Subject) -> Section:
    rows = Reception.objects.filter(person__in=subject.records).select_related("handover__receiver")
    others = ReceiverAnswer.objects.filter(person__in=subject.records).select_related("word__receiver")
    return Section(
        "receptions",
        _("Who received you"),
        (("receiver", _("Who")), ("state", _("How")), ("received_at", _("When"))),
        (
            *((row.handover.receiver.name, row.get_state_display(), row.handover.received_at) for row in rows),
            *((row.word.receiver.name, row.get_state_display(), row.word.received_at) for row in others),
        ),
    )


def _looks(subject: Subject) -> Section:
    return Section(
        "looks",
        _("Who looked at what is held about you"),
        (
            ("role", _("In which role")),
            ("organisation", _("Organisation")),
            ("where", _("Where")),
            ("times", _("How often")),
            ("first_at", _("First")),
            ("last_at", _("Last")),
        ),
        tuple(
            (line.role, line.organisation, line.where, line.times, line.first_at, line.last_at)
            for line in who_saw(subject.records)
        ),
    )


def _enquiries(subject: Subject) -> Section:
    """Which organisation asked, never who there: as with looks."""
    rows = Enquiry.objects.filter(Q(person__in=subject.records) | Q(own__in=subject.records)).order_by("asked_at")
    return Section(
        "enquiries",
        _("Who from another office of ours asked about you"),
        (("organisation", _("Organisation")), ("shown", _("Was your case shown")), ("asked_at", _("When"))),
        tuple((row.by.organisation_ref, _("yes") if _is_lent(row, subject) else _("no"), row.asked_at) for row in rows),
    )


def _is_lent(row: Enquiry, subject: Subject) -> bool:
    """Only the record that was asked for is lent, and not that from which somebody asked."""
    return row.state == EnquiryState.LENT and row.person_id in subject.records


def _tests(subject: Subject) -> Section:
    rows = subject.person.tests.order_by("sampled_at")
    return Section(
        "tests",
        _("Your health tests"),
        (
            ("kind", _("Test")),
            ("result", _("Result")),
            ("sampled_at", _("Sample taken")),
            ("result_at", _("Result known")),
            ("laboratory", _("Laboratory")),
        ),
        tuple(
            (row.get_kind_display(), row.get_result_display(), row.sampled_at, row.result_at, row.laboratory)
            for row in rows
        ),
        note=_("Results stay with IOM. Others learn at most that you meet a requirement, and until when."),
    )


def _screenings(subject: Subject) -> Section:
    rows = subject.person.screenings.order_by("screened_at")
    return Section(
        "screenings",
        _("What you told us that you need"),
        (("stage", _("When")), ("needs", _("Needs")), ("note", _("Note")), ("at", _("Day"))),
        tuple(
            (
                row.get_stage_display(),
                ", ".join(str(need.label) for need in needs_of(row)),
                row.note or "",
                row.screened_at,
            )
            for row in rows
        ),
    )


def _referrals(subject: Subject) -> Section:
    rows = subject.person.referrals.select_related("organisation").order_by("referred_at")
    return Section(
        "referrals",
        _("Whom we asked to help you"),
        (("organisation", _("Who")), ("service", _("What for")), ("reason", _("Why")), ("at", _("When"))),
        tuple((row.organisation.name, row.get_service_display(), row.reason, row.referred_at) for row in rows),
    )


def _holds(subject: Subject) -> Section:
    rows = subject.person.holds.order_by("set_at")
    return Section(
        "holds",
        _("Countries that learn nothing of you"),
        (("against", _("Countries")), ("reason", _("Why")), ("from", _("From")), ("until", _("Until"))),
        tuple(
            (", ".join(countries.name(code) for code in row.against), row.reason, row.set_at, row.cleared_at)
            for row in rows
        ),
    )


def _kept(subject: Subject) -> Section:
    asked = subject.person.erasure_requests.filter(Q(answered_at__isnull=True) | Q(is_confirmed=False))
    return Section(
        "kept",
        _("How long it is kept"),
        (("kind", _("What")), ("days", _("Days after the case is closed"))),
        (
            *((str(period.kind.label), period.days) for period in retention.periods().values()),
            *((str(kind.label), _("for good, without your name")) for kind in retention.FOR_GOOD),
        ),
        note=" ".join(
            [
                _("You may ask that something is corrected, or that you are erased when you are helped no longer."),
                *(_("Your erasure was asked for on %(day)s.") % {"day": f"{row.asked_at:%d.%m.%Y}"} for row in asked),
            ]
        ),
    )
