"""Addresses of this app."""

from django.urls import path

from corridors.views import corridors, crossings, requirements

app_name = "corridors"
urlpatterns = [
    path("crossings/", crossings.crossing_list, name="crossings"),
    path("crossings/<str:code>/", crossings.crossing, name="crossing"),
    path("requirements/", requirements.requirement_list, name="requirements"),
    path("requirements/<uuid:public_id>/", requirements.requirement, name="requirement"),
    path("corridors/", corridors.corridor_list, name="corridors"),
    path("corridors/<uuid:public_id>/", corridors.corridor, name="corridor"),
]
