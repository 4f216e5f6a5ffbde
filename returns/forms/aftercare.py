"""Forms after the return: what a call or a visit gave, whom somebody is referred to, and what came of it."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from migrants.enums import ReferralAnswer
from partners.enums import OrganisationKind
from partners.models import Organisation
from returns.enums import FollowUpHow, ReintegrationService
from returns.follow_ups import ASKED_ABOUT
from returns.forms.laboratory import hour_field
from returns.forms.laid import HourForm, LaidForm, Rows

REACHED, MISSED = "reached", "missed"


def words_field(label: Any, help_text: Any = "", *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=4000,
        required=required,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class FollowUpForm(HourForm):
    """Whether the person was reached, how, when, and what is needed."""

    hour = "tried_at"
    rows: ClassVar[Rows] = (("result",), ("how", "tried_at"), ("needs",), ("note",))
    result = forms.ChoiceField(
        label=_("the person was"),
        choices=[(REACHED, _("reached")), (MISSED, _("not reached this time"))],
        widget=forms.RadioSelect,
    )
    how = forms.ChoiceField(label=_("how"), choices=FollowUpHow.choices)
    tried_at = hour_field(_("when"), _("On your own clock."))
    needs = forms.MultipleChoiceField(
        label=_("needs"),
        choices=ASKED_ABOUT,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Nothing chosen: asked, and no need was found. Nobody is scored."),
    )
    note = words_field(
        _("note"),
        _(
            "Kept sealed. What concerns violence, trafficking or fear is told to a protection officer, and not written here."
        ),
    )


class ReintegrationForm(HourForm):
    """Who is asked to help, for what."""

    hour = "referred_at"
    rows: ClassVar[Rows] = (("organisation",), ("service", "referred_at"), ("note",))
    organisation = forms.ModelChoiceField(
        label=_("organisation"),
        to_field_name="code",
        empty_label="—",
        queryset=Organisation.objects.exclude(
            kind__in=[OrganisationKind.IOM, OrganisationKind.EMBASSY, OrganisationKind.CONSULATE]
        ).order_by("name_en"),
        help_text=_("The person has agreed to be helped by this organisation; the answer is recorded."),
    )
    service = forms.ChoiceField(label=_("for"), choices=ReintegrationService.choices)
    referred_at = hour_field(_("told them"), _("On your own clock."))
    note = words_field(_("note"), _("Kept sealed."))


class ReintegrationAnswerForm(LaidForm):
    """What the organisation answered."""

    said = forms.ChoiceField(label=_("answer"), choices=ReferralAnswer.choices, widget=forms.RadioSelect)
    note = words_field(_("who said so, and what"), _("Kept sealed."))


class ReintegrationStopForm(LaidForm):
    """Who was told that the person took the yes back."""

    note = words_field(_("who was told, and how"), _("Kept sealed."), required=True)


class ReintegrationDoneForm(LaidForm):
    """What came of it."""

    outcome = words_field(_("what came of it"), _("Kept sealed."), required=True)
