"""Addresses of this app."""

from django.urls import path

from notifications.views import links

app_name = "notifications"
urlpatterns = [
    path("a/<str:token>/", links.link, name="link"),
]
