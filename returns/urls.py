"""Addresses of this app."""

from django.urls import path

from returns.views import board, cases, changes, counts, funding, groups, plans, readiness, telling

app_name = "returns"
urlpatterns = [
    path("", board.board, name="board"),
    path("board/panel/", board.board_panel, name="board_panel"),
    path("cases/", cases.case_list, name="case_list"),
    path("groups/", groups.group_list, name="groups"),
    path("groups/new/", groups.group_new, name="group_new"),
    path("groups/count/", counts.count, name="count"),
    path("groups/<uuid:public_id>/", groups.group, name="group"),
    path("groups/<uuid:public_id>/families/", groups.group_families, name="group_families"),
    path("groups/<uuid:public_id>/needs/", groups.group_needs, name="group_needs"),
    path("groups/<uuid:public_id>/timeline/", groups.group_timeline, name="group_timeline"),
    path("groups/<uuid:public_id>/close/", groups.group_close, name="group_close"),
    path("groups/<uuid:public_id>/readiness/", readiness.group_readiness, name="group_readiness"),
    path("groups/<uuid:public_id>/cases/", readiness.group_open_cases, name="group_open_cases"),
    path("groups/<uuid:public_id>/plan/", plans.group_plan, name="group_plan"),
    path("groups/<uuid:public_id>/waivers/new/", plans.group_waive, name="group_waive"),
    path("groups/<uuid:public_id>/tell/", telling.group_tell, name="group_tell"),
    path("groups/<uuid:public_id>/needs/ask/", funding.need_ask, name="need_ask"),
    path("groups/<uuid:public_id>/needs/new/", funding.need_new, name="need_new"),
    path("changes/new/", changes.change_new, name="change_new"),
    path("changes/<uuid:public_id>/", changes.change, name="change"),
    path("changes/<uuid:public_id>/publish/", changes.change_publish, name="change_publish"),
    path("changes/<uuid:public_id>/again/", changes.change_again, name="change_again"),
    path("needs/", funding.need_list, name="needs"),
    path("needs/<uuid:public_id>/", funding.need, name="need"),
    path("needs/<uuid:public_id>/close/", funding.need_close, name="need_close"),
]
