"""Addresses of this app."""

from django.urls import path

from partners.views import directory, oversight

app_name = "partners"
urlpatterns = [
    path("acts/", oversight.acts, name="acts"),
    path("acts/looks/", oversight.looks, name="looks"),
    path("organisations/", directory.organisation_list, name="organisations"),
    path("organisations/<uuid:public_id>/", directory.organisation, name="organisation"),
]
