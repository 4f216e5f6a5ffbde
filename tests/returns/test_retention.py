"""Clocks: each kind is emptied when its period is over, not before, not under a hold; and again after a restore."""

import io
import json
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from common import clock
from common.models import AuditEntry, HistoryRow, IdempotencyKey
from common.pictures import Drawn
from migrants import erasure, legal_holds
from migrants.enums import KeptKind
from migrants.models import Erasure, ErasureRequest, Forgetting, HealthTest, LegalHold, Migrant
from notifications.acknowledgements import WrittenDown, acknowledge, object_to
from notifications.engine_trouble import tell_of_silence
from notifications.models import Acknowledgement, LetterScan, Notice, Objection
from partners import quarantine
from returns import cases, crew, erasure_proofs, movements, retention
from returns.models import ManifestUpload, ReturnCase
from returns.retention import RetentionError
from returns.tasks import forget_what_is_due
from tests.access.world import LIST, a_list
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db
BY: dict[str, Any] = {"by": COMMAND, "at": NOW}
DAY = timedelta(days=1)


@pytest.fixture
def home(make_person, take_test):
    """Somebody who came home today: the case is closed."""
    person = make_person()
    take_test(person)
    cases.close_cases(cases=cases.open_cases(people=[person], **BY), why="home", **BY)
    return person


def run(at):
    done = retention.run(within=nullcontext, by=COMMAND, at=at, real_at=clock.real_now())
    return {kind.value: rows for kind, rows, _refused in done if rows}


def due(at):
    return {line.period.kind.value: line.due for line in retention.preview(at=at, real_at=NOW) if line.due}


@pytest.mark.parametrize(("days", "kinds"), [(89, {}), (90, {"health": 1}), (365, {"documents": 1, "health": 1})])
def test_a_clock_runs_from_the_day_on_which_the_case_was_closed(home, days, kinds):
    assert due(NOW + days * DAY) == kinds
    assert run(NOW + days * DAY) == kinds
    assert run(NOW + days * DAY) == {}


def test_the_name_goes_last_and_the_record_stays(home):
    assert set(run(NOW + 1825 * DAY)) == {"identity", "documents", "health", "protection"}
    assert Migrant.objects.get().full_name == "–"
    assert ReturnCase.objects.get().person_id == home.pk


def test_nobody_with_an_open_case_or_in_a_group_that_waits_is_on_a_clock(make_person):
    cases.open_cases(people=[make_person()], **BY)
    make_person()
    assert run(NOW + 9999 * DAY) == {}


def test_a_hold_stops_the_clock_of_everybody_in_the_group(home, group):
    hold = legal_holds.set_legal_hold(about=group, reason="inquiry 7", **BY)
    assert run(NOW + 90 * DAY) == {}
    legal_holds.lift_legal_hold(hold=hold, reason="over", **BY)
    assert run(NOW + 90 * DAY) == {"health": 1}


def test_a_new_journey_starts_a_new_clock(home, take_test):
    run(NOW + 90 * DAY)
    take_test(home)
    later: dict[str, Any] = {"by": COMMAND, "at": NOW + 100 * DAY}
    cases.close_cases(cases=cases.open_cases(people=[home], **later), why="home", **later)
    assert run(NOW + 189 * DAY) == {}
    assert run(NOW + 190 * DAY) == {"health": 1}
    assert not HealthTest.objects.exists()


def test_another_period_counts_from_when_it_is_set_with_its_reason(home):
    retention.set_period(kind=KeptKind.HEALTH, days=10, why="decision 3", **BY)
    assert retention.periods()[KeptKind.HEALTH].why == "decision 3"
    assert due(NOW + 10 * DAY) == {"health": 1}
    assert AuditEntry.objects.get(verb="retention period set").why == "health: 10"


@pytest.mark.parametrize(("days", "why", "field"), [(0, "x", "days"), (40_000, "x", "days"), (10, " ", "why")])
def test_a_period_has_days_and_a_reason(days, why, field):
    with pytest.raises(RetentionError) as refused:
        retention.set_period(kind=KeptKind.HEALTH, days=days, why=why, **BY)
    assert refused.value.field == field


