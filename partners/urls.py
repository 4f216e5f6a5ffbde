"""Addresses of this app."""

from django.urls import path

from partners import views

app_name = "partners"
urlpatterns = [
    path("acts/", views.acts, name="acts"),
    path("acts/looks/", views.looks, name="looks"),
    path("organisations/", views.organisation_list, name="organisations"),
    path("organisations/<uuid:public_id>/", views.organisation, name="organisation"),
]
