"""Long lists are worked off by a task, piece by piece, and end as a short one would; nothing is kept or stored twice."""

import io
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from common.nudges import nudge
from migrants.models import Migrant, Nationality, ProtectionHold, TravelDocument
from notifications.rounds import Watch
from returns import importing, manifest_ahead, manifests, tasks
from returns.enums import UploadState
from returns.manifest_staging import ManifestError, content_of
from returns.models import ManifestPiece, ManifestRow, ManifestUpload, ReturnCase
from returns.models.manifests import MOST_TRIES
from tests.cast import COMMAND, NOW
from tests.support.waiting import wait_until

ENGLISH = Path(__file__).parents[1] / "fixtures" / "group_102.csv"
EVERYBODY = Migrant.objects.living_records()
HEADING = "Full name;Sex;Birth date;Nationality;Document;Document number\n"


@pytest.fixture
def long(monkeypatch):
    """Every list is a long one, in pieces of thirty rows."""
    monkeypatch.setattr(importing, "SHORT_BYTES", 0)
    monkeypatch.setattr(importing, "PIECE_ROWS", 30)
    manifest_ahead.let_go()


@pytest.fixture
def take(group):
    def taken(content=None, name="list.csv"):
        data = ENGLISH.read_bytes() if content is None else content.encode()
        return importing.take(
            group=group, mission=group.mission, file=io.BytesIO(data), name=name, size=len(data), within=EVERYBODY.all(),
            by=COMMAND, at=NOW,
        )  # fmt: skip

    return taken


def confirm(upload, **choices):
    return importing.confirm(upload=upload, within=EVERYBODY.all(), by=COMMAND, at=NOW, **({"decisions": {}} | choices))


def work_off(upload):
    while importing.work_off(at=NOW, real_at=timezone.now(), turn=timedelta(0)):
        pass
    upload.refresh_from_db()
    return upload


def what_is_known():
    """Everything that an import writes of people, by content."""
    people = Migrant.objects.order_by("full_name", "birth_year", "birth_month", "birth_day")
    return [
        (
            person.full_name, person.latin_name, person.name_keys, person.sex, person.birth_year, person.birth_month,
            person.birth_day, person.alone, person.family.code if person.family else "", person.phone, person.note,
            [(row.code, row.status) for row in person.nationalities.order_by("code")],
            [(row.kind, row.number, row.expires_on) for row in person.documents.all()],
            [hold.against for hold in person.holds.all()],
            person.cases.count(),
        )
        for person in people.select_related("family").prefetch_related("documents", "holds")
    ]  # fmt: skip


def test_a_long_list_waits_for_the_task_and_nobody_is_read_in_the_request(long, take):
    upload = take()
    assert upload.state == UploadState.READING
    assert not upload.rows.exists()


def test_a_long_list_ends_as_a_short_one(long, take, monkeypatch):
    long_one = work_off(confirm(work_off(take())))
    in_pieces, rows = what_is_known(), Counter(long_one.rows.values_list("outcome", flat=True))
    assert long_one.state == UploadState.CONFIRMED
    ReturnCase.objects.all().delete()
    ManifestUpload.objects.all().delete()
    ProtectionHold.objects.all().delete()
    Nationality.objects.all().delete()
    TravelDocument.objects.all().delete()
    Migrant.objects.all().delete()
    monkeypatch.setattr(importing, "SHORT_BYTES", 200_000)
    short_one = confirm(take())
    assert what_is_known() == in_pieces
    assert Counter(short_one.rows.values_list("outcome", flat=True)) == rows


def test_progress_is_kept_with_the_list(long, take):
    upload = take()
    seen = []
    while importing.work_off(at=NOW, real_at=timezone.now(), turn=timedelta(0)):
        upload.refresh_from_db()
        seen.append((upload.rows_done, upload.rows_total))
    assert seen == [(0, 102), (29, 102), (59, 102), (89, 102), (102, 102)]


def test_a_list_that_another_works_off_is_left_alone(long, take):
    upload = take()
    ManifestUpload.objects.update(claimed_until=timezone.now() + timedelta(minutes=2))
    assert work_off(upload).state == UploadState.READING
    assert not ManifestPiece.objects.filter(kind="rows").exists()


def test_a_worker_that_has_lost_its_lease_writes_nothing(long, take):
    upload = take()
    watch = Watch(real_at=timezone.now(), at=NOW)
    claimed = importing.claim(watch)
    assert claimed is not None
    ManifestUpload.objects.update(claimed_until=timezone.now() + timedelta(minutes=5))
    assert importing.one_piece(claimed, watch) is False
    assert not upload.pieces.filter(kind="rows").exists()


