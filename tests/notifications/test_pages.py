"""The pages of notices and calls: who sees what, what buttons do, what bad input gets."""

import uuid
from datetime import timedelta

import pytest

from common import clock
from notifications.acknowledgements import acknowledge, object_to
from notifications.enums import NoticeState
from notifications.escalation import escalate_due
from notifications.models import Acknowledgement, CallEntry, Notice, Objection
from notifications.proof import figures_of, who_knew_when
from partners.enums import Role
from partners.models import Channel, Membership
from tests.cast import COMMAND, NOW, TOLD
from tests.notifications.conftest import RULES, send_all

pytestmark = pytest.mark.django_db
CALL_AT = NOW + timedelta(minutes=55)
IOM = {Role.FIELD, Role.COORDINATOR, Role.PROTECTION}
PARTNERS = {Role.CONSULAR, Role.LIAISON}


@pytest.fixture(autouse=True)
def that_morning(db):
    clock.set_to(NOW + timedelta(minutes=15))


@pytest.fixture
def paths(alert, notice):
    """Each address with the roles that may open it; the partner's own notice is that of the liaison officer."""
    own = notice("kz-border").public_id
    base = f"/notices/{alert.public_id}/"
    return {
        "/notices/": IOM,
        base: IOM,
        f"{base}panel/": IOM,
        f"{base}message/": IOM,
        f"{base}{own}/": IOM,
        "/calls/": {Role.COORDINATOR},
        "/calls/log/": {Role.COORDINATOR},
        "/calls/institutions/kz-border/": {Role.COORDINATOR},
        f"/calls/{own}/": {Role.COORDINATOR},
        "/notices/mine/": PARTNERS,
        f"/notices/mine/{own}/": {Role.LIAISON},
    }


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_its_pages_and_no_other(paths, sign_in, role):
    client = sign_in(role)
    for path, roles in paths.items():
        expected = 200 if role in roles else 404
        assert client.get(path).status_code == expected, path


def test_strangers_are_sent_to_sign_in(paths, sign_in):
    for path in paths:
        assert sign_in(None).get(path).status_code == 302


def test_an_unknown_notice_is_not_found(alert, notice, sign_in):
    client = sign_in(Role.COORDINATOR)
    for path in (
        f"/notices/{uuid.uuid4()}/",
        f"/notices/{alert.public_id}/{uuid.uuid4()}/",
        f"/notices/{uuid.uuid4()}/{notice('kz-border').public_id}/",
        f"/calls/{uuid.uuid4()}/",
        "/calls/institutions/nobody/",
    ):
        assert client.get(path).status_code == 404


def test_a_membership_narrowed_to_other_crossings_sees_none_of_this(paths, accounts, alert, sign_in):
    Membership.objects.filter(user=accounts[Role.COORDINATOR]).update(crossings=["KZ-KG-01"])
    client = sign_in(Role.COORDINATOR)
    assert client.get(f"/notices/{alert.public_id}/").status_code == 404
    assert RULES["en"] not in client.get("/notices/").content.decode()
    clock.set_to(CALL_AT)
    assert "Border Service" not in client.get("/calls/").content.decode()


def page(client, path, **options):
    response = client.get(path, headers={"accept-language": "en", **options})
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_shows_first_what_is_owed(raised, alert, sign_in):
    client = sign_in(Role.COORDINATOR)
    assert "3 owe an answer" in page(client, "/notices/")
    for row in Notice.objects.filter(alert=alert):
        acknowledge(notice=row, name="A", function="lead", answered_by="page", by=COMMAND, at=NOW)
    assert "Nobody owes an answer" in page(client, "/notices/")
    assert "all have it" in page(client, "/notices/?show=all")


def test_the_list_goes_on_where_the_page_before_ended(raised, sign_in):
    for number in range(31):
        raised(source=f"test:{number}", codes=("iom-kz",))
    client = sign_in(Role.COORDINATOR)
    first = page(client, "/notices/")
    assert "?before=2" in first
    second = page(client, "/notices/?before=2")
    assert "notice 1 " in second
    assert "notice 2 " not in second
    assert page(client, "/notices/?before=junk").count("<tr") == first.count("<tr")


