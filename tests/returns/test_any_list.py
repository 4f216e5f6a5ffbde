"""Whatever stands in a list: each row becomes an entry that can be stored, or says what to mend; nothing else is raised."""

import io
from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.sheets import Heading, Row, Sheet, SheetError, write_xlsx
from migrants.models import Migrant
from migrants.registration import RegistrationError, register_many
from returns import importing
from returns.column_guesses import guesses
from returns.manifest_columns import LABELS
from returns.manifest_customs import customs_of
from returns.manifest_rows import read_row
from returns.manifest_staging import ManifestError
from tests.cast import COMMAND, NOW

TODAY = date(2020, 9, 30)
EVERYBODY = Migrant.objects.living_records()
FIELDS = sorted(LABELS)
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60)
likely = st.sampled_from(
    ["Қодиров Умед", "м", "TJK", "Узбекистан", "04.07.1986", "31.02.1990", "1986", "паспорт", "нет", "005966803", "F1",
     "+992950002960", "до 2025", "x", "-", "0", "99999999999999999999", "=1+1", "без сопровождения"]
)  # fmt: skip
cells = st.one_of(
    st.none(),
    words,
    likely,
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.datetimes(min_value=datetime(1, 1, 2)),
)


@st.composite
def lists(draw):
    """A heading over some fields and rows of anything."""
    fields = draw(st.lists(st.sampled_from(FIELDS), min_size=1, max_size=6, unique=True))
    rows = draw(st.lists(st.lists(cells, min_size=1, max_size=len(fields)), min_size=1, max_size=6))
    heading = Heading(1, {field: index for index, field in enumerate(fields)})
    return Sheet("", tuple(Row(n, tuple(row)) for n, row in enumerate(rows, start=2))), heading


@given(lists())
def test_any_row_is_an_entry_or_says_what_to_mend(listed):
    sheet, heading = listed
    customs = customs_of(sheet.rows, heading)
    for row in sheet.rows:
        read = read_row(row, heading, today=TODAY, customs=customs)
        assert (read.entry is None) == bool(read.faults)
        assert all(fault.sentence.endswith((".", "!", "?")) for fault in read.faults)


@given(lists(), words)
def test_any_column_is_guessed_or_left_alone(listed, text):
    sheet, heading = listed
    unknown = Heading(1, {}, tuple((index, text) for index in range(sheet.width)))
    found = guesses(sheet, unknown, today=TODAY)
    assert len(set(found.values())) == len(found)
    assert set(found) <= set(LABELS)
    assert heading.columns


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(lists())
def test_what_is_read_can_be_stored(group, listed):
    sheet, heading = listed
    read = [read_row(row, heading, today=TODAY) for row in sheet.rows]
    entries = [each.entry for each in read if each.entry is not None]
    try:
        people = register_many(group=group, mission=group.mission, entries=entries, by=COMMAND, at=NOW)
    except RegistrationError as error:
        assert str(error.sentence)  # noqa: PT017  # what is left of a name may be no name
    else:
        assert len(people) == len(entries)


@pytest.mark.django_db
@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(lists(), st.sampled_from(["xlsx", "csv"]))
def test_any_list_is_taken_or_refused_with_a_sentence(group, listed, kind):
    sheet, heading = listed
    rows = [list(heading.columns), *[list(row.cells) for row in sheet.rows]]
    if kind == "xlsx":
        content = write_xlsx([[_plain(cell) for cell in row] for row in rows], name="List")
    else:
        content = "\n".join(";".join(str(_plain(cell) or "") for cell in row) for row in rows).encode()
    try:
        upload = importing.take(
            group=group, mission=group.mission, file=io.BytesIO(content), name=f"list.{kind}", size=len(content),
            within=EVERYBODY.all(), by=COMMAND, at=NOW,
        )  # fmt: skip
        importing.confirm(upload=upload, decisions={}, within=EVERYBODY.all(), by=COMMAND, at=NOW, partial=True)
    except (SheetError, ManifestError, RegistrationError) as error:
        assert str(error.sentence).endswith(".")  # noqa: PT017


def _plain(cell):
    """As a list would hold it: a day as text, for a workbook knows none before 1900."""
    return f"{cell:%d.%m.%Y}" if isinstance(cell, date) else cell
