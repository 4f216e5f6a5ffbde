"""Who may read and write what over the API: role × resource, for lists, for one row, and for strangers; as on the pages."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from config.api import router
from partners.enums import Role
from tests.access.matrix import MATRIX
from tests.support.undoing import undone

pytestmark = pytest.mark.django_db


def whoever_opens(*pages: str) -> frozenset[Role]:
    """The roles that may open one of these pages: the API and the pages have one policy."""
    opened = [MATRIX[page].who for page in pages]
    return frozenset(role for who in opened if isinstance(who, frozenset) for role in who)


READERS: dict[str, frozenset[Role]] = {
    "organisations": whoever_opens("partners:organisations"),
    "contacts": whoever_opens("partners:organisation"),
    "crossings": whoever_opens("corridors:crossings"),
    "requirements": whoever_opens("corridors:requirements"),
    "corridors": whoever_opens("corridors:corridors"),
    "barrier-reports": whoever_opens("returns:barrier_reports"),
    "approvals": whoever_opens("notifications:notice", "corridors:own_requests"),
    "groups": whoever_opens("returns:groups"),
    "head-counts": whoever_opens("returns:group"),
    "moods": whoever_opens("returns:group"),
    "legs": whoever_opens("returns:group_journey"),
    "relations": whoever_opens("returns:group_families"),
    "families": whoever_opens("returns:group_families"),
    "group-moves": whoever_opens("returns:group"),
    "migrants": whoever_opens("returns:people"),
    "documents": whoever_opens("returns:person"),
    "health-tests": whoever_opens("returns:person"),
    "consents": whoever_opens("returns:person"),
    "enquiries": whoever_opens("returns:enquiries"),
    "proofs": whoever_opens("returns:person"),
    "cases": whoever_opens("returns:case_list"),
    "tasks": whoever_opens("returns:tasks"),
    "comments": whoever_opens("returns:group_case"),
    "case-papers": whoever_opens("returns:case_paper"),
    "saved-filters": whoever_opens("returns:case_list"),
    "waivers": whoever_opens("returns:group_waive"),
    "requirement-changes": whoever_opens("corridors:requirement"),
    "notices": whoever_opens("notifications:notice", "notifications:own"),
    "deliveries": whoever_opens("notifications:notice"),
    "acknowledgements": whoever_opens("notifications:notice", "notifications:own"),
    "calls": whoever_opens("notifications:calls"),
    "webhooks": whoever_opens("notifications:webhooks"),
    "webhook-posts": whoever_opens("notifications:webhook"),
    "escalation-policies": whoever_opens("notifications:policies"),
    "needs": whoever_opens("returns:needs"),
    "pledges": whoever_opens("returns:need"),
    "aid": whoever_opens("returns:need"),
    "sample-lists": whoever_opens("returns:sample_list"),
    "samples": whoever_opens("returns:sample_list"),
    "incoming": whoever_opens("returns:incoming"),
    "handovers": whoever_opens("returns:arrival"),
    "movements": whoever_opens("returns:movements"),
    "crew": whoever_opens("returns:movement_crew"),
    "manifests": whoever_opens("returns:frozen_manifest"),
    "checkpoints": whoever_opens("returns:movement"),
    "incidents": whoever_opens("returns:movement"),
    "road-decisions": whoever_opens("returns:movement"),
    "papers": whoever_opens("returns:movement_papers"),
    "document-requests": whoever_opens("returns:group_documents", "returns:documents_asked"),
    "questions": whoever_opens("returns:questions", "returns:own_questions"),
    "reception-ready": whoever_opens("returns:questions", "returns:arrival_ready"),
    "follow-ups": whoever_opens("returns:aftercare"),
    "reintegrations": whoever_opens("returns:aftercare"),
    "lists": whoever_opens("returns:manifest"),
    "pictures": whoever_opens("returns:person_pictures"),
    "declarations": whoever_opens("returns:person"),
    "pairs": whoever_opens("returns:pairs"),
    "merges": whoever_opens("returns:merge"),
    "disclosures": whoever_opens("returns:person"),
    "holds": whoever_opens("returns:person_protection"),
    "screenings": whoever_opens("returns:person_protection"),
    "referrals": whoever_opens("returns:person_protection"),
    "arrangements": whoever_opens("returns:person_protection"),
    "late-results": whoever_opens("returns:late_results"),
}


def test_every_resource_stands_in_the_matrix():
    assert {prefix for prefix, _view, _name in router.registry} == set(READERS)


def reader_of(resource: str) -> str:
    """A role that may read it, of the house where one may."""
    return Role.COORDINATOR if Role.COORDINATOR in READERS[resource] else min(READERS[resource])


OWN = {
    ("enquiries", Role.FIELD),
    ("approvals", Role.CONSULAR),
    ("notices", Role.CONSULAR),
    ("acknowledgements", Role.CONSULAR),
    ("acknowledgements", Role.LIAISON),
}
"""Whoever reads only what its own organisation received, and the row of the world is another's."""
OF_A_PARTY = {Role.LIAISON, Role.CONSULAR}
"""Their door is open; whose request it is, is asked next."""
WRITERS: dict[str, frozenset[Role]] = {
    "contacts": whoever_opens("partners:desk_new"),
    "groups": whoever_opens("returns:group_new"),
    "head-counts": whoever_opens("returns:count"),
    "moods": whoever_opens("returns:group_mood"),
    "legs": whoever_opens("returns:group_journey"),
    "relations": whoever_opens("returns:family"),
    "families": whoever_opens("returns:family"),
    "group-moves": whoever_opens("returns:group_move"),
    "migrants": whoever_opens("returns:person_new"),
    "documents": whoever_opens("returns:document_new"),
    "health-tests": whoever_opens("returns:test_new"),
    "consents": whoever_opens("returns:consent_new"),
    "enquiries": whoever_opens("returns:elsewhere"),
    "proofs": whoever_opens("returns:proof_new"),
    "waivers": whoever_opens("returns:group_waive"),
    "corridors": whoever_opens("corridors:corridor_new"),
    "barrier-reports": whoever_opens("returns:barrier_report_new"),
    "requirement-changes": whoever_opens("returns:change_new"),
    "acknowledgements": whoever_opens("notifications:notice", "notifications:own"),
    "escalation-policies": whoever_opens("notifications:policy_new"),
    "calls": whoever_opens("notifications:call"),
    "webhooks": whoever_opens("notifications:webhooks"),
    "needs": whoever_opens("returns:need_new"),
    "pledges": whoever_opens("returns:need_close"),
    "aid": whoever_opens("returns:aid_new"),
    "sample-lists": whoever_opens("returns:group_samples"),
    "handovers": whoever_opens("returns:arrival"),
    "movements": whoever_opens("returns:movement_new"),
    "crew": whoever_opens("returns:movement_crew"),
    "tasks": whoever_opens("returns:task_new"),
    "comments": whoever_opens("returns:comment_new"),
    "case-papers": whoever_opens("returns:case_paper_new"),
    "saved-filters": whoever_opens("returns:filter_keep"),
    "manifests": whoever_opens("returns:movement_freeze"),
    "checkpoints": whoever_opens("returns:movement_count"),
    "incidents": whoever_opens("returns:movement_incidents"),
    "road-decisions": whoever_opens("returns:movement_decide"),
    "papers": whoever_opens("returns:movement_papers"),
    "document-requests": whoever_opens("returns:group_documents"),
    "questions": whoever_opens("returns:question_new"),
    "reception-ready": whoever_opens("returns:arrival_ready"),
    "follow-ups": whoever_opens("returns:follow_up_plan"),
    "reintegrations": whoever_opens("returns:reintegration_new"),
    "lists": whoever_opens("returns:manifest_upload"),
    "pictures": whoever_opens("returns:person_new"),
    "declarations": whoever_opens("returns:person_declaration"),
    "disclosures": whoever_opens("returns:disclosure_new"),
    "holds": whoever_opens("returns:hold_new"),
    "screenings": whoever_opens("returns:screening_new"),
    "referrals": whoever_opens("returns:referral_new"),
    "arrangements": whoever_opens("returns:child_arrange"),
}


