"""Doors for operators: what became of a message. Only what is signed by them is read; to anybody else there is no door."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt

from common import clock, live
from common.audience import Audience, asking
from notifications.incoming import mail, sms, telegram, whatsapp
from notifications.incoming.events import Event, WordError, take
from notifications.waiting import NOTICES
from partners.enums import ChannelKind

LONGEST = 256 * 1024
"""Bytes of one call; a returned mail of ours is far shorter."""
_READERS: dict[str, Callable[..., list[Event]]] = {
    ChannelKind.EMAIL: mail.events_of,
    ChannelKind.SMS: sms.events_of,
    ChannelKind.TELEGRAM: telegram.events_of,
    ChannelKind.WHATSAPP: whatsapp.events_of,
}


@csrf_exempt  # the signature of the operator is the proof, and it is asked before anything is read
def hook(request: HttpRequest, kind: str) -> HttpResponse:
    """Takes what an operator says. Unknown and repeated words are answered alike, so that nobody learns what we sent."""
    if kind not in _READERS:
        raise Http404
    if request.method == "GET" and kind == ChannelKind.WHATSAPP and "hub.challenge" in request.GET:
        return _prove(request.GET)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if int(request.headers.get("Content-Length") or 0) > LONGEST:
        return HttpResponse(status=413)
    url = f"{settings.PUBLIC_ADDRESS}{request.get_full_path()}"
    try:
        events = _READERS[kind](request.read(LONGEST), request.headers, url=url)
    except WordError as error:
        raise Http404 from error
    with asking(Audience.task("provider_events")):
        if take(events, at=clock.now(), real_at=clock.real_now()):
            live.tell(NOTICES)
    return HttpResponse(status=200, content_type="text/plain")


def _prove(asked: Mapping[str, str]) -> HttpResponse:
    """WhatsApp asks once whether the address is ours."""
    try:
        return HttpResponse(whatsapp.challenge_of(asked), content_type="text/plain")
    except WordError as error:
        raise Http404 from error
