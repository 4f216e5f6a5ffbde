"""Every address of the product, by app. Each app keeps its own list in `urls.py`."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
]