Answered = dict[tuple[Any, ...], int]


@pytest.fixture
def answered(ask, world) -> Callable[[Callable[[APIClient], Answered]], dict[str, Answered]]:
    """`answered(knock)` lets each role knock, and undoes what it did before the next comes; returns who got what answer."""

    def asked(knock: Callable[[APIClient], Answered]) -> dict[str, Answered]:
        told = {}
        for role in Role.values:
            with undone():
                told[role] = knock(ask(role))
        return told

    return asked


def expected(of: Callable[[str], Answered]) -> dict[str, Answered]:
    """What each role must be answered."""
    return {role: of(role) for role in Role.values}


def test_a_role_writes_exactly_its_resources(answered):
    def status_of(role: str, resource: str) -> int:
        if resource in WRITERS:
            return 422 if role in WRITERS[resource] else 404
        return 405 if role in READERS[resource] else 404

    told = answered(lambda client: {(each,): posted(client, each) for each in READERS})
    assert told == expected(lambda role: {(each,): status_of(role, each) for each in READERS})


def posted(client: APIClient, path: str, content: Any = None) -> int:
    """What is answered to nonsense, or to `content`."""
    status: int = client.post(f"/api/v1/{path}/", {"nonsense": True} if content is None else content).status_code
    return status


def test_a_change_is_judged_and_published_by_publishers_only(answered, world):
    change = f"requirement-changes/{world['requirement-changes']}"
    told = answered(
        lambda client: {
            ("impact",): client.get(f"/api/v1/{change}/impact/").status_code,
            ("publish",): posted(client, f"{change}/publish", {"fingerprint": "x"}),
            ("redraft",): posted(client, f"{change}/redraft", {}),
        }
    )
    publisher, other = (409, 409, 201), (404, 404, 404)
    assert told == expected(
        lambda role: dict(
            zip(
                (("impact",), ("publish",), ("redraft",)), publisher if role == Role.COORDINATOR else other, strict=True
            )
        )
    )


