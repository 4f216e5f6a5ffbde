"""“This is not right”: whoever answers for a notice is told that an organisation contradicts it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from common.actors import Actor
from notifications.alerts import Told, raise_alert
from notifications.enums import NoticeState
from notifications.hours import local_times
from notifications.models import Alert, Notice, Objection
from partners.enums import OrganisationKind
from partners.models import Organisation

KIND = "contradiction"
ANSWER_WITHIN = timedelta(days=2)


def tell_of_contradiction(*, objection: Objection, by: Actor, at: datetime) -> Alert | None:
    """Tells the IOM missions that were told of the same alert, or all where none was. What was said stays with the notice.

    Who contradicts a contradiction is read on its page; it raises no other. Nor does what the organisation adds while what
    it said before still waits for a mission.
    """
    notice = objection.notice
    alert = notice.alert
    if alert.kind == KIND or _still_waits(objection):
        return None
    return raise_alert(
        kind=KIND,
        source=source_of(objection),
        subject=alert.subject,
        context={
            "about": alert.number,
            "alert": str(alert.public_id),
            "who": {code: notice.organisation.name_in(code) for code in ("en", "ru", "tg", "uz")},
            "said_at": at.isoformat(),
            "zones": list(alert.context.get("zones") or ["UTC"]),
        },
        told=[Told(organisation) for organisation in _answering_for(alert)],
        expires_at=at + ANSWER_WITHIN,
        first_concerned_at=alert.first_concerned_at,
        mission=alert.raised_by.organisation_ref,
        by=by,
        at=at,
    )


def source_of(objection: Objection) -> str:
    """How the alert of an objection is recognised."""
    return f"objection:{objection.public_id}"


def _still_waits(objection: Objection) -> bool:
    """Whether a mission owes an answer to what the organisation has said of the same notice before."""
    before = Objection.objects.filter(notice=objection.notice).exclude(pk=objection.pk)
    return Notice.objects.filter(state=NoticeState.OWED, alert__source__in=[source_of(row) for row in before]).exists()


def _answering_for(alert: Alert) -> QuerySet[Organisation]:
    """The missions that know of the alert; the office of whoever raised it; else every mission."""
    iom = Organisation.objects.filter(kind=OrganisationKind.IOM).order_by("code")
    told = iom.filter(notices__alert=alert)
    raised = iom.filter(code=alert.raised_by.organisation_ref or "-")
    return told or raised or iom.filter(offices__is_mission=True).distinct()


def message(alert: dict[str, Any], language: str) -> dict[str, Any]:
    """What the templates of this kind get: who contradicts which notice, and when; never in what words."""
    return {
        "about": alert["about"],
        "who": alert["who"].get(language) or alert["who"]["en"],
        "said": local_times(datetime.fromisoformat(alert["said_at"]), alert["zones"]),
    }


def sample() -> dict[str, Any]:
    """An invented contradiction, to look at the messages."""
    who = {
        "en": "Border Service of Kazakhstan",
        "ru": "Пограничная служба Казахстана",
        "tg": "Хадамоти сарҳадии Қазоқистон",
        "uz": "Qozogʻiston chegara xizmati",
    }
    zones = ["Asia/Tashkent", "Asia/Almaty"]
    return {"about": 12, "alert": "", "who": who, "said_at": "2020-10-01T03:35:00+00:00", "zones": zones}
