"""The signed page of a request: GET shows, POST decides, and later suspends or withdraws.

No account, no script, nothing kept by the browser.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from common import clock, languages
from common.actors import Actor
from common.audience import announce
from common.enums import ActorKind
from common.forms import blaming
from common.signed_pages import leaves_no_trace
from corridors.approvals import decide
from corridors.carrying import reasons_in_words
from corridors.enums import ApprovalState, PartyWordKind
from corridors.forms import DecisionForm, WordForm
from corridors.models import Approval
from corridors.party_words import say
from corridors.requests import carried_notice, request_behind, words_left
from corridors.terms import own_terms_in_words
from corridors.windows import zones_meant
from notifications import messages
from notifications.enums import AnsweredBy, LinkPurpose
from notifications.links import LinkError, OpenedLink, holder
from notifications.views.links import closed, open_seldom

NO_REQUEST = _("Nothing waits behind this link. Ask the office that sent it for a new one.")


@leaves_no_trace
@never_cache
@csrf_exempt  # the token in the address is the only proof, and a browser that sends no referrer could not pass the check
@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind a link that decides, in the link's language or the one chosen with `?lang=`."""
    at, chosen = clock.now(), languages.wished(request)
    announce(holder(token))
    try:
        opened = open_seldom(request, token, purpose=LinkPurpose.DECIDE, at=at)
        announce(opened.audience(at=at))
        asked = _request_of(opened)
    except LinkError as refusal:
        return closed(request, refusal, language=chosen)
    with translation.override(chosen or opened.delivery.language):
        own = reverse("corridors:decision", args=[token])
        sent = request.POST if request.method == "POST" else None
        left = [] if opened.newer else words_left(asked, at=at)
        form = _form(sent, asked, opened, left)
        if request.method == "POST" and form.is_valid() and _done(form, asked, opened, at=at):
            return HttpResponseRedirect(own + (f"?lang={chosen}" if chosen else ""))
        page = _page(opened, asked, form, own, at=at) | {"words_left": left}
        return render(request, "corridors/decision.html", page, status=422 if form.errors else 200)


def _request_of(opened: OpenedLink) -> Approval:
    """The request of this link's organisation about this link's version. Raises LinkError."""
    asked = request_behind(opened.link.subject, opened.notice.organisation)
    if asked is None:
        raise LinkError(NO_REQUEST, gone=True, language=opened.delivery.language)
    return asked


def _form(sent: Any, asked: Approval, opened: OpenedLink, left: list[str]) -> DecisionForm | WordForm:
    """The form that the page offers, or the one that was sent."""
    initial = {"function": opened.delivery.contact.function}
    if left if sent is None else "kind" in sent:
        return WordForm(sent, words=left or list(PartyWordKind.values), initial=initial)
    return DecisionForm(sent, initial=initial, zone=asked.version.zone)


def _done(form: DecisionForm | WordForm, asked: Approval, opened: OpenedLink, *, at: datetime) -> bool:
    """Decides or speaks for whoever holds the link of this desk; a refusal stands on the page and changes nothing."""
    said, organisation = form.said(), opened.notice.organisation
    by = Actor(ActorKind.LINK, str(opened.delivery.public_id), said["name"], organisation_ref=organisation.code)
    with blaming(form):
        if isinstance(form, WordForm):
            say(approval=asked, **said, said_how=AnsweredBy.LINK, by=by, at=at)
        else:
            decide(approval=asked, **said, decided_how=AnsweredBy.LINK, by=by, at=at)
        return True
    return False


def _page(
    opened: OpenedLink, asked: Approval, form: DecisionForm | WordForm, own: str, *, at: datetime
) -> dict[str, Any]:
    shown = opened.newer or carried_notice(asked) or opened.notice
    language = translation.get_language() or "en"
    return {
        **messages.context_of(shown.alert, language),
        "message": messages.render(shown.alert, language),
        "old": opened.notice if opened.newer else None,
        "old_version": opened.notice.alert.context.get("version"),
        "organisation": opened.notice.organisation.name_in(language),
        "asked_of": asked,
        "decided": asked.state != ApprovalState.ASKED,
        "answer_words": ApprovalState(asked.state).label,
        "decided_on": asked.carried_from.version.number if asked.carried_from else None,
        "reopened": reasons_in_words(asked.reopened),
        "own_terms": own_terms_in_words(asked, zones_meant(asked.version)),
        "said": asked.words.all(),
        "is_over": asked.answer_by <= at and asked.state == ApprovalState.ASKED,
        "form": form,
        "expires_at": opened.link.expires_at,
        "paper_languages": languages.choices(own),
    }
