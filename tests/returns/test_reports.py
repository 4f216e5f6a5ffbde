"""The report of a movement, its figures for others, and its closing."""

import csv
import re
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import hxl as libhxl
import pytest
from django.urls import reverse

from common import clock
from corridors import requirements
from corridors.models import CorridorVersion
from migrants.exports import CONDITION
from migrants.models import Export, HealthTest
from notifications.acknowledgements import acknowledge
from notifications.alerts import Told
from notifications.models import Notice
from returns import funding
from returns.ended_halts import ended_halts
from returns.figures import COLUMNS, hxl
from returns.models import Checkpoint, ReturnCase
from returns.reports import report_of
from tests.cast import COMMAND, NOW
from tests.returns.conftest import TEST_RULE
from tests.returns.convoy import ENTERED
from tests.returns.test_incoming import RECEIVED, arrived, embassy, receive, shown

__all__ = ["arrived", "embassy", "shown"]
pytestmark = pytest.mark.django_db
DEMANDED = NOW + timedelta(hours=1)


@pytest.fixture
def demanded(crossing, organisations, travellers, take_test):
    """The post demands tests from NOW on; three are told an hour later, everybody is tested, the corridor is agreed anew."""
    draft = requirements.draft(
        requirement_line=(crossing, "KAZ", "UZB", "health_test"), content=TEST_RULE, certainty="reported",
        source_tier="oral_post", source_text="by word of mouth", authority=organisations["uz-border"], applies_from=NOW,
        by=COMMAND, at=DEMANDED,
    )  # fmt: skip
    told = [Told(organisations[code]) for code in ("kz-border", "iom-kz", "tj-emb-uz")]
    change = requirements.publish(draft=draft, told=told, by=COMMAND, at=DEMANDED)
    for n, person in enumerate(travellers):
        take_test(person, sampled_at=NOW + timedelta(hours=5 + n))
    HealthTest.objects.update(recorded_at=NOW + timedelta(hours=18))
    CorridorVersion.objects.update(requirement_changed_at=None)
    return change


def answered(*codes, at):
    for code in codes:
        notice = Notice.objects.get(organisation__code=code, alert__kind="requirement_change")
        acknowledge(notice=notice, name="A", function="duty", answered_by="page", by=COMMAND, at=at)


def hours(report):
    return {
        line.milestone.key: None if line.after is None else line.after.total_seconds() / 3600 for line in report.lines
    }


def test_the_report_counts_from_the_demand_to_the_exit(demanded, arrived, embassy):
    answered("kz-border", at=NOW + timedelta(hours=2))
    answered("iom-kz", at=NOW + timedelta(hours=3))
    answered("tj-emb-uz", at=NOW + timedelta(hours=4))
    receive(arrived, embassy)
    arrived.refresh_from_db()
    report = report_of(arrived)
    assert hours(report) == {
        "demand": 0, "alerted": 1, "half_acknowledged": 3, "all_acknowledged": 4, "sampled": 10, "tested": 18,
        "cleared": 0,
        "frozen": 22, "departed": 23, "entered": 23, "left": 27, "received": 28, "closed": None,
    }  # fmt: skip
    assert report.delay == timedelta(hours=27)
    assert report.lines[0].milestone.source == "oral, border post, reported, not yet confirmed: by word of mouth"


def test_what_has_not_happened_has_no_hour(demanded, arrived):
    answered("kz-border", at=NOW + timedelta(hours=2))
    report = hours(report_of(arrived))
    assert (report["half_acknowledged"], report["all_acknowledged"], report["received"]) == (None, None, None)


def test_the_money_is_there_with_the_pledge_that_makes_it_enough(demanded, arrived, organisations):
    need = funding.ask(
        group=arrived.group, kind="tests", quantity=10, unit_price=Decimal(20), currency="USD",
        requirement_version=demanded.version, by=COMMAND, at=DEMANDED,
    )  # fmt: skip
    for amount, later in ((150, 2), (60, 5), (100, 9)):
        funding.pledge(
            need=need, donor=organisations["iom-uz"], amount=Decimal(amount), currency="USD", pledged_on=NOW.date(),
            by=COMMAND, at=NOW + timedelta(hours=later),
        )  # fmt: skip
    assert hours(report_of(arrived))["money"] == 5


def test_whoever_was_not_tested_is_missing_from_the_number(demanded, arrived, travellers):
    HealthTest.objects.filter(person=travellers[0]).delete()
    sources = {line.milestone.key: line.milestone.source for line in report_of(arrived).lines}
    assert sources["tested"] == "5 of 6 travellers"


