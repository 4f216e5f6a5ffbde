"""Addresses of this app."""

from django.urls import URLPattern

app_name = "common"
urlpatterns: list[URLPattern] = []
