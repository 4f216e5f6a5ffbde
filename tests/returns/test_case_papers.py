"""Papers of cases and groups: kept sealed, opened at an address that is one account's, taken away for good with a reason."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from PIL import Image

from common.models import AccessEntry, AuditEntry
from common.pictures import Drawn
from partners.enums import Role
from returns import case_papers, cases
from returns.case_papers import CasePaperError
from returns.models import CasePage
from returns.subject_access.casework import casework_section
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db
PAGES = [Drawn(b"one", 8, 6), Drawn(b"two", 8, 6)]


def a_png() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(made, "PNG")
    return made.getvalue()


@pytest.fixture
def case(make_person):
    return cases.open_cases(people=[make_person()], by=COMMAND, at=NOW)[0]


def kept(group, **more):
    given: dict[str, Any] = {"title": "letter of the clinic", "pages": PAGES, "by": COMMAND, "at": NOW} | more
    return case_papers.attach(group=group, **given)


def test_a_paper_lies_sealed_page_by_page(group, case):
    pages = kept(group, case=case)
    assert [(page.rank, page.content) for page in CasePage.objects.order_by("rank")] == [(1, b"one"), (2, b"two")]
    with connection.cursor() as cursor:
        cursor.execute("select content from returns_casepage")
        assert all(b"one" not in bytes(row[0]) and b"two" not in bytes(row[0]) for row in cursor.fetchall())
    assert [(paper.first, paper.pages) for paper in case_papers.papers_of(CasePage.objects.all())] == [(pages[0], 2)]
    assert AuditEntry.objects.filter(verb="paper attached").count() == 1


def test_what_cannot_be_kept_is_refused_and_leaves_nothing(group, case, monkeypatch):
    for more, words in (
        ({"title": " "}, "what the paper is"),
        ({"pages": []}, "1 to 20"),
        ({"pages": PAGES * 11}, "1 to 20"),
    ):
        with pytest.raises(CasePaperError, match=words):
            kept(group, **more)
    monkeypatch.setattr(case_papers, "MOST_PAPERS", 1)
    kept(group)
    with pytest.raises(CasePaperError, match="kept here already"):
        kept(group)
    assert CasePage.objects.count() == 2


def test_a_paper_that_is_taken_away_is_gone_and_why_it_went_stays(group, case):
    paper = kept(group, case=case)[0].paper
    with pytest.raises(CasePaperError, match="Say why"):
        case_papers.take_away(paper=paper, why=" ", by=COMMAND, at=NOW)

    for _twice in range(2):
        pages = case_papers.take_away(paper=paper, why="of somebody else", by=COMMAND, at=NOW)

    assert {(page.content, page.removed_why) for page in pages} == {(None, "of somebody else")}
    assert AuditEntry.objects.filter(verb="paper taken away").count() == 1


def test_whoever_asks_what_is_held_reads_of_the_papers(group, case):
    kept(group, case=case)

    class Subject:
        records = [case.person]

    rows = casework_section(Subject()).rows  # type: ignore[arg-type]
    assert ("a paper about your case", "letter of the clinic") in {row[:2] for row in rows}


def test_the_pages_keep_show_and_take_away_a_paper(sign_in, group, case, accounts):
    client = sign_in(Role.FIELD)
    new = reverse("returns:case_paper_new", args=[group.public_id])
    file = SimpleUploadedFile("letter.png", a_png(), "image/png")
    assert client.post(new, {"case": case.public_id, "title": "", "paper": file}).status_code == 422
    file.seek(0)
    answer = client.post(new, {"case": case.public_id, "title": "ticket", "paper": file})
    assert answer["Location"] == reverse("returns:person_case", args=[case.person.public_id])
    page = CasePage.objects.get()
    assert "ticket" in client.get(answer["Location"]).content.decode()
    assert "ticket" in client.get(reverse("returns:group_case", args=[group.public_id])).content.decode()

    shown = client.get(reverse("returns:case_paper", args=[page.paper]))
    address = next(each for each in shown.content.decode().split('"') if "?key=" in each)
    picture = client.get(address.replace("&amp;", "&"))
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/jpeg")
    assert AccessEntry.objects.filter(page="returns:case_paper_page", person=case.person.public_id).count() == 1
    assert client.get(address.split("?")[0]).status_code == 404
    assert sign_in(Role.COORDINATOR).get(address).status_code == 404

    client = sign_in(Role.FIELD)
    away = client.post(reverse("returns:case_paper", args=[page.paper]), {"why": "of somebody else"})
    assert away.status_code == 302
    assert client.get(address).status_code == 404
    assert "of somebody else" in client.get(reverse("returns:case_paper", args=[page.paper])).content.decode()