def test_the_board_remembers_the_halt(demanded, arrived, embassy, sign_in, viewers):
    assert ended_halts(viewers["coordinator"], at=RECEIVED) == []
    receive(arrived, embassy)
    [halt] = ended_halts(viewers["coordinator"], at=RECEIVED)
    assert (halt.heads, halt.delay, halt.way) == (6, timedelta(hours=27), "Zhibek Zholy → G‘ishtko‘prik")
    clock.set_to(RECEIVED + timedelta(minutes=1))
    page = sign_in("coordinator").get(reverse("returns:board")).content.decode()
    assert "27 h after the demand" in page
    assert reverse("returns:movement_report", args=[arrived.public_id]) in page
    assert "27 h after" not in sign_in("programme").get(reverse("returns:board")).content.decode()


def test_a_halt_without_a_demand_has_no_delay(arrived):
    report = report_of(arrived)
    assert (report.demand, report.delay) == (None, None)


def figures_for(movement, recipient="A donor"):
    made = hxl(movement=movement, purpose="monthly report", recipient=recipient, by=COMMAND, at=ENTERED)
    return made.content.decode()


def rows_of(text):
    return list(csv.reader(text.splitlines()))


def test_the_figures_carry_hashtags_and_under_which_condition_they_are_given(arrived, count_heads):
    count_heads(102)
    headings, tags, *rows = rows_of(figures_for(arrived))
    assert (tuple(headings), tuple(tags)) == tuple(zip(*COLUMNS, strict=True))
    assert all(re.fullmatch(r"#[a-z][a-z0-9_]*(\+[a-z][a-z0-9_]*)*", tag) for tag in tags)  # the grammar of HXL 1.1
    assert [row[:5] for row in rows] == [
        ["2020-10-01", "Zhibek Zholy", "KAZ", "102", "blocked"],
        ["2020-10-02", "Zhibek Zholy", "KAZ", "6", "exited"],
        ["2020-10-02", "G‘ishtko‘prik", "UZB", "6", "entered"],
        ["2020-10-02", "Oybek", "UZB", "6", "left"],
    ]
    assert {(row[7], row[8]) for row in rows} == {("A donor", CONDITION)}
    assert (rows[0][9], rows[0][10]) == (Export.objects.get().number, "monthly report")


def test_the_humanitarian_exchange_library_reads_the_figures(arrived, count_heads):
    count_heads(102)
    text = figures_for(arrived).encode()

    assert libhxl.data(BytesIO(text)).validate()
    read = libhxl.data(BytesIO(text))
    assert [column.display_tag for column in read.columns] == [tag for _heading, tag in COLUMNS]
    first = next(iter(read))
    assert (first.get("#loc+name"), first.get("#affected")) == ("Zhibek Zholy", "102")


def test_the_library_refuses_what_carries_no_hashtags():
    with pytest.raises(libhxl.input.HXLTagsNotFoundException):
        libhxl.data(BytesIO(b"Date,Population\r\n2020-10-01,102\r\n")).validate()


def test_fewer_than_five_are_withheld(arrived):
    Checkpoint.objects.filter(vehicle__rank__gt=2).update(heads=0)
    rows = rows_of(figures_for(arrived))[2:]
    assert {(row[3], row[5]) for row in rows} == {("", "under 5")}


def test_what_one_less_arrived_is_withheld_too(arrived, count_heads):
    """7 at the halt and 6 on the buses: the difference would be a figure of one."""
    count_heads(7)
    assert [(row[3], row[5]) for row in rows_of(figures_for(arrived))[2:]] == [
        ("7", ""), ("", "under 5 apart"), ("", "under 5 apart"), ("", "under 5 apart"),
    ]  # fmt: skip


def test_a_formula_in_a_name_stays_text(arrived):
    rows = rows_of(figures_for(arrived, "=1+1"))
    assert rows[2][7] == "'=1+1"


def test_figures_are_made_for_somebody(arrived, sign_in):
    client = sign_in("coordinator")
    refused = client.post(
        reverse("returns:movement_figures", args=[arrived.public_id]), {"recipient": " "}, follow=True
    )
    assert "Say for whom the figures are made." in refused.content.decode()
    assert not Export.objects.exists()


def test_the_movement_is_closed_after_the_handover_with_its_cases(arrived, embassy, sign_in, count_heads):
    count_heads(6)
    client, close = sign_in("coordinator"), reverse("returns:movement_close", args=[arrived.public_id])
    early = client.post(close, {"why": "home"}, follow=True).content.decode()
    assert "Only a movement that was handed over or has turned back can be closed." in early
    receive(arrived, embassy)
    assert "The movement is closed." in client.post(close, {"why": "home"}, follow=True).content.decode()
    assert not ReturnCase.objects.open().exists()
    for name in ("group", "group_readiness", "group_people", "group_timeline"):
        assert client.get(reverse(f"returns:{name}", args=[arrived.group.public_id])).status_code == 200, name