def test_another_worker_goes_on_where_one_ended_and_still_knows_who_was_written_twice(long, take):
    lines = ENGLISH.read_text().splitlines()
    upload = take("\n".join([*lines, lines[1]]))
    while importing.work_off(at=NOW, real_at=timezone.now(), turn=timedelta(0)):
        manifest_ahead.let_go()  # another process has nothing in hand
    doubt = upload.rows.get(outcome="decide")
    assert content_of(doubt).twin == 2
    work_off(confirm(upload))
    assert Migrant.objects.count() == 102


def test_the_same_file_waits_once(long, take):
    assert take() == take()
    assert ManifestUpload.objects.count() == 1


def test_confirming_twice_stores_once(long, take):
    upload = confirm(work_off(take()))
    confirm(upload)
    work_off(upload)
    assert work_off(confirm(upload)).state == UploadState.CONFIRMED
    assert Migrant.objects.count() == ReturnCase.objects.count() == 102


def test_faulty_rows_are_left_out_only_by_choice(long, take):
    upload = work_off(take(HEADING + "Қодиров Умед;m;04.07.1986;Tajikistan;;\nСафар;m;99.99.1990;Tajikistan;;\n"))
    with pytest.raises(ManifestError, match="Some rows cannot be read"):
        confirm(upload)
    assert work_off(confirm(upload, partial=True)).state == UploadState.CONFIRMED
    assert Migrant.objects.count() == 1


def test_a_list_with_nobody_in_it_is_refused_with_the_reason(long, take):
    upload = work_off(take(HEADING))
    assert upload.state == UploadState.REFUSED
    assert "no person below" in upload.problem


def test_columns_of_a_long_list_are_corrected_and_it_is_read_again(long, take):
    upload = work_off(take("Somebody;Sex\nУмед Қодиров;m\nСафар Латифов;m\n".replace("Somebody", "Full name")))
    columns = {"full_name": 0}
    importing.correct_columns(upload=upload, columns=columns, within=EVERYBODY.all(), by=COMMAND, at=NOW)
    upload = work_off(upload)
    assert (upload.state, upload.columns) == (UploadState.STAGED, columns)
    assert {entry.sex for row in upload.rows.all() if (entry := content_of(row).entry)} == {"U"}


def test_a_list_thrown_away_while_it_is_read_is_gone(long, take):
    upload = take()
    importing.work_off(at=NOW, real_at=timezone.now(), turn=timedelta(0))
    manifests.discard(upload=upload, by=COMMAND, at=NOW)
    assert work_off(upload).state == UploadState.DISCARDED
    assert not upload.pieces.exists()
    assert not upload.rows.exists()


def test_the_task_works_lists_off(long, take):
    upload = take()
    tasks.work_off_lists()
    upload.refresh_from_db()
    assert upload.state == UploadState.STAGED


def test_the_command_imports_a_list_and_says_how_far_it_is(long, group, capsys):
    call_command("import_manifest", str(ENGLISH), group=group.code)
    assert Migrant.objects.count() == 102
    said = capsys.readouterr().out
    assert "read: 29 of 102 rows" in said
    assert "102 create" in said


def test_a_dry_run_keeps_nothing(group, capsys):
    call_command("import_manifest", str(ENGLISH), group=str(group.public_id), dry_run=True)
    assert not Migrant.objects.exists()
    assert not ManifestRow.objects.exists()
    assert "nothing was stored" in capsys.readouterr().out


def test_the_command_ends_with_three_where_rows_are_faulty_and_writes_them_down(group, tmp_path):
    file, errors = tmp_path / "list.csv", tmp_path / "errors.csv"
    file.write_text(HEADING + "Қодиров Умед;m;04.07.1986;Tajikistan;;\nСафар;m;99.99.1990;Tajikistan;;\n")
    with pytest.raises(SystemExit) as ended:
        call_command("import_manifest", str(file), group=group.code, errors=errors)
    assert ended.value.code == 3
    assert errors.read_text().startswith("3;C;")
    assert not Migrant.objects.exists()
    call_command("import_manifest", str(file), group=group.code, partial=True)
    assert Migrant.objects.count() == 1


def test_the_command_refuses_a_group_that_is_not_there_and_a_file_that_is_no_list(group, tmp_path):
    with pytest.raises(CommandError, match="No open group"):
        call_command("import_manifest", str(ENGLISH), group="nowhere")
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG")
    with pytest.raises(CommandError, match="not a list"):
        call_command("import_manifest", str(tmp_path / "picture.csv"), group=group.code)


