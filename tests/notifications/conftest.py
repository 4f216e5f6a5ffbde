"""A kind of alert of the tests' own, and one alert of it: notifications know nothing of requirements."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.template import engines
from django.template.backends.django import DjangoTemplates

from common.actors import Actor
from common.clock import real_now
from notifications import messages
from notifications.alerts import Told, raise_alert
from notifications.deliveries import SendSummary, send_due
from notifications.models import Alert, Notice
from tests.cast import COMMAND, NOW, TOLD

RULES = {
    "en": "A negative test for every person",
    "ru": "Отрицательный тест для каждого",
    "tg": "Ташхиси манфӣ барои ҳар як шахс",
    "uz": "Har bir kishi uchun manfiy test",
}
CONTEXT = {"place": "G‘ishtko‘prik", "zones": ["Asia/Tashkent", "Asia/Almaty"], "version": 2}


def in_words(context: dict[str, Any], language: str) -> dict[str, Any]:
    return {"rule": RULES[language], "before": "–", "place": context["place"]}


TEMPLATES = str(Path(__file__).parent / "templates")


@pytest.fixture(autouse=True)
def demand_kind():
    """For each test anew, in the engine that letters use: two threads of a server that draw their first pages at once make
    two, and the one that is lost may be what Django takes for its default.
    """
    django = engines["django"]
    assert isinstance(django, DjangoTemplates)
    folders = django.engine.dirs
    if TEMPLATES not in folders:
        folders.append(TEMPLATES)
    messages.register("demand", messages.MessageKind("demand", "messages/demand", in_words))


@pytest.fixture
def raised(organisations) -> Callable[..., Alert]:
    """`raised(source=…, head_counts={code: n}, …)` raises an alert to the three organisations with an interest, and `more`."""

    def go(
        *, source: str = "test:1", head_counts: dict[str, int] | None = None, codes=TOLD, more: Sequence[Told] = (),
        at=NOW, by: Actor = COMMAND, **values: Any,
    ) -> Alert:  # fmt: skip
        told = [Told(organisations[code], (head_counts or {}).get(code)) for code in codes] + [*more]
        options: dict[str, Any] = {
            "context": CONTEXT,
            "subject": "crossing:KZ-UZ-01",
            "expires_at": at + timedelta(days=2),
            **values,
        }
        return raise_alert(kind="demand", source=source, told=told, by=by, at=at, **options)

    return go


@pytest.fixture
def alert(raised: Callable[..., Alert]) -> Alert:
    """An alert to the three organisations that have an interest; nothing is sent yet."""
    return raised(head_counts={"kz-border": 102})


@pytest.fixture
def notice(alert) -> Callable[[str], Notice]:
    """`notice(code)`: that organisation's notice, read afresh."""
    return lambda code: Notice.objects.select_related("alert", "organisation").get(alert=alert, organisation__code=code)


def send_all(at=NOW, *, later: timedelta = timedelta(seconds=1)) -> SendSummary:
    """Sends what is due in a moment: what was queued in this very millisecond is."""
    return send_due(real_at=real_now() + later, at=at)