def test_a_person_is_corrected_by_whoever_opens_the_page_for_it(answered, world):
    pages = {"correct": "returns:person_correct", "company": "returns:person_alone"}
    told = answered(lambda client: {(act,): posted(client, f"migrants/{world['migrants']}/{act}") for act in pages})
    assert told == expected(
        lambda role: {(act,): 422 if role in whoever_opens(page) else 404 for act, page in pages.items()}
    )


def test_a_move_is_undone_and_a_relation_ended_by_whoever_opens_the_page_for_it(answered, world):
    told = answered(
        lambda client: {
            ("end",): posted(client, f"relations/{world['relations']}/end"),
            # The head of that move has been registered since, so whoever may is told that nobody is left to move back.
            ("undo",): posted(client, f"group-moves/{world['group-moves']}/undo", {}),
        }
    )
    assert told == expected(
        lambda role: {
            ("end",): 422 if role in whoever_opens("returns:relation_end") else 404,
            ("undo",): 422 if role in whoever_opens("returns:group_move_undo") else 404,
        }
    )


ACTS = {
    "migrants": {"name": "name_new", "nationality": "nationality_new", "contact": "contact_new"},
    "families": {"leave": "family", "lead": "family"},
    "groups": {
        "plan": "group_plan", "pace": "group_plan", "shopping": "group_shopping", "told": "group_tell", "ask": "need_ask",
        "waive": "group_waive", "end-waiver": "group_waive", "close": "group_close",
    },
    "movements": {"needs": "movement_needs", "take-off": "movement_take_off"},
    "pairs": {"decide": "pair_decide"},
    "merges": {"undo": "merge"},
    "lists": {
        "columns": "manifest_columns", "sheet": "manifest_columns", "confirm": "manifest_confirm",
    },
    "holds": {"clear": "hold_clear", "spread": "hold_question"},
    "referrals": {"answer": "referral_answer", "close": "referral_close"},
    "late-results": {"take_up": "late_result_take_up"},
    "document-requests": {"answer": "document_request"},
    "questions": {"answer": "question"},
    "follow-ups": {"reached": "follow_up", "missed": "follow_up"},
    "cases": {"close": "case_close", "reopen": "case_reopen"},
    "case-papers": {"take-away": "case_paper"},
    "tasks": {"end": "task", "reopen": "task", "give": "task"},
    "reintegrations": {"answer": "reintegration", "finish": "reintegration", "stop": "reintegration"},
}  # fmt: skip
"""Acts on one row, with the page by which the same is done."""