def test_the_page_says_who_knew_when_in_the_local_time_of_the_side(alert, notice, sign_in):
    send_all()
    acknowledge(
        notice=notice("kz-border"), name="A", function="duty officer", answered_by="link", by=COMMAND,
        at=NOW + timedelta(minutes=12),
    )  # fmt: skip
    shown = page(sign_in(Role.COORDINATOR), f"/notices/{alert.public_id}/")
    assert "3 of 3" in shown
    assert "1 of 3" in shown
    assert "08:12" in shown
    assert "duty officer" in shown
    assert "reminder" in shown
    assert "08:25" in shown


def test_a_figure_leads_to_exactly_the_rows_that_it_counts(alert, notice, sign_in):
    acknowledge(notice=notice("kz-border"), name="A", function="x", answered_by="link", by=COMMAND, at=NOW)
    shown = page(sign_in(Role.COORDINATOR), f"/notices/{alert.public_id}/?show=acknowledged")
    assert "Border Service of Kazakhstan" in shown
    assert "Embassy of Tajikistan in Uzbekistan" not in shown
    owed = page(sign_in(Role.COORDINATOR), f"/notices/{alert.public_id}/?show=owed")
    assert "Embassy of Tajikistan in Uzbekistan" in owed
    assert "Border Service of Kazakhstan" not in owed


def test_the_panel_answers_304_until_something_happens(alert, notice, sign_in):
    client = sign_in(Role.COORDINATOR)
    path = f"/notices/{alert.public_id}/panel/"
    etag = client.get(path)["ETag"]
    assert client.get(path, headers={"if-none-match": etag}).status_code == 304
    acknowledge(notice=notice("kz-border"), name="A", function="x", answered_by="link", by=COMMAND, at=NOW)
    changed = client.get(path, headers={"if-none-match": etag})
    assert (changed.status_code, changed["ETag"] == etag) == (200, False)


def test_the_panel_is_part_of_its_page(alert, sign_in):
    client = sign_in(Role.COORDINATOR)
    whole = page(client, f"/notices/{alert.public_id}/")
    assert page(client, f"/notices/{alert.public_id}/panel/").strip() in whole


def test_when_its_hour_has_come_the_number_to_call_stands_there(alert, sign_in):
    escalate_due(at=CALL_AT)
    clock.set_to(CALL_AT)
    client = sign_in(Role.COORDINATOR)
    assert "call now: +7 701 000 0101" in page(client, f"/notices/{alert.public_id}/")
    assert "Call list (3)" in page(client, f"/notices/{alert.public_id}/")
    assert 'href="tel:+77010000101"' in page(client, "/calls/")


def test_the_message_can_be_read_in_each_language(alert, sign_in):
    client = sign_in(Role.COORDINATOR)
    for language, rule in RULES.items():
        shown = page(client, f"/notices/{alert.public_id}/message/?lang={language}")
        assert rule in shown
        assert "/a/…/" in shown


def test_an_objection_stands_above_everything(alert, notice, sign_in):
    object_to(notice=notice("kz-border"), text="No such rule here.", by=COMMAND, at=NOW)
    shown = page(sign_in(Role.COORDINATOR), f"/notices/{alert.public_id}/")
    assert "says that this is not right" in shown
    assert "No such rule here." in shown
    assert "somebody says that this is not right" in page(sign_in(Role.COORDINATOR), "/notices/")


def test_an_answer_by_letter_is_written_down_on_behalf(alert, notice, sign_in):
    row = notice("kz-border")
    path = f"/notices/{alert.public_id}/{row.public_id}/"
    said = {"name": "C. Major", "function": "duty officer", "answered_by": "letter", "reference": "7/12"}
    said["action_confirmed"] = "on"
    assert sign_in(Role.COORDINATOR).post(path, said).status_code == 302
    kept = Acknowledgement.objects.get()
    assert (kept.answered_by, kept.by.on_behalf_of) == ("letter", "C. Major, duty officer")
    assert kept.action_confirmed_at
    assert "letter, written down" in page(sign_in(Role.COORDINATOR), path)


