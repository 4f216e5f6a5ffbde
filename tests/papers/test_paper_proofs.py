"""The public proof of a paper: whether it is in force, and nothing of who stands on it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common import clock
from migrants import consents
from returns import movements, seating
from returns.freezing import freeze
from returns.manifest_papers import paper_of, print_paper
from returns.models import PaperIssue
from returns.paper_issues import PROVED_FOR, proof_of
from tests.cast import COMMAND
from tests.papers.reading import text_of
from tests.returns.convoy import FROZEN
from tests.two_worlds.seen import plain

pytestmark = pytest.mark.django_db
LATER = FROZEN + timedelta(minutes=5)


def printed(movement, recipient, *, at=FROZEN, language=""):
    paper = paper_of(movement.manifests.last(), recipient=recipient, at=at)
    return print_paper(
        paper, purpose="boarding", language=language, zones=["Asia/Almaty", "Asia/Tashkent"], by=COMMAND, at=at
    )


def code_on(made):
    return PaperIssue.objects.get(export=made.export).code


def opened(client, code, **more):
    return client.get(f"/v/{code}/", more)


def test_a_paper_leads_anybody_to_a_page_that_says_it_is_in_force_and_names_nobody(movement, embassy, client):
    clock.set_to(LATER)
    freeze(movement=movement, by=COMMAND, at=FROZEN)
    made = printed(movement, embassy, language="tg")
    code = code_on(made)
    assert f"/v/{code}/" in text_of(made.content)
    shown = opened(client, code, lang="en").content.decode()
    assert "This paper is in force" in shown
    assert "Manifest" in shown
    for secret in ("tj-emb-uz", embassy.name_en, movement.group.code, "Zhibek", "Oybek", ">4<", ">6<"):
        assert secret not in shown
    names = [entry.full_name for entry in movement.manifests.get().entries.all()]
    assert not [name for name in names if name in shown]
    assert len(shown) < 15_000
    by_hand = opened(client, f"{code[:4]}-{code[4:]}".lower()).content.decode()
    assert "Ин ҳуҷҷат эътибор дорад" in by_hand


def test_a_newer_version_replaces_the_paper_without_saying_why(movement, embassy, client):
    freeze(movement=movement, by=COMMAND, at=FROZEN)
    clock.set_to(LATER)
    old = code_on(printed(movement, embassy))
    seating.leave_out(movement=movement, people=[movement.seats.first().person], by=COMMAND, at=FROZEN)
    freeze(movement=movement, why="she was held back", by=COMMAND, at=LATER)
    shown = opened(client, old, lang="en").content.decode()
    assert "This paper was replaced" in shown
    assert "held back" not in shown


def test_another_list_for_the_same_embassy_replaces_the_one_before_and_no_other_paper(movement, embassy, travellers):
    freeze(movement=movement, by=COMMAND, at=FROZEN)
    theirs, ours = code_on(printed(movement, embassy)), code_on(printed(movement, None))
    consent = travellers[0].consents.get(purpose="consulate")
    consents.withdraw(consent=consent, by=COMMAND, at=LATER)
    again = code_on(printed(movement, embassy, at=LATER))
    proofs = [proof_of(code, at=LATER) for code in (theirs, ours, again)]
    assert [proof.in_force for proof in proofs if proof] == [False, True, True]


def test_unknown_and_ended_codes_look_alike_and_ask_alike(movement, embassy, client):
    freeze(movement=movement, by=COMMAND, at=FROZEN)
    ended = code_on(printed(movement, embassy))
    movements.call_off(movement=movement, why="no bus", by=COMMAND, at=LATER)
    clock.set_to(LATER)
    answers = []
    for code in (ended, "ZZZZZZZZZZZZZZZZ"):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = opened(client, code)
        questions = [plain(question["sql"].replace(code, "code")) for question in asked.captured_queries]
        answers.append((answer.status_code, answer.content.decode().replace(code, "code"), questions))
    assert answers[0] == answers[1]
    assert answers[0][0] == 404


def test_after_ninety_days_a_code_says_nothing_more(movement, embassy):
    freeze(movement=movement, by=COMMAND, at=FROZEN)
    code = code_on(printed(movement, embassy))
    assert proof_of(code, at=FROZEN + PROVED_FOR - timedelta(seconds=1)) is not None
    assert proof_of(code, at=FROZEN + PROVED_FOR) is None
