"""The manifest on paper: who stands on which, what a recipient cannot infer, and that it prints."""

from datetime import timedelta

import pytest

from common import clock
from common.models import AccessEntry, AuditEntry
from migrants import protection
from migrants.consents import disclose, record_consent
from migrants.models import Export
from partners.enums import Role
from returns import paper_issues
from returns.freezing import freeze
from returns.manifest_papers import paper_of, print_paper
from returns.printing import PaperError
from tests.cast import COMMAND, NOW
from tests.returns.convoy import FROZEN

pytestmark = pytest.mark.django_db
TAJIK = "Қурбонов Ғайрат Ҳоҷиевич, Ӯғулой Ӣсмоилзода Ҷ."


@pytest.fixture
def embassy(organisations):
    return organisations["tj-emb-uz"]


@pytest.fixture
def manifest(movement, travellers, embassy):
    """Six people, of whom four agreed to be shown to the embassy."""
    travellers[0].full_name = TAJIK
    travellers[0].save(update_fields=["full_name"])
    record_consent(
        people=travellers[:4], purpose="consulate", recipient=embassy, answer="yes", how="written", language="tg",
        by=COMMAND, at=NOW,
    )  # fmt: skip
    disclose(people=travellers[:4], recipient=embassy, purpose="consulate", by=COMMAND, at=NOW)
    return freeze(movement=movement, by=COMMAND, at=FROZEN)


def names(paper):
    return {entry.full_name for bus in paper.buses for entry in bus.entries}


def test_our_own_paper_names_everybody_and_has_the_fingerprint_of_the_manifest(manifest):
    paper = paper_of(manifest, recipient=None, at=FROZEN)
    assert (paper.named, paper.fingerprint) == (6, manifest.digest)


def test_a_recipient_sees_those_who_agreed_and_counts_of_that_list_alone(manifest, embassy, travellers):
    paper = paper_of(manifest, recipient=embassy, at=FROZEN)
    assert names(paper) == {person.full_name for person in travellers[:4]}
    assert paper.fingerprint != manifest.digest


def test_whoever_is_held_is_absent_and_the_paper_is_that_of_a_world_without_them(manifest, embassy, travellers):
    disclosure = travellers[3].disclosures.get()
    protection.set_hold(person=travellers[3], reason="fear", against=["AFG"], by=COMMAND, at=FROZEN)
    with_hold = paper_of(manifest, recipient=embassy, at=FROZEN)
    disclosure.delete()
    without = paper_of(manifest, recipient=embassy, at=FROZEN)
    assert names(with_hold) == names(without)
    assert with_hold.fingerprint == without.fingerprint


def test_a_service_that_nobody_agreed_to_be_shown_to_gets_heads_and_no_names(boarded, organisations):
    paper = paper_of(boarded.manifests.get(), recipient=organisations["uz-border"], at=FROZEN)
    assert (paper.named, [bus.heads for bus in paper.buses]) == (0, [2, 2, 2])


def test_an_organisation_without_part_in_it_gets_an_empty_list(boarded, organisations):
    assert paper_of(boarded.manifests.get(), recipient=organisations["kz-border"], at=FROZEN).buses == ()


def test_it_prints_with_tajik_letters_and_without_a_warning_and_is_recorded(manifest, embassy):
    paper = paper_of(manifest, recipient=embassy, at=FROZEN)
    made = print_paper(
        paper, purpose="boarding", language="", zones=["Asia/Almaty", "Asia/Tashkent"],
        by=COMMAND, at=FROZEN,
    )  # fmt: skip
    assert made.content.startswith(b"%PDF-")
    assert (made.export.recipient, len(made.export.people)) == (embassy, 4)
    assert AuditEntry.objects.get(verb="manifest printed").why == "for tj-emb-uz"
    assert AccessEntry.objects.filter(page__startswith=f"export {made.export.number}, manifest paper").count() == 4


def test_a_paper_that_does_not_print_well_is_not_given_out(manifest, monkeypatch):
    monkeypatch.setattr(paper_issues, "SOURCE", "nothing.typ")
    paper = paper_of(manifest, recipient=None, at=FROZEN)
    with pytest.raises(PaperError, match="No such file"):
        print_paper(
            paper, purpose="boarding", language="", zones=["Asia/Almaty"], by=COMMAND,
            at=FROZEN,
        )  # fmt: skip
    assert not Export.objects.exists()


def test_the_page_gives_the_paper_for_a_purpose_alone(manifest, movement, sign_in):
    clock.set_to(FROZEN + timedelta(minutes=1))
    page = f"/movements/{movement.public_id}/manifests/1"
    client = sign_in(Role.FIELD)
    assert client.get(f"{page}/paper/").status_code == 200
    assert client.post(f"{page}/paper/", {"purpose": "boarding"})["Content-Type"] == "application/pdf"
    assert client.post(f"{page}/paper/", {"purpose": " "}).status_code == 422
    assert client.post(f"{page}/paper/", {"purpose": "boarding", "recipient": "nobody"}).status_code == 422
