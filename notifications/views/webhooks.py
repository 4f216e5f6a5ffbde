"""Subscriptions of organisations' systems to their alerts: open one, exchange its secret, read its log, send again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages as flash
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common import clock
from common.forms import blaming
from notifications.forms import SubscriptionForm
from notifications.models import WebhookPost, WebhookSubscription
from notifications.webhooks.posts import ReplayError, attempts_of, replay
from notifications.webhooks.subscriptions import rotate, subscribe, switch
from partners.access import Permission
from partners.doors import SignedInRequest, door

PAGE = 50


@never_cache  # a new secret is shown once, on the page that answers the form
@require_http_methods(["GET", "POST"])
@door(Permission.MANAGE_DIRECTORY)
def webhook_list(request: SignedInRequest) -> HttpResponse:
    """Every subscription, and a form for another."""
    form = SubscriptionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with blaming(form):
            row, secret = subscribe(**form.cleaned_data, by=request.viewer.actor, at=clock.now())
            return _page(request, row, secret=secret)
    rows = WebhookSubscription.objects.select_related("organisation").order_by("organisation__name_en", "pk")
    page = {"rows": rows, "form": form, "zones": list(request.viewer.zones) or ["UTC"]}
    return render(request, "notifications/webhooks.html", page, status=400 if form.errors else 200)


@require_GET
@door(Permission.MANAGE_DIRECTORY)
def webhook_page(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """One subscription with its log."""
    return _page(request, _subscription(public_id))


@never_cache
@require_POST
@door(Permission.MANAGE_DIRECTORY)
def webhook_rotate(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """A new secret, shown once; for a day both sign."""
    row = _subscription(public_id)
    secret = rotate(subscription=row, by=request.viewer.actor, at=clock.now(), real_at=clock.real_now())
    return _page(request, _subscription(public_id), secret=secret)


@require_POST
@door(Permission.MANAGE_DIRECTORY)
def webhook_switch(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """On or off."""
    on = request.POST.get("on") == "yes"
    switch(subscription=_subscription(public_id), on=on, by=request.viewer.actor, at=clock.now())
    return redirect("notifications:webhook", public_id)


@require_POST
@door(Permission.MANAGE_DIRECTORY)
def webhook_replay(request: SignedInRequest, public_id: UUID, post_id: UUID) -> HttpResponse:
    """One post once more."""
    post = get_object_or_404(WebhookPost, subscription__public_id=public_id, public_id=post_id)
    try:
        replay(post=post, by=request.viewer.actor, at=clock.now(), real_at=clock.real_now())
    except ReplayError as refusal:
        flash.error(request, refusal.sentence)
    else:
        flash.success(request, _("It is sent once more, with the same id."))
    return redirect("notifications:webhook", public_id)


def _subscription(public_id: UUID) -> WebhookSubscription:
    return get_object_or_404(WebhookSubscription.objects.select_related("organisation"), public_id=public_id)


def _page(request: SignedInRequest, row: WebhookSubscription, *, secret: str = "") -> HttpResponse:
    posts = list(row.posts.select_related("alert").order_by("-pk")[:PAGE])
    tried = attempts_of(posts)
    page = {
        "row": row,
        "secret": secret,
        "posts": [{"post": post, "attempts": tried.get(post.public_id, [])} for post in posts],
        "zones": list(request.viewer.zones) or ["UTC"],
    }
    return render(request, "notifications/webhook.html", page)