def test_lists_and_the_closed_room_are_worked_on_by_whoever_opens_the_page_for_it(answered, world):
    done = [(resource, act, page) for resource, acts in ACTS.items() for act, page in acts.items()]
    told = answered(lambda client: {each: posted(client, f"{each[0]}/{world[each[0]]}/{each[1]}") for each in done})
    assert told == expected(
        lambda role: {each: 422 if role in whoever_opens(f"returns:{each[2]}") else 404 for each in done}
    )


def test_many_cases_are_acted_on_by_whoever_opens_the_page_and_a_timeline_is_read_by_whoever_reads_the_case(
    answered, world
):
    may = whoever_opens("returns:act_on_many")
    acts = ("foresee-many", "act-on-many", "undo-many")
    told = answered(
        lambda client: {
            **{(act,): posted(client, f"cases/{act}") for act in acts},
            ("timeline",): client.get(f"/api/v1/cases/{world['cases']}/timeline/").status_code,
        }
    )
    assert told == expected(
        lambda role: {
            **{(act,): 422 if role in may else 404 for act in acts},
            ("timeline",): 200 if role in whoever_opens("returns:person_timeline") else 404,
        }
    )


def test_what_lies_closed_of_a_person_is_opened_by_whoever_opens_it_on_the_page(answered, world):
    pages = {
        f"migrants/{world['migrants']}/contacts": "returns:person_open",
        f"migrants/{world['migrants']}/note": "returns:person_open",
        f"lists/{world['lists']}/entries": "returns:manifest",
    }
    told = answered(lambda client: {(part,): client.get(f"/api/v1/{part}/").status_code for part in pages})
    assert told == expected(
        lambda role: {(part,): 200 if role in whoever_opens(page) else 404 for part, page in pages.items()}
    )


def test_a_corridor_is_arranged_by_coordinators_and_decided_by_its_party(answered, world):
    may: dict[tuple[str, str], set[Role]] = {
        **{("corridors", act): {Role.COORDINATOR} for act in ("versions", "ask", "suspend", "resume")},
        **{("approvals", act): {Role.COORDINATOR, *OF_A_PARTY} for act in ("decide", "words")},
    }
    told = answered(lambda client: {each: posted(client, f"{each[0]}/{world[each[0]]}/{each[1]}") for each in may})
    assert told == expected(lambda role: {each: 422 if role in who else 404 for each, who in may.items()})


def test_a_role_reads_exactly_its_resources(answered, world):
    told = answered(
        lambda client: {
            (resource, place): client.get(f"/api/v1/{resource}/{place}").status_code
            for resource in READERS
            for place in ("", f"{world[resource]}/")
        }
    )
    assert told == expected(
        lambda role: {
            (resource, place): 200 if role in readers and not (place and (resource, role) in OWN) else 404
            for resource, readers in READERS.items()
            for place in ("", f"{world[resource]}/")
        }
    )


def test_a_stranger_is_asked_for_a_token(ask, world):
    stranger, told = ask(None), {}
    for resource in READERS:
        for place in ("", f"{world[resource]}/"):
            answer = stranger.get(f"/api/v1/{resource}/{place}")
            told[resource, place] = (answer.status_code, answer["Content-Type"], answer["WWW-Authenticate"])
    assert set(told.values()) == {(401, "application/problem+json", "Bearer")}, told


def test_nobody_replaces_or_deletes_a_row_over_the_api(ask, world):
    clients = {role: ask(role) for role in {reader_of(resource) for resource in READERS}}
    told = {}
    for resource in READERS:
        client = clients[reader_of(resource)]
        for method in (client.put, client.patch, client.delete, client.options):
            answer = method(f"/api/v1/{resource}/{world[resource]}/", {})
            told[resource, method.__name__] = (answer.status_code, answer["Content-Type"])
    assert set(told.values()) == {(405, "application/problem+json")}, told


def test_the_list_holds_the_row_that_exists(ask, world):
    for resource, place in world.items():
        shown = ask(reader_of(resource)).get(f"/api/v1/{resource}/").json()["results"]
        assert str(place) in {str(row.get("code")) for row in shown} | {row["public_id"] for row in shown}, resource