def test_an_answer_without_a_name_names_the_field(alert, notice, sign_in):
    path = f"/notices/{alert.public_id}/{notice('kz-border').public_id}/"
    refused = sign_in(Role.COORDINATOR).post(path, {"name": "", "function": "x", "answered_by": "phone"})
    assert refused.status_code == 400
    assert "so that we know whom to call back" in refused.content.decode()
    assert not Acknowledgement.objects.exists()


def test_who_may_not_call_writes_nothing_down(alert, notice, sign_in):
    said = {"name": "C. Major", "function": "duty officer", "answered_by": "letter"}
    path = f"/notices/{alert.public_id}/{notice('kz-border').public_id}/"
    assert sign_in(Role.PROTECTION).post(path, said).status_code == 404
    assert sign_in(Role.FIELD).post(f"{path}confirm/").status_code == 404
    assert not Acknowledgement.objects.exists()


def test_staff_acknowledge_for_their_own_office_under_their_own_name(alert, notice, sign_in):
    path = f"/notices/{alert.public_id}/{notice('iom-kz').public_id}/"
    assert sign_in(Role.FIELD).post(path, {"name": "F", "function": "team leader"}).status_code == 302
    kept = Acknowledgement.objects.get()
    assert (kept.answered_by, kept.by.on_behalf_of) == ("page", "")


def test_action_is_confirmed_on_the_notice(alert, notice, sign_in):
    row = notice("kz-border")
    acknowledge(notice=row, name="A", function="x", answered_by="link", by=COMMAND, at=NOW)
    path = f"/notices/{alert.public_id}/{row.public_id}/confirm/"
    sign_in(Role.COORDINATOR).post(path, {"note": "post told at 09:10"})
    assert Acknowledgement.objects.get().action_note == "post told at 09:10"


def test_a_call_is_written_down_with_its_outcome(notice, sign_in):
    row = notice("kz-border")
    said = {"number": "+7 701 000 01 01", "outcome": "acknowledged", "function": "duty officer", "name": "C. Major"}
    assert sign_in(Role.COORDINATOR).post(f"/calls/{row.public_id}/", said).status_code == 302
    assert notice("kz-border").state == NoticeState.ACKNOWLEDGED
    assert "reached, acknowledged" in page(sign_in(Role.COORDINATOR), "/calls/log/")


def test_one_call_is_written_down_for_each_notice_that_was_read_out(raised, alert, notice, sign_in):
    raised(source="test:other")
    escalate_due(at=CALL_AT)
    clock.set_to(CALL_AT)
    client, one = sign_in(Role.COORDINATOR), notice("kz-border")
    others = Notice.objects.filter(organisation=one.organisation).exclude(pk=one.pk)
    strange = Notice.objects.exclude(organisation=one.organisation)[0]
    said = {"number": "+7 701 000 0101", "outcome": "acknowledged", "name": "C. Major", "function": "duty officer"}
    refused = client.post(f"/calls/{one.public_id}/", {**said, "also": [str(strange.public_id)]})
    assert refused.status_code == 400
    assert client.post(f"/calls/{one.public_id}/", {**said, "also": [str(others.get().public_id)]}).status_code == 302
    assert {row.state for row in [notice("kz-border"), others.get()]} == {"acknowledged"}
    assert 'call-who">Border Service' not in page(client, "/calls/")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"number": "12", "outcome": "no_answer"}, "with its country code"),
        ({"number": "+77010000101"}, "Choose what came of the call"),
        ({"number": "+77010000101", "outcome": "reached"}, "function of the person reached"),
        ({"number": "+77010000101", "outcome": "acknowledged", "function": "x"}, "name of the person who acknowledged"),
    ],
)
def test_a_call_that_cannot_be_written_down_says_why(notice, sign_in, said, sentence):
    refused = sign_in(Role.COORDINATOR).post(f"/calls/{notice('kz-border').public_id}/", said)
    assert refused.status_code == 400
    assert sentence in refused.content.decode()
    assert not CallEntry.objects.exists()


