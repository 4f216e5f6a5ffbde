"""No paper, list or file of figures that leaves for somebody outside tells whether she was ever in the group that travels."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.db import transaction

from common.refusals import RefusalError
from migrants.exports import Made
from partners.models import Organisation
from returns import figures
from returns.enums import JourneyPaper
from returns.manifest_papers import paper_of, print_paper
from returns.models import Movement, PaperIssue
from returns.movement_papers import Wanted, print_for
from tests.cast import COMMAND
from tests.papers.reading import text_of
from tests.two_worlds.journey import gets_ready, hours_of, the_carrier, the_region
from tests.two_worlds.seen import Answer, Seen, cells_of, differences
from tests.two_worlds.worlds import HER_NAME, in_both

pytestmark = [pytest.mark.django_db, pytest.mark.deep]
TO = ("tj-emb-uz", "kz-border", "tj-region", "bus-kz")
"""An embassy, a border service that decides and is shown people, the country of arrival, and who drives the second bus."""
LOOKED_AT = ("on the road", "received")
VERSION = re.compile(r"\b(Version|version|manifest)([ -])\d+")
"""A list is frozen anew for many reasons, and whoever held it before knows that it was."""

FINGERPRINT = re.compile(r"(?:[0-9a-f]{8} ){7}[0-9a-f]{8}")
"""Of what stands on a paper and of the reference of the journey, which is random."""


def said_on(made: Made) -> str:
    """What stands on a file, without its number and its code, which are drawn by lot."""
    if made.content.startswith(b"%PDF-"):
        issue = PaperIssue.objects.get(export=made.export)
        grouped = "-".join(issue.code[start : start + 4] for start in range(0, len(issue.code), 4))
        text = text_of(made.content).replace(issue.code, "code").replace(grouped, "code")
        text = FINGERPRINT.sub("fingerprint", text)
    elif made.content.startswith(b"PK"):
        text = cells_of(made.content)
    else:
        text = made.content.decode()
    return VERSION.sub(r"\1\2n", text.replace(made.export.number, "number"))


def papers_of(movement: Movement, hour: str, at: datetime) -> Seen:
    """Every paper and list that may be made for each of them, or the sentence with which it is refused."""
    seen: Seen = {}
    manifest = movement.manifests.latest("number")
    for organisation in Organisation.objects.filter(code__in=TO).order_by("code"):
        for kind in JourneyPaper:
            try:
                with transaction.atomic():
                    made, name = print_for(
                        movement=movement, wanted=Wanted(kind, organisation, "en", "the journey"), by=COMMAND, at=at
                    )
            except RefusalError as refusal:
                said = f"{refusal.field}: {refusal.sentence}"
            else:
                said = f"{name}\n{said_on(made)}"
            seen[f"{hour}, {organisation.code}: {kind}"] = Answer(said)
        paper = paper_of(manifest, recipient=organisation, at=at)
        made = print_paper(paper, purpose="the journey", language="en", zones=["Asia/Almaty"], by=COMMAND, at=at)
        seen[f"{hour}, {organisation.code}: manifest"] = Answer(said_on(made))
    told = figures.hxl(movement=movement, purpose="the report", recipient="A donor", by=COMMAND, at=at)
    return {**seen, f"{hour}, a donor: figures": Answer(said_on(told))}


def test_nobody_outside_can_tell_by_a_paper_that_she_was_in_the_group(group, crossing, organisations):
    the_region()
    the_carrier()

    def given_out(with_her: bool) -> Seen:
        movement = gets_ready(group, crossing, organisations, with_her=with_her)
        seen: Seen = {}
        for hour, at in hours_of(movement, organisations["tj-emb-uz"]):
            if hour in LOOKED_AT:
                seen |= papers_of(movement, hour, at)
        return seen

    with_her, without_her = in_both(given_out)

    assert not [name for name, answer in with_her.items() if HER_NAME in answer.body]
    assert "Қодиров Умед" in with_her["on the road, tj-emb-uz: bus_list"].body
    assert "Places for people lying down 1" in with_her["on the road, tj-region: advance_notice"].body
    assert "Bus 2" in with_her["on the road, bus-kz: drivers"].body
    assert "A donor" in with_her["received, a donor: figures"].body
    told = differences(with_her, without_her)
    print(*told, sep="\n")
    assert told == []
