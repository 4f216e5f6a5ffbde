"""How sign-in differs from the library's default: nobody opens an account for themselves."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]  # the library carries no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