def test_a_call_about_no_notice_is_logged_on_the_institution(organisations, sign_in):
    said = {"number": "+77010000101", "outcome": "reached", "function": "head of shift", "note": "asks his ministry"}
    assert sign_in(Role.COORDINATOR).post("/calls/institutions/kz-border/", said).status_code == 302
    shown = page(sign_in(Role.COORDINATOR), "/calls/institutions/kz-border/")
    assert "head of shift" in shown
    assert "asks his ministry" in shown


def test_the_script_is_in_the_language_of_who_answers(notice, sign_in):
    path = f"/calls/{notice('kz-border').public_id}/"
    assert RULES["ru"] in page(sign_in(Role.COORDINATOR), path)
    assert RULES["uz"] in page(sign_in(Role.COORDINATOR), f"{path}?lang=uz")


def test_an_institution_without_a_number_says_what_to_do(notice, sign_in):
    Channel.objects.filter(kind="phone").delete()
    assert "Look into the directory" in page(sign_in(Role.COORDINATOR), f"/calls/{notice('kz-border').public_id}/")
    clock.set_to(CALL_AT)
    assert "No number is known" in page(sign_in(Role.COORDINATOR), "/calls/")


def test_a_partner_sees_only_its_own_notices(notice, sign_in):
    client = sign_in(Role.LIAISON)
    assert str(notice("kz-border").public_id) in page(client, "/notices/mine/")
    assert str(notice("tj-emb-uz").public_id) not in page(client, "/notices/mine/")
    assert client.get(f"/notices/mine/{notice('tj-emb-uz').public_id}/").status_code == 404
    forged = client.post(f"/notices/mine/{notice('tj-emb-uz').public_id}/", {"act": "acknowledge", "name": "x"})
    assert forged.status_code == 404


def test_a_partner_acknowledges_and_tells_that_its_post_knows(notice, sign_in):
    path = f"/notices/mine/{notice('kz-border').public_id}/"
    client = sign_in(Role.LIAISON)
    client.post(path, {"act": "acknowledge", "name": "L", "function": "liaison"})
    assert notice("kz-border").state == NoticeState.ACKNOWLEDGED
    client.post(path, {"act": "confirm"})
    assert Acknowledgement.objects.get().action_confirmed_at
    assert Acknowledgement.objects.get().answered_by == "page"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"act": "acknowledge", "name": "L", "function": ""}, "Write your function"),
        ({"act": "object", "text": " "}, "Write what is not right"),
        ({"act": "nothing"}, "Use one of the buttons"),
        ({"act": "confirm"}, "Acknowledge the notice first"),
    ],
)
def test_what_a_partner_cannot_do_is_said(notice, sign_in, said, sentence):
    refused = sign_in(Role.LIAISON).post(f"/notices/mine/{notice('kz-border').public_id}/", said)
    assert refused.status_code == 400
    assert sentence in refused.content.decode()
    assert not Acknowledgement.objects.exists()
    assert not Objection.objects.exists()


def test_the_number_of_queries_does_not_grow_with_the_organisations(raised, organisations, django_assert_num_queries):
    few = raised(source="few", codes=("iom-kz",))
    many = raised(source="many", codes=tuple(organisations))
    for alert in (few, many):
        with django_assert_num_queries(5):
            rows = who_knew_when(alert)
            figures_of(rows, alert)
            [(row.desk, row.handed_over_at, row.to_call(NOW)) for row in rows]


def test_half_and_all_are_measured_from_the_publishing(alert, notice):
    for minutes, code in enumerate(TOLD, start=1):
        acknowledge(
            notice=notice(code), name="A", function="x", answered_by="link", by=COMMAND, at=NOW + timedelta(minutes=minutes)
        )  # fmt: skip
    figures = figures_of(who_knew_when(alert), alert)
    assert (figures.half_after, figures.all_after) == (timedelta(minutes=2), timedelta(minutes=3))


def test_nobody_is_told_by_an_empty_list(raised):
    assert who_knew_when(raised(codes=())) == []