def test_the_preview_says_how_many_on_which_day_and_names_them_by_case_number(home):
    health = next(line for line in retention.preview(at=NOW, real_at=NOW) if line.period.kind == KeptKind.HEALTH)
    assert health.days == (((NOW + 90 * DAY).date(), 1),)
    due = retention.case_numbers(health.period, at=NOW, most=10)
    case = ReturnCase.objects.get()
    assert due == [(case.person_id, case.number, (NOW + 90 * DAY).date())]


def test_old_lists_and_answers_are_forgotten(group):
    a_list(group, "first.csv", LIST)
    IdempotencyKey.objects.create(actor="a", key="k", digest="d", status=201, answer="{}", used_at=NOW)
    assert run(NOW + 31 * DAY) == {"uploads": 1, "requests": 1}
    upload = ManifestUpload.objects.get()
    assert (upload.sheet, upload.file_name, upload.rows.count()) == (None, "", 0)
    assert set(Forgetting.objects.values_list("kind", flat=True)) == {"uploads", "requests"}


def test_a_list_of_a_held_group_stays_and_a_locked_file_goes(group):
    a_list(group, "first.csv", LIST)
    legal_holds.set_legal_hold(about=group, reason="inquiry 7", **BY)
    locked = quarantine.lock_away(file_name="list.xlsx", content=b"list", signature="Eicar", **BY)
    assert run(NOW + 31 * DAY) == {"uploads": 1}
    locked.refresh_from_db()
    assert (locked.content, ManifestUpload.objects.get().file_name) == (None, "first.csv")


def test_names_and_papers_of_a_crew_go_ninety_days_after_the_journey_and_that_the_paper_was_checked_stays(movement):
    bus = movement.vehicles.earliest("rank")
    paper: dict[str, Any] = {"phone": "+992950002960", "document_kind": "D", "document_number": "77"}
    member = crew.add_to_crew(movement=movement, role="driver", name="Ронанда Одам", vehicle=bus, **paper, **BY)
    crew.check_paper(member=member, **BY)
    assert due(NOW + 999 * DAY).get("crew") is None, "the journey has not ended"
    movements.call_off(movement=movement, why="snow", **BY)
    hold = legal_holds.set_legal_hold(about=movement.group, reason="inquiry 7", **BY)
    assert "crew" not in run(NOW + 91 * DAY)
    legal_holds.lift_legal_hold(hold=hold, reason="over", **BY)
    assert "crew" not in run(NOW + 89 * DAY)
    assert (due(NOW + 91 * DAY)["crew"], run(NOW + 91 * DAY)["crew"], run(NOW + 92 * DAY).get("crew")) == (1, 1, None)
    member.refresh_from_db()
    assert (member.name, member.phone, member.document_number, member.document_kind) == ("–", None, None, "")
    assert (member.checked_at, member.vehicle) == (NOW, bus)
    told = HistoryRow.objects.filter(table_name="returns_crewmember").values_list("content", flat=True)
    assert not [row for row in told if "Ронанда" in json.dumps(row, ensure_ascii=False) or "Ронанда" in str(row)]


def test_names_and_letters_in_answers_go_with_the_messages_and_the_proof_stays(organisations):
    tell_of_silence(part="deliveries", since=NOW, **BY)
    notice = Notice.objects.earliest("pk")
    letter = WrittenDown(note="by fax", scan=Drawn(b"x", 1, 1))
    acknowledge(notice=notice, name="A", function="lead", answered_by="letter", written_down=letter, **BY)
    object_to(notice=notice, text="Says Aida: not so.", **BY)
    run(NOW + 4000 * DAY)
    answer, objection = Acknowledgement.objects.get(), Objection.objects.get()
    assert (answer.name, answer.note, answer.function, answer.at, objection.text) == ("", "", "lead", NOW, "")
    assert not LetterScan.objects.exists()


def test_the_command_changes_nothing_before_it_is_told_to(home):
    clock.set_to(NOW + 90 * DAY)
    said = io.StringIO()
    call_command("retention", stdout=said)
    assert "health: 1 due" in said.getvalue()
    assert HealthTest.objects.exists()
    call_command("retention", "--apply", stdout=said)
    assert "health: 1 emptied" in said.getvalue()
    assert not HealthTest.objects.exists()


