"""The signed page: GET shows, POST acts. No account, no script, nothing kept by the browser."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from common import clock, languages, limits
from common.actors import Actor
from common.audience import announce
from common.enums import ActorKind
from common.signed_pages import leaves_no_trace
from notifications import messages
from notifications.acknowledgements import AnswerError, acknowledge, confirm_action, object_to
from notifications.enums import AnsweredBy, LinkPurpose, NoticeState
from notifications.forms import AnswerForm, ObjectionForm
from notifications.links import LinkError, OpenedLink, holder, open_link
from notifications.models import Acknowledgement


def closed(request: HttpRequest, refusal: LinkError, *, language: str) -> HttpResponse:
    """The page behind a link that opens nothing: in `language` if it was wished, else in that of the link."""
    with translation.override(language or refusal.language or translation.get_language()):
        said = {"sentence": refusal.sentence, "gone": refusal.gone}
        return render(request, "notifications/link_closed.html", said, status=410 if refusal.gone else 404)


def open_seldom(request: HttpRequest, token: str, *, purpose: LinkPurpose, at: datetime) -> OpenedLink:
    """Opens a link, but nobody tries many: one link so often a minute, wrong ones so often from one address.

    Raises LinkError, and TooManyError beyond the limits; an address that tried wrong ones may still open a right one.
    """
    limits.count("link", token)
    try:
        return open_link(token, purpose=purpose, at=at)
    except LinkError as refusal:
        if not refusal.gone:
            limits.count("wrong_link", limits.address_of(request))
        raise


@leaves_no_trace
@never_cache
@csrf_exempt  # the token in the address is the only proof, and a browser that sends no referrer could not pass the check
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind a signed link, in the link's language or the one chosen with `?lang=`."""
    at, chosen = clock.now(), languages.wished(request)
    announce(holder(token))
    try:
        opened = open_seldom(request, token, purpose=LinkPurpose.ACKNOWLEDGE, at=at)
    except LinkError as refusal:
        return closed(request, refusal, language=chosen)
    announce(opened.audience(at=at))
    with translation.override(chosen or opened.delivery.language):
        page = LinkPage(opened, token)
        if request.method == "POST" and page.act(request, at=at):
            return HttpResponseRedirect(page.address + (f"?lang={chosen}" if chosen else ""))
        return page.response(request)


class LinkPage:
    """What one opened link shows, and what its buttons do."""

    def __init__(self, opened: OpenedLink, token: str) -> None:
        self.opened = opened
        self.address = reverse("notifications:link", args=[token])
        self.answer = AnswerForm(initial={"function": opened.delivery.contact.function})
        self.objection = ObjectionForm()
        self.refused = ""
        self.status = 200

    def act(self, request: HttpRequest, *, at: datetime) -> bool:
        """Does what the button says; says whether it is done. What cannot be done is said on the page, with 400."""
        acts = {"acknowledge": self._acknowledge, "told": self._acknowledge, "confirm": self._confirm}
        act = {**acts, "object": self._object}.get(request.POST.get("act", ""))
        try:
            if act is None:
                raise AnswerError("", _("Use one of the buttons on the page."))  # noqa: TRY301
            if self.opened.newer is not None:
                raise AnswerError("", _("A newer version has replaced this notice; answer that one."))  # noqa: TRY301
            if act(request, at):
                return True
        except AnswerError as refusal:
            self.refused = refusal.sentence
        self.status = 400
        return False

    def _acknowledge(self, request: HttpRequest, at: datetime) -> bool:
        told = request.POST["act"] == "told"
        first = Acknowledgement.objects.filter(notice=self.opened.notice).first()
        self.answer = AnswerForm(request.POST)
        if first is None and not self.answer.is_valid():
            return False
        name, function = (first.name, first.function) if first else self.answer.cleaned_data.values()
        acknowledge(
            notice=self.opened.notice,
            name=name,
            function=function,
            answered_by=AnsweredBy.LINK,
            action_confirmed=told,
            by=self._actor(name),
            at=at,
        )
        return True

    def _confirm(self, request: HttpRequest, at: datetime) -> bool:
        confirm_action(notice=self.opened.notice, by=self._actor(), at=at)
        return True

    def _object(self, request: HttpRequest, at: datetime) -> bool:
        self.objection = ObjectionForm(request.POST)
        if not self.objection.is_valid():
            return False
        object_to(notice=self.opened.notice, text=self.objection.cleaned_data["text"], by=self._actor(), at=at)
        return True

    def _actor(self, name: str = "") -> Actor:
        """Whoever holds the link of this desk, for its organisation."""
        organisation = self.opened.notice.organisation
        printed = name or f"{self.opened.delivery.contact.function}, {organisation.name_en}"
        ref = str(self.opened.delivery.public_id)
        return Actor(ActorKind.LINK, ref, printed, organisation_ref=organisation.code)

    def response(self, request: HttpRequest) -> HttpResponse:
        return render(request, "notifications/link.html", self.context(), status=self.status)

    def context(self) -> dict[str, Any]:
        notice, newer = self.opened.notice, self.opened.newer
        shown = newer or notice
        language = translation.get_language() or "en"
        return {
            **messages.context_of(shown.alert, language, head_count=shown.head_count),
            "message": messages.render(shown.alert, language, head_count=shown.head_count),
            "old": notice if newer else None,
            "old_version": notice.alert.context.get("version"),
            "organisation": shown.organisation.name_in(language),
            "acknowledgement": Acknowledgement.objects.filter(notice=shown).first(),
            "objections": list(notice.objections.order_by("at")),
            "may_answer": newer is None and notice.state == NoticeState.OWED,
            "answer": self.answer,
            "objection": self.objection,
            "refused": self.refused,
            "expires_at": self.opened.link.expires_at,
            "paper_languages": languages.choices(self.address),
        }
