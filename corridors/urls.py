"""Addresses of this app."""

from django.urls import path

from corridors.views import (
    attachments,
    corridors,
    crossings,
    decisions,
    feeds,
    public_rules,
    requests,
    requirements,
    versions,
)

app_name = "corridors"
urlpatterns = [
    path("crossings/", crossings.crossing_list, name="crossings"),
    path("crossings/<str:code>/", crossings.crossing, name="crossing"),
    path("requirements/", requirements.requirement_list, name="requirements"),
    path("requirements/<uuid:public_id>/", requirements.requirement, name="requirement"),
    path("requirements/attachments/<uuid:public_id>.jpg", attachments.attachment, name="attachment"),
    path("corridors/", corridors.corridor_list, name="corridors"),
    path("corridors/new/", corridors.corridor_new, name="corridor_new"),
    path("corridors/<slug:code>/", corridors.corridor, name="corridor"),
    path("corridors/<slug:code>/versions/new/", versions.version_new, name="version_new"),
    path("corridors/<slug:code>/versions/<int:number>/", versions.version_edit, name="version_edit"),
    path("corridors/<slug:code>/versions/<int:number>/ask/", versions.version_ask, name="version_ask"),
    path("corridors/<slug:code>/versions/<int:number>/suspend/", versions.version_suspend, name="version_suspend"),
    path("corridors/<slug:code>/versions/<int:number>/resume/", versions.version_resume, name="version_resume"),
    path("corridors/<slug:code>/decisions/<uuid:public_id>/", requests.decision_on_behalf, name="decision_on_behalf"),
    path("corridors/<slug:code>/scans/<uuid:public_id>.jpg", requests.decision_scan, name="decision_scan"),
    path("requests/", requests.own_list, name="own_requests"),
    path("requests/<uuid:public_id>/", requests.own_request, name="own_request"),
    path("rules/", public_rules.crossing_rules, name="crossing_rules"),
    path("rules/schema.json", public_rules.rule_schema, name="rule_schema"),
    path("rules/changes/<uuid:public_id>.cap", public_rules.change_alert, name="change_alert"),
    path("rules/attachments/<uuid:public_id>.jpg", attachments.public_attachment, name="public_attachment"),
    path("rules/countries/<str:country>.atom", feeds.country_feed, name="country_feed"),
    path("rules/<str:code>.atom", feeds.crossing_feed, name="crossing_feed"),
    path("rules/<str:code>/<str:from_country>/<str:to_country>/", public_rules.way_rules, name="way_rules"),
    path("d/<str:token>/", decisions.decision, name="decision"),
]
