"""Escalation policies: who follows up, after how long, over what. Foreseen before they are saved; ended, never rewritten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from notifications import messages
from notifications.choosing import Step, desks_of
from notifications.enums import Measure, StepKind
from notifications.models import EscalationPolicy, PolicyStep
from notifications.queueing import first_channels, live_channels
from notifications.schedule import due_times, fingerprint
from partners.enums import ChannelKind
from partners.models import Channel, Office, Organisation

MOST_STEPS = 8
MOST_MINUTES = 7 * 24 * 60
LONGEST_NAME, LONGEST_FUNCTION = 120, 120


class PolicyError(RefusalError):
    """A policy that cannot be saved; `field` names what to mend, `sentence` how."""


@dataclass(frozen=True)
class Foreseen:
    """What would happen at an hour if nobody answered: the step (nothing for the first message) and the desks it asks."""

    due_at: datetime
    step: Step | None
    desks: tuple[Channel, ...] = ()

    @property
    def words(self) -> str:
        """The same in words: "second contact: shift leader, e-mail"."""
        said = str(StepKind(self.step.kind).label) if self.step else _("first message")
        if self.desks:
            whom = "; ".join(dict.fromkeys(f"{row.contact.function}, {row.get_kind_display()}" for row in self.desks))
            return f"{said}: {whom}"
        hints = [self.step.function, _channel_words(self.step.channel)] if self.step else []
        return ": ".join(part for part in (said, ", ".join(filter(None, hints))) if part)


def _channel_words(kind: str) -> str:
    return str(ChannelKind(kind).label) if kind else ""


def simulate(
    *,
    steps: Sequence[Step],
    organisation: Organisation | None,
    expires_at: datetime,
    first_concerned_at: datetime | None,
    at: datetime,
) -> list[Foreseen]:
    """What would happen if an alert were raised `at` and nobody answered; with `organisation`, whom it would ask.

    Raises PolicyError for steps that make no plan. Nothing is stored.
    """
    refuse_unfit(steps)
    channels = live_channels([organisation.pk], at=at).get(organisation.pk, []) if organisation else []
    first = first_channels(channels)
    asked = {channel.contact_id for channel in first if channel.kind != ChannelKind.WEBHOOK}
    foreseen = [Foreseen(at, None, tuple(first))]
    times = due_times(steps, at=at, expires_at=expires_at, first_concerned_at=first_concerned_at)
    for step, due_at in zip(steps, times, strict=True):
        desks = [] if step.kind == StepKind.CALL else desks_of(step, channels, asked=asked)
        asked |= {channel.contact_id for channel in desks}
        foreseen.append(Foreseen(due_at, step, tuple(desks)))
    return foreseen


@transaction.atomic
def save_policy(
    *,
    name: str,
    mission: Office | None,
    kind: str,
    steps: Sequence[Step],
    foreseen: str,
    by: Actor,
    at: datetime,
) -> EscalationPolicy:
    """Puts a policy into force for alerts raised from now on; the one before it for the same mission and kind ends.

    `foreseen` is the fingerprint of the plan that was simulated: what nobody looked at is not saved. Raises PolicyError.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise PolicyError("name", _("Give the policy a name of at most 120 letters."))
    if kind and kind not in {each.kind for each in messages.kinds()}:
        raise PolicyError("kind", _("There is no such kind of notice. Choose one of the list."))
    if mission is not None and kind and not messages.require(kind).of_a_mission:
        raise PolicyError("mission", _("This kind of notice is no mission's own. Leave the mission empty."))
    refuse_unfit(steps)
    if foreseen != fingerprint(steps):
        raise PolicyError("", _("Look first at what would happen, then save exactly that."))
    for row in EscalationPolicy.objects.select_for_update().filter(mission=mission, kind=kind, ended_at__isnull=True):
        end_policy(policy=row, by=by, at=at)
    by_share = steps[0].share > 0
    policy = EscalationPolicy.objects.create(
        name=name,
        mission=mission,
        kind=kind,
        measure=Measure.PERCENT if by_share else Measure.MINUTES,
        made_at=at,
        by=by,
    )
    PolicyStep.objects.bulk_create(_step(policy, number, step) for number, step in enumerate(steps, start=1))
    audit.record("escalation policy saved", policy, by=by, at=at)
    return policy


def _step(policy: EscalationPolicy, position: int, step: Step) -> PolicyStep:
    by_share = policy.measure == Measure.PERCENT
    after = round(step.share * 100) if by_share else step.seconds // 60
    place = {"policy": policy, "position": position}
    return PolicyStep(**place, kind=step.kind, after=after, function=step.function, channel_kind=step.channel)


@transaction.atomic
def end_policy(*, policy: EscalationPolicy, by: Actor, at: datetime) -> EscalationPolicy:
    """Takes a policy out of force; alerts that were raised under it keep their steps. Ending again changes nothing."""
    locked = EscalationPolicy.objects.select_for_update().get(pk=policy.pk)
    if locked.ended_at is None:
        locked.ended_at = at
        locked.save(update_fields=["ended_at"])
        audit.record("escalation policy ended", locked, by=by, at=at)
    return locked


def refuse_unfit(steps: Sequence[Step]) -> None:
    """Raises PolicyError for steps that are no plan: it goes on in time, and ends at the phone, where a human is heard."""
    if not steps:
        raise PolicyError("steps", _("Give at least one step: the call list."))
    if len(steps) > MOST_STEPS:
        raise PolicyError("steps", _("Give at most eight steps."))
    if [step.kind for step in steps].count(StepKind.CALL) != 1 or steps[-1].kind != StepKind.CALL:
        raise PolicyError("steps", _("The last step, and only that one, is the call list: somebody has to be heard."))
    if len({step.share > 0 for step in steps}) > 1:
        raise PolicyError("steps", _("Count all steps in minutes, or all as parts of the time to answer."))
    waits = [(step.seconds, step.share) for step in steps]
    if waits != sorted(set(waits)) or waits[0] <= (0, 0.0):
        raise PolicyError("steps", _("Each step comes later than the one before it."))
    if steps[-1].seconds > timedelta(minutes=MOST_MINUTES).total_seconds() or steps[-1].share > 1:
        raise PolicyError("steps", _("The call comes within a week, and before the time to answer is over."))
    for step in steps:
        _refuse_unfit_step(step)


def _refuse_unfit_step(step: Step) -> None:
    if step.kind not in StepKind.values:
        raise PolicyError("steps", _("There is no such step. Choose one of the list."))
    if step.channel and step.channel not in ChannelKind.values:
        raise PolicyError("steps", _("There is no such channel. Choose one of the list."))
    if step.kind == StepKind.FUNCTION and not step.function.strip():
        raise PolicyError("steps", _("Write the function of the desk that this step asks, such as “duty officer”."))
    if len(step.function) > LONGEST_FUNCTION:
        raise PolicyError("steps", _("The name of the function is longer than 120 letters. Shorten it."))
