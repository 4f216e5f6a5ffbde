"""Sign-in. Only these pages of the sign-in library exist; nobody opens an account for themselves."""

from allauth.account import views
from django.urls import path, re_path

from common.headers import forgotten_by_the_browser

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", forgotten_by_the_browser(views.logout), name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(  # the key has hyphens of its own: only the first one separates
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
]
