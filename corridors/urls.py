"""Addresses of this app."""

from django.urls import URLPattern

app_name = "corridors"
urlpatterns: list[URLPattern] = []