MANY = 4_500
"""Three pieces as the product cuts them."""
SYLLABLES = ("ба", "го", "ду", "жи", "ке", "ма", "ну", "ро", "си", "фе", "ха", "шо")


@pytest.mark.deep
def test_a_worker_killed_while_storing_loses_nothing_and_stores_nobody_twice(
    transactional_db, group, take, celery_worker
):
    """A list of several thousand, killed in the middle of reading and in the middle of storing."""
    upload = take(HEADING + "\n".join(_somebody(place) for place in range(MANY)))
    read = _kill_in_the_middle(upload, celery_worker)
    assert ManifestRow.objects.count() == read
    _go_on_until(upload, UploadState.STAGED, celery_worker)
    outcomes = Counter(upload.rows.values_list("outcome", flat=True))
    assert outcomes == {"create": MANY}, "the rows are people who differ, or nothing is stored without being asked"
    confirm(upload)
    stored = _kill_in_the_middle(upload, celery_worker)
    assert Migrant.objects.count() == ReturnCase.objects.count() == stored
    _go_on_until(upload, UploadState.CONFIRMED, celery_worker)
    assert ManifestRow.objects.count() == Migrant.objects.count() == ReturnCase.objects.count() == MANY
    assert Migrant.objects.values("full_name").distinct().count() == MANY
    assert ManifestRow.objects.values("person").distinct().count() == MANY


def _somebody(place):
    """A row of a person who is like nobody else of the list: numbers say nothing in a name, and so are spelled out."""
    names = [_spelled(place), _spelled(place * 7_919 % len(SYLLABLES) ** 4)]
    born = date(1950, 1, 1) + timedelta(days=place * 977 % 20_000)
    return f"{' '.join(names)};m;{born:%d.%m.%Y};Tajikistan;;"


def _spelled(number):
    base = len(SYLLABLES)
    return "".join(SYLLABLES[number // base**power % base] for power in range(4)).capitalize()


def _kill_in_the_middle(upload, worker):
    """Kill the worker while a later piece is in its hands; give how many rows are done once its transaction is over."""
    nudge("lists")
    wait_until(lambda: 0 < _done(upload) < MANY and _is_writing(), "the middle", seconds=120)
    worker.kill()
    ManifestUpload.objects.update(claimed_until=None)  # waits for the dead one's transaction; its lease has run out
    done = _done(upload)
    assert 0 < done < MANY
    return done


def _is_writing():
    """Tell whether another connection has a transaction open that has written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists(select from pg_stat_activity where datname = current_database()"
            " and pid <> pg_backend_pid() and backend_xid is not null)"
        )
        return cursor.fetchone()[0]


def _go_on_until(upload, state, worker):
    worker.start()
    nudge("lists")
    wait_until(lambda: _state(upload) == state, f"the list to be {state}", seconds=120)


def _done(upload):
    upload.refresh_from_db()
    return upload.rows_done


def _state(upload):
    upload.refresh_from_db()
    return upload.state


def test_a_list_that_never_comes_on_is_given_up_and_can_be_tried_again(long, take, monkeypatch):
    upload = take()
    monkeypatch.setattr(importing, "_unpack", lambda *_given: 1 / 0)
    for _try in range(MOST_TRIES):
        with pytest.raises(ZeroDivisionError):
            importing.work_off(at=NOW, real_at=timezone.now())
        ManifestUpload.objects.update(claimed_until=None)
    assert work_off(upload).is_given_up
    assert "Then try again" in upload.problem
    monkeypatch.undo()
    again = work_off(importing.read_again(upload=upload, by=COMMAND, at=NOW))
    assert (again.state, again.problem, again.tries) == (UploadState.STAGED, "", 0)


def test_a_list_that_fails_while_it_is_stored_goes_on_where_it_ended(long, take, monkeypatch):
    upload = confirm(work_off(take()))
    importing.work_off(at=NOW, real_at=timezone.now(), turn=timedelta(0))
    stored = Migrant.objects.count()
    assert 0 < stored < 102
    ManifestUpload.objects.update(tries=MOST_TRIES)
    upload = work_off(upload)
    assert (upload.state, Migrant.objects.count()) == (UploadState.STAGED, stored)
    assert work_off(confirm(upload)).state == UploadState.CONFIRMED
    assert Migrant.objects.count() == ReturnCase.objects.count() == 102
