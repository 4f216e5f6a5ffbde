"""Webhooks to which organisations subscribe: public content, signed, logged, repeated, switched off when dead."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction

from common.clock import real_now
from notifications import troubles
from notifications.enums import DeliveryState
from notifications.expiry import expire_due
from notifications.models import DeliveryAttempt, WebhookPost, WebhookSubscription
from notifications.signing import signature
from notifications.webhooks.claims import FIRST
from notifications.webhooks.posts import DEAD_AFTER, ReplayError, attempts_of, replay, send_due
from notifications.webhooks.subscriptions import SubscriptionError, rotate, subscribe, switch
from tests.cast import COMMAND, NOW
from tests.notifications.operators import Answer, operator

pytestmark = pytest.mark.django_db


@pytest.fixture
def subscribed(settings, organisations):
    """`subscribed(url, code=…, kinds=…)` opens a subscription and returns it with its secret."""
    settings.EGRESS_ALLOWED = ["127.0.0.1"]

    def go(url: str, *, code: str = "kz-border", kinds=()):
        return subscribe(organisation=organisations[code], url=url, kinds=kinds, by=COMMAND, at=NOW)

    return go


def post_all(later: timedelta = timedelta(seconds=1)):
    return send_due(real_at=real_now() + later, at=NOW)


def test_what_waits_for_a_system_ends_with_its_notice(organisations, raised):
    row, _secret = subscribe(organisation=organisations["kz-border"], url="https://1.1.1.1/in", by=COMMAND, at=NOW)
    first = raised(codes=["kz-border"])
    switch(subscription=row, on=False, by=COMMAND, at=NOW)
    newer = raised(source="test:2", codes=["kz-border"], supersedes=first)
    WebhookPost.objects.get_or_create(
        subscription=row, alert=newer, defaults={"body": "{}", "due_at": NOW, "queued_at": NOW}
    )
    expire_due(at=NOW)
    assert set(row.posts.values_list("alert", "state")) == {(first.pk, "superseded"), (newer.pk, "queued")}
    expire_due(at=newer.expires_at)
    assert row.posts.get(alert=newer).state == "expired"


def test_an_alert_is_posted_to_the_system_of_who_is_told_signed_and_without_link_or_count(subscribed, raised):
    with operator(lambda call: (200, "", {})) as seen:
        _row, secret = subscribed(f"{seen.url}/in")
        subscribed(f"{seen.url}/other", code="uz-border")
        raised(head_counts={"kz-border": 102})
        assert post_all().handed_over == 1
    [call] = seen.calls
    seconds = int(call.headers["webhook-timestamp"])
    made = signature(call.body, message_id=call.headers["webhook-id"], seconds=seconds, keys=[secret])
    assert call.headers["webhook-signature"] == made
    assert call.said["type"] == "notice.demand"
    assert "102" not in call.body.decode()
    assert "/a/" not in call.body.decode()


def test_only_the_kinds_that_were_chosen_are_posted(subscribed, raised):
    subscribed("http://127.0.0.1:1/a", kinds=["movement"])
    raised()
    assert not WebhookPost.objects.exists()


def test_an_alert_raised_twice_is_posted_once(subscribed, raised):
    subscribed("http://127.0.0.1:1/a")
    raised()
    raised()
    assert WebhookPost.objects.count() == 1


def test_while_a_secret_is_exchanged_both_sign(subscribed, raised):
    with operator(lambda call: (200, "", {})) as seen:
        row, former = subscribed(seen.url)
        present = rotate(subscription=row, by=COMMAND, at=NOW, real_at=real_now())
        raised()
        post_all()
        raised(source="test:2")
        send_due(real_at=real_now() + timedelta(days=2), at=NOW)
    for call, keys in zip(seen.calls, ([present, former], [present]), strict=True):
        seconds = int(call.headers["webhook-timestamp"])
        made = signature(call.body, message_id=call.headers["webhook-id"], seconds=seconds, keys=keys)
        assert call.headers["webhook-signature"] == made


def test_a_post_is_tried_again_and_every_try_stands_in_the_log(subscribed, raised):
    answers: Iterator[Answer] = iter([(500, "", {}), (200, "", {}), (200, "", {})])
    with operator(lambda call: next(answers)) as seen:
        subscribed(seen.url)
        raised()
        assert post_all().to_retry == 1
        assert post_all(timedelta(seconds=10)).handed_over == 1
        post = WebhookPost.objects.get()
        replay(post=post, by=COMMAND, at=NOW, real_at=real_now())
        assert post_all().handed_over == 1
    assert len({(call.body, call.headers["webhook-id"]) for call in seen.calls}) == 1
    log = [row.outcome for row in attempts_of([post])[post.public_id]]
    assert sorted(log) == sorted([DeliveryState.HANDED_OVER, DeliveryState.HANDED_OVER, DeliveryState.QUEUED])
    assert DeliveryAttempt.objects.filter(delivery=post.public_id).count() == 3


def test_what_is_under_way_is_not_sent_again(subscribed, raised):
    subscribed("http://127.0.0.1:1/a")
    raised()
    with pytest.raises(ReplayError):
        replay(post=WebhookPost.objects.get(), by=COMMAND, at=NOW, real_at=real_now())


def test_an_address_that_is_gone_is_switched_off_at_once(subscribed, raised):
    with operator(lambda call: (410, "", {})) as seen:
        row, _secret = subscribed(seen.url)
        raised()
        post_all()
    row.refresh_from_db()
    assert row.switched_off_at
    assert WebhookPost.objects.get().state == DeliveryState.FAILED


def test_an_address_dead_for_days_is_switched_off_and_the_administrator_told(subscribed, raised, mailbox, sign_in):
    sign_in("administrator")
    with operator(lambda call: (500, "", {})) as seen:
        row, _secret = subscribed(seen.url)
        raised()
        post_all()
        row.refresh_from_db()
        assert row.failing_since
        assert row.switched_off_at is None
        post_all(DEAD_AFTER + timedelta(minutes=1))
    assert WebhookSubscription.objects.filter(pk=row.pk, switched_off_at__isnull=False).exists()
    assert troubles.tell(within=transaction.atomic, by=COMMAND, at=NOW) == 1
    assert troubles.tell(within=transaction.atomic, by=COMMAND, at=NOW) == 0
    raised(source="test:2")
    assert not WebhookPost.objects.filter(alert__source="test:2").exists()


def test_one_that_works_again_is_no_longer_failing(subscribed, raised):
    answers: Iterator[Answer] = iter([(500, "", {}), (200, "", {})])
    with operator(lambda call: next(answers)) as seen:
        row, _secret = subscribed(seen.url)
        raised()
        post_all()
        post_all(timedelta(seconds=10))
    row.refresh_from_db()
    assert row.failing_since is None


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/a", "https://user:word@hooks.example/", "https://localhost/", "https://10.0.0.1/", "ftp://x/",
        "https://[::1]/", "https://169.254.169.254/latest/", "not an address", "https://",
    ],
)  # fmt: skip
def test_an_address_into_our_own_network_cannot_be_entered(organisations, settings, url):
    settings.EGRESS_ALLOWED = []
    with pytest.raises(SubscriptionError):
        subscribe(organisation=organisations["kz-border"], url=url, by=COMMAND, at=NOW)


def test_a_dead_system_holds_two_posts_and_the_others_wait_as_long_as_those(subscribed, raised):
    """A healthy one gets all of its own meanwhile."""
    dead, _secret = subscribed("http://127.0.0.1:1/a")
    with operator(lambda call: (200, "", {})) as seen:
        subscribed(seen.url, code="iom-kz")
        for number in range(6):
            raised(source=f"test:{number}")
        summary = post_all()
    assert (summary.handed_over, len(seen.calls)) == (6, 6)
    assert summary.to_retry == FIRST
    waiting = dead.posts.filter(state=DeliveryState.QUEUED)
    assert waiting.count() == 6
    assert waiting.filter(due_at__lte=real_now() + timedelta(seconds=2)).count() == 0
    assert sum(waiting.values_list("tries", flat=True)) == 1, "only the first was tried"


def test_a_secret_that_no_key_opens_stops_no_other_system(subscribed, raised):
    odd, _secret = subscribed("http://127.0.0.1:1/a")
    WebhookSubscription.objects.filter(pk=odd.pk).update(secret=b"\x01\x01x" + bytes(40))
    with operator(lambda call: (200, "", {})) as seen:
        subscribed(seen.url, code="iom-kz")
        raised()
        assert post_all().handed_over == 1
    assert odd.posts.get().state == DeliveryState.QUEUED


def test_a_switched_off_one_waits(subscribed, raised):
    row, _secret = subscribed("http://127.0.0.1:1/a")
    raised()
    switch(subscription=row, on=False, by=COMMAND, at=NOW)
    assert not post_all()
    assert WebhookPost.objects.get().state == DeliveryState.QUEUED


def test_an_administrator_subscribes_a_system_exchanges_its_secret_and_sends_again(
    sign_in, organisations, settings, raised
):
    settings.EGRESS_ALLOWED = ["127.0.0.1"]
    client = sign_in("administrator")
    refused = client.post("/webhooks/", {"organisation": "kz-border", "url": "https://10.0.0.1/"})
    assert refused.status_code == 400
    with operator(lambda call: (200, "", {})) as seen:
        shown = client.post("/webhooks/", {"organisation": "kz-border", "url": seen.url}).content.decode()
        row = WebhookSubscription.objects.get()
        assert row.secret in shown
        assert row.secret not in client.get(f"/webhooks/{row.public_id}/").content.decode()
        exchanged = client.post(f"/webhooks/{row.public_id}/secret/").content.decode()
        row = WebhookSubscription.objects.get()
        assert row.secret in exchanged
        raised()
        post_all()
        post = WebhookPost.objects.get()
        client.post(f"/webhooks/{row.public_id}/{post.public_id}/again/")
        post_all()
    assert len(seen.calls) == 2
    client.post(f"/webhooks/{row.public_id}/switch/", {"on": "no"})
    assert WebhookSubscription.objects.get().switched_off_at
    assert "webhook" in client.get("/webhooks/").content.decode().lower()


def test_the_body_says_what_the_public_may_know(subscribed, raised):
    subscribed("http://127.0.0.1:1/a")
    alert = raised()
    said = json.loads(WebhookPost.objects.get().body)
    assert set(said) == {"type", "timestamp", "data"}
    assert said["data"]["alert"] == alert.number
    assert set(said["data"]) == {"alert", "kind", "about", "version", "language", "subject", "text", "expires_at"}
