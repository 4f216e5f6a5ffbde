"""How the sign-in library speaks to an organisation's provider: to public addresses alone, without following redirects.

A provider names further addresses of its own, for keys and tokens; none of them may lead into our network.
"""

from __future__ import annotations

from typing import Any

from authlib.integrations.django_client import DjangoOAuth2App, OAuth
from authlib.integrations.requests_client import OAuth2Session

from common.egress import PublicAddressesOnly


class GuardedSession(OAuth2Session):  # type: ignore[misc]  # the library carries no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.trust_env = False
        for scheme in ("https://", "http://"):
            self.mount(scheme, PublicAddressesOnly())

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        kwargs["allow_redirects"] = False
        return super().request(method, url, *args, **kwargs)


class GuardedApp(DjangoOAuth2App):  # type: ignore[misc]  # the same
    client_cls = GuardedSession


class Registry(OAuth):  # type: ignore[misc]  # the same
    """The registry of the library, whose every client is guarded."""

    oauth2_client_cls = GuardedApp