def test_the_worker_empties_by_itself_what_is_due(home):
    clock.set_to(NOW + 90 * DAY)
    assert forget_what_is_due() == 1
    assert not HealthTest.objects.exists()


# ---------------------------------------------------------------- after a restore


def proofs_of(tmp_path):
    said = io.StringIO()
    call_command("erasures", "2020-01-01", stdout=said)
    file = tmp_path / "proofs.jsonl"
    file.write_text(said.getvalue())
    return file


def replayed(file):
    said = io.StringIO()
    call_command("replay_erasures", str(file), stdout=said)
    return said.getvalue().strip()


def test_whoever_a_restored_backup_brings_back_is_erased_again(home, tmp_path):
    kept = {name: getattr(home, name) for name in ("full_name", "latin_name", "number")}
    erasure.erase(people=[home], cause=erasure.ON_REQUEST, why="asked", **BY)
    file = proofs_of(tmp_path)
    assert kept["full_name"] not in file.read_text()
    Erasure.objects.all().delete()  # as the backup was before the erasure
    Migrant.objects.filter(pk=home.pk).update(**kept)
    assert replayed(file) == "1 erased, 0 known, 0 gone, 0 refused"
    assert Migrant.objects.get(pk=home.pk).full_name == "–"
    assert replayed(file) == "0 erased, 1 known, 0 gone, 0 refused"


def test_a_proof_of_nobody_is_passed_over_and_one_that_was_changed_stops_all(home, tmp_path):
    erasure.erase(people=[home], cause=erasure.ON_REQUEST, why="asked", **BY)
    file = proofs_of(tmp_path)
    line = json.loads(file.read_text())
    other = json.loads(line["proof"]) | {"person": "00000000-0000-4000-8000-000000000000"}
    text = json.dumps(other)
    good = json.dumps({"proof": text, "digest": erasure.digest_of(text)})
    assert [each.outcome for each in erasure_proofs.replay(text=[good], **BY)] == ["gone"]
    changed = json.dumps({"proof": text, "digest": line["digest"]})
    file.write_text(f"{good}\n{changed}\n")
    with pytest.raises(CommandError, match="Line 2 was changed"):
        replayed(file)


def test_an_open_case_is_told_and_makes_the_command_fail(home, tmp_path):
    erasure.erase(people=[home], cause=erasure.ON_REQUEST, why="asked", **BY)
    file = proofs_of(tmp_path)
    Erasure.objects.all().delete()
    ReturnCase.objects.update(closed_at=None)
    with pytest.raises(CommandError, match="could not be erased again"):
        replayed(file)


# ---------------------------------------------------------------- the pages


def test_the_officer_sets_a_period_a_hold_and_asks_and_a_second_person_confirms(home, sign_in):
    clock.set_to(NOW)
    officer, second = sign_in("data_protection"), sign_in("coordinator")
    case = ReturnCase.objects.get().number
    page = officer.get(reverse("returns:retention_period", args=["health"])).content.decode()
    assert case in page
    assert home.full_name not in page
    officer.post(reverse("returns:retention_period", args=["health"]), {"days": 30, "why": "decision 3"})
    assert "decision 3" in officer.get(reverse("returns:retention")).content.decode()
    holds, erasures = reverse("returns:legal_holds"), reverse("returns:erasures")
    assert officer.post(holds, {"number": "nobody", "reason": "court"}).status_code == 422
    officer.post(holds, {"number": case, "reason": "court 12"})
    assert "A legal hold stands" in officer.post(erasures, {"number": case, "why": "asked"}).content.decode()
    hold = LegalHold.objects.get()
    officer.post(reverse("returns:legal_hold_lift", args=[hold.public_id]), {"reason": "over"})
    officer.post(erasures, {"number": case, "why": "asked"})
    answer = reverse("returns:erasure", args=[ErasureRequest.objects.get().public_id])
    officer.post(answer, {"do": "confirm"})
    assert not Erasure.objects.exists()
    assert second.post(answer, {"do": "refuse", "answer": " "}).status_code == 422
    second.post(answer, {"do": "confirm"})
    assert Migrant.objects.get().full_name == "–"
    assert Erasure.objects.get().digest in second.get(answer).content.decode()
