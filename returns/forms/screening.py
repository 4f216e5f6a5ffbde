"""Forms of the closed room for screening and referrals."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from migrants.enums import ProtectionNeed, ReferralAnswer, ScreeningStage, Service
from partners.models import Organisation
from returns.forms.laboratory import hour_field
from returns.forms.laid import HourForm, LaidForm

SEALED = _("Only protection officers can read it.")


class ScreeningForm(HourForm):
    """When, what the person needs, and what was said."""

    hour = "screened_at"
    rows = (("stage",), ("needs",), ("screened_at", "interpreter"), ("note",))
    stage = forms.ChoiceField(label=_("when"), choices=ScreeningStage.choices, widget=forms.RadioSelect)
    needs = forms.MultipleChoiceField(
        label=_("needs"),
        choices=ProtectionNeed.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Nothing chosen: asked, and no need was found. Nobody is scored."),
    )
    screened_at = hour_field(_("held"), _("Local time at the side where they wait."))
    interpreter = forms.CharField(label=_("interpreter"), max_length=120, required=False)
    note = forms.CharField(
        label=_("note"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text=SEALED
    )


class ReferralForm(HourForm):
    """To whom, for what, and why."""

    hour = "referred_at"
    rows = (("organisation",), ("service", "referred_at"), ("reason",))
    organisation = forms.ModelChoiceField(
        label=_("referred to"), to_field_name="code", queryset=Organisation.objects.order_by("name_en")
    )
    service = forms.ChoiceField(label=_("for"), choices=Service.choices)
    referred_at = hour_field(_("referred"), _("Local time at the side where they wait."))
    reason = forms.CharField(
        label=_("why"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}), help_text=SEALED
    )


class AnswerReferralForm(LaidForm):
    """What the organisation answered."""

    answer = forms.ChoiceField(label=_("answer"), choices=ReferralAnswer.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("who said so, and what"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=SEALED,
    )


class CloseReferralForm(LaidForm):
    """What came of it."""

    outcome = forms.CharField(
        label=_("what came of it"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}), help_text=SEALED
    )
