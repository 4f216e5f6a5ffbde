"""No operator gets more messages a second than it takes, however many workers send."""

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured

from notifications import buckets
from notifications.models import Delivery
from tests.cast import TOLD
from tests.notifications.conftest import send_all


@pytest.fixture
def slow(settings, request):
    """A kind of this test alone, of which an operator takes three a second."""
    kind = request.node.name[:40]
    settings.PROVIDER_RATES = [f"{kind}=3"]
    return kind


def test_two_workers_together_send_no_more_than_the_operator_takes(slow):
    first, second = buckets.take(slow, 2), buckets.take(slow, 20)
    assert (first, second) == (2, 1)
    assert buckets.take("unlimited", 500) == 500
    assert timedelta(seconds=0.2) <= buckets.wait_for(slow) <= timedelta(seconds=1)


def test_without_redis_each_worker_goes_on_at_a_quarter_of_the_pace(slow, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert [buckets.take(slow, 20), buckets.take(slow, 20)] == [1, 0]


@pytest.mark.parametrize("said", ["sms", "sms=many", "sms=0", "sms=-1"])
def test_a_pace_that_is_none_is_refused_with_a_remedy(said):
    with pytest.raises(ImproperlyConfigured, match="PROVIDER_RATES"):
        buckets.rates((said,))


@pytest.mark.django_db
def test_what_waits_for_its_turn_at_the_operator_is_put_back_untried_and_sent_in_the_end(alert, settings, mailbox):
    settings.PROVIDER_RATES = ["email=20"]
    buckets.take("email", 20)
    assert send_all().handed_over == len(mailbox) == len(TOLD)
    assert set(Delivery.objects.values_list("tries", flat=True)) == {1}
