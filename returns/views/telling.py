"""Read out to the group what changed and what happens next, and write down that it was heard."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from common import clock
from migrants.heads import heads_of
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import telling
from returns.models import GroupTold
from returns.views.group_head import head_of, visible_group

NAMES = dict(settings.LANGUAGES)


class ToldForm(forms.Form):
    """In which languages it was read out, and how many heard it."""

    languages = forms.MultipleChoiceField(
        label=gettext_lazy("read out in"),
        choices=[(code, NAMES[code]) for code in telling.LANGUAGES],
        widget=forms.CheckboxSelectMultiple,
        initial=list(telling.LANGUAGES[:2]),
    )
    people_told = forms.IntegerField(label=gettext_lazy("how many heard it"), min_value=1, max_value=100_000)


@require_http_methods(["GET", "POST"])
@door(Permission.SEE_GROUPS)
def group_tell(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The text in the languages of the group, large enough to read by torchlight; it names no person."""
    group, at = visible_group(request.viewer, public_id), clock.now()
    version = telling.latest_change_for(group)
    form = ToldForm(request.POST or None, initial={"people_told": heads_of([group.pk])[group.pk].present or None})
    if request.method == "POST" and version is not None and form.is_valid():
        try:
            with transaction.atomic():
                telling.record_told(group=group, version=version, **form.cleaned_data, by=request.viewer.actor, at=at)
        except telling.TellingError as error:
            form.add_error(error.field, error.sentence)
        else:
            messages.success(request, _("Written down: the group has been told."))
            return redirect("returns:group_tell", group.public_id)
    told = GroupTold.objects.filter(group=group).select_related("version").order_by("-told_at")[:20]
    context = {
        **head_of(group, viewer=request.viewer, at=at, tab="readiness"),
        "version": version,
        "texts": [
            {"language": text.language, "name": NAMES[text.language], "text": text.text}
            for text in (telling.texts_for(version) if version else [])
        ],
        "told": [{"row": row, "languages": ", ".join(NAMES[code] for code in row.languages)} for row in told],
        "form": form,
    }
    return render(request, "returns/telling/group.html", context, status=422 if form.errors else 200)
