"""Every address of the product, by app. Each app keeps its own list in `urls.py`."""

from django.urls import include, path

from config.health import healthz, readyz

handler400 = "common.headers.bad_request"
urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("accounts/", include("accounts.urls")),
    path("api/", include("config.api")),
    path("", include("common.urls")),
    path("", include("partners.urls")),
    path("", include("notifications.urls")),
    path("", include("corridors.urls")),
    path("", include("returns.urls")),
]
