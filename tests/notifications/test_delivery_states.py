"""Eight states, and which may follow which: held by the domain and by the database alike."""

from contextlib import nullcontext

import pytest
from django.db import IntegrityError, transaction

from common.actors import Actor
from common.enums import ActorKind
from notifications.acknowledgements import acknowledge
from notifications.delivery_states import MOVES, move
from notifications.enums import DeliveryState
from notifications.links import open_link, token_for
from notifications.models import Delivery
from tests.cast import NOW
from tests.notifications.conftest import send_all

pytestmark = pytest.mark.django_db


def stand(row: Delivery, state: str) -> None:
    for step in _way_to(state):
        Delivery.objects.filter(pk=row.pk).update(state=step)


def _way_to(state: str) -> list[str]:
    """The shortest way from queued, by the table."""
    ways: dict[str, list[str]] = {DeliveryState.QUEUED.value: []}
    while state not in ways:
        for known, way in list(ways.items()):
            for following in MOVES[known]:
                ways.setdefault(str(following), [*way, str(following)])
    return ways[state]


def test_there_are_exactly_these_states():
    assert DeliveryState.values == [
        "queued", "in_flight", "handed_over", "delivered", "bounced", "failed", "expired", "superseded",
    ]  # fmt: skip
    assert set(MOVES) == set(DeliveryState.values)


@pytest.mark.parametrize("state", DeliveryState.values)
def test_each_state_is_explained_in_a_sentence(state):
    assert DeliveryState(state).meaning.endswith(".")


@pytest.mark.parametrize("before", DeliveryState.values)
def test_the_database_lets_a_delivery_go_where_the_table_does_and_nowhere_else(alert, before):
    row = Delivery.objects.all()[0]
    stand(row, before)
    for after in DeliveryState.values:
        if after == before:
            continue
        refused = nullcontext() if after in MOVES[before] else pytest.raises(IntegrityError, match="does not become")
        with refused, transaction.atomic():
            Delivery.objects.filter(pk=row.pk).update(state=after)
            transaction.set_rollback(True)


def test_a_late_word_moves_nothing_back_not_even_in_bulk(alert):
    send_all()
    assert move(Delivery.objects.all(), to=DeliveryState.DELIVERED, delivered_at=NOW) == Delivery.objects.count()
    assert move(Delivery.objects.all(), to=DeliveryState.BOUNCED) == 0
    with pytest.raises(IntegrityError, match="delivered does not become handed_over"), transaction.atomic():
        Delivery.objects.update(state=DeliveryState.HANDED_OVER)


def test_an_answer_through_its_link_proves_that_it_arrived(alert, notice):
    send_all()
    row = Delivery.objects.select_related("notice__alert").get(notice=notice("kz-border"))
    opened = open_link(token_for(row), at=NOW)
    by = Actor(ActorKind.LINK, str(row.public_id), "A")
    acknowledge(notice=opened.notice, name="A", function="lead", answered_by="link", by=by, at=NOW)
    row.refresh_from_db()
    assert (row.state, row.delivered_at) == (DeliveryState.DELIVERED, NOW)
