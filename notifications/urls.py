"""Addresses of this app."""

from django.urls import path

from notifications.views import (
    about,
    calls,
    engine,
    hooks,
    inbox,
    kinds,
    links,
    notices,
    own,
    policies,
    undelivered,
    webhooks,
)

app_name = "notifications"
urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/bell/", inbox.bell, name="bell"),
    path("live/ticket/", inbox.ticket, name="ticket"),
    path("a/<str:token>/", links.link, name="link"),
    path("notices/", notices.alert_list, name="alerts"),
    path("notices/undelivered/", undelivered.undelivered_list, name="undelivered"),
    path("notices/undelivered/<uuid:delivery_id>/again/", undelivered.again, name="again"),
    path("webhooks/", webhooks.webhook_list, name="webhooks"),
    path("webhooks/<uuid:public_id>/", webhooks.webhook_page, name="webhook"),
    path("webhooks/<uuid:public_id>/secret/", webhooks.webhook_rotate, name="webhook_rotate"),
    path("webhooks/<uuid:public_id>/switch/", webhooks.webhook_switch, name="webhook_switch"),
    path("webhooks/<uuid:public_id>/<uuid:post_id>/again/", webhooks.webhook_replay, name="webhook_replay"),
    path("hooks/<slug:kind>/", hooks.hook, name="hook"),
    path("notices/crossings/<str:code>/", about.about_crossing, name="about_crossing"),
    path("notices/kinds/", kinds.kinds_page, name="kinds"),
    path("notices/policies/", policies.policies, name="policies"),
    path("notices/policies/new/", policies.policy_new, name="policy_new"),
    path("notices/policies/<uuid:public_id>/end/", policies.policy_end, name="policy_end"),
    path("notices/mine/", own.own_list, name="own"),
    path("notices/mine/<uuid:notice_id>/", own.own_notice, name="own_notice"),
    path("notices/<uuid:public_id>/", notices.alert_page, name="alert"),
    path("notices/<uuid:public_id>/panel/", notices.alert_panel, name="alert_panel"),
    path("notices/<uuid:public_id>/message/", notices.alert_message, name="alert_message"),
    path("notices/<uuid:public_id>/<uuid:notice_id>/", notices.notice_page, name="notice"),
    path("notices/<uuid:public_id>/<uuid:notice_id>/letter.jpg", notices.letter_scan, name="letter_scan"),
    path("notices/<uuid:public_id>/<uuid:notice_id>/confirm/", notices.confirm, name="confirm"),
    path("engine/", engine.engine, name="engine"),
    path("calls/", calls.calls, name="calls"),
    path("calls/log/", calls.call_log, name="call_log"),
    path("calls/institutions/<slug:code>/", calls.institution, name="institution"),
    path("calls/<uuid:notice_id>/", calls.call, name="call"),
]
