"""Addresses of this app."""

from django.urls import path

from common import views

app_name = "common"
urlpatterns = [
    path("ui/", views.gallery, name="gallery"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("robots.txt", views.robots, name="robots"),
    path("count-worker.js", views.count_worker, name="count_worker"),
]
