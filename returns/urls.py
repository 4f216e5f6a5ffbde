"""Addresses of this app."""

from django.urls import path

from returns.views import counts, groups

app_name = "returns"
urlpatterns = [
    path("groups/", groups.group_list, name="groups"),
    path("groups/new/", groups.group_new, name="group_new"),
    path("groups/count/", counts.count, name="count"),
    path("groups/<uuid:public_id>/", groups.group, name="group"),
    path("groups/<uuid:public_id>/families/", groups.group_families, name="group_families"),
    path("groups/<uuid:public_id>/needs/", groups.group_needs, name="group_needs"),
    path("groups/<uuid:public_id>/timeline/", groups.group_timeline, name="group_timeline"),
    path("groups/<uuid:public_id>/close/", groups.group_close, name="group_close"),
]
