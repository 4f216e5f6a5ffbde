"""Organisations that sign their own people in: the settings of their OpenID Connect providers, and the protocol.

The protocol is authlib's. It is imported only when somebody comes that way, because few do and it takes memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponseRedirect

SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
"""Signatures with a key that the provider alone has. A shared secret, or none, proves nothing here."""
SECONDS = 10


class ProviderError(Exception):
    """A sign-in that the provider did not prove; `reason` is for the audit and holds nothing personal."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Provider:
    """Of one organisation, by its code in the directory. `acr` are the classes that mean a second factor there."""

    code: str
    name: str
    issuer: str
    client_id: str
    client_secret: str
    acr: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proven:
    """What a provider proved: who it is there for good, the address it has verified, and whether it asked for more."""

    issuer: str
    subject: str
    email: str
    has_second_factor: bool


def providers() -> dict[str, Provider]:
    """Every provider of the setting SINGLE_SIGN_ON, by the code of its organisation. Raises ImproperlyConfigured."""
    return {code: _provider(code, given) for code, given in settings.SINGLE_SIGN_ON.items()}


def _provider(code: str, given: Any) -> Provider:
    missing = [name for name in ("name", "issuer", "client_id", "client_secret") if not dict(given).get(name)]
    if missing:
        raise ImproperlyConfigured(f"SINGLE_SIGN_ON says nothing of {', '.join(missing)} for {code}.")
    address = urlsplit(given["issuer"])
    if address.scheme != "https" and address.hostname not in settings.EGRESS_ALLOWED:
        raise ImproperlyConfigured(f"The issuer of {code} in SINGLE_SIGN_ON must begin with https://.")
    return Provider(code, given["name"], given["issuer"].rstrip("/"), given["client_id"], given["client_secret"],
                    tuple(given.get("acr", ())))  # fmt: skip


def begin(request: HttpRequest, provider: Provider, *, back: str) -> HttpResponseRedirect:
    """Sends the browser to the provider, with a state, a nonce and a proof key that this session alone knows.

    Raises ProviderError where the provider does not answer.
    """
    try:
        answer: HttpResponseRedirect = _client(provider).authorize_redirect(request, back)
    except _expected() as error:
        raise ProviderError(f"begin: {type(error).__name__}") from error
    return answer


def finish(request: HttpRequest, provider: Provider) -> Proven:
    """Reads what the browser brought back and what the provider says of it. Raises ProviderError for anything amiss.

    Checked are state, nonce, proof key, signature, issuer, audience and hours; a state serves once.
    """
    options = {
        "iss": {"essential": True, "values": [provider.issuer, f"{provider.issuer}/"]},
        "aud": {"essential": True, "value": provider.client_id},
    }
    try:
        token = _client(provider).authorize_access_token(request, claims_options=options)
    except _expected() as error:
        raise ProviderError(f"finish: {type(error).__name__}") from error
    claims = token.get("userinfo")
    if not claims or not claims.get("sub"):
        raise ProviderError("finish: no identity")
    if claims.get("email_verified") is not True or not claims.get("email"):
        raise ProviderError("finish: e-mail not verified")
    by_more = "mfa" in (claims.get("amr") or ()) or claims.get("acr") in provider.acr
    return Proven(provider.issuer, str(claims["sub"]), str(claims["email"]), by_more)


def _client(provider: Provider) -> Any:
    from accounts.provider_sessions import Registry  # noqa: PLC0415  # see above

    client = Registry().register(
        provider.code,
        server_metadata_url=f"{provider.issuer}/.well-known/openid-configuration",
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        client_kwargs={"scope": "openid email", "code_challenge_method": "S256", "default_timeout": SECONDS},
    )
    try:
        known = client.load_server_metadata()
    except _expected() as error:
        raise ProviderError(f"settings: {type(error).__name__}") from error
    if str(known.get("issuer", "")).rstrip("/") != provider.issuer:
        raise ProviderError("settings: another issuer")
    known["id_token_signing_alg_values_supported"] = [
        name for name in known.get("id_token_signing_alg_values_supported", ["RS256"]) if name in SIGNATURES
    ]
    return client


def _expected() -> tuple[type[Exception], ...]:
    """What goes wrong when a provider is away, answers nonsense, or somebody tries something."""
    from authlib.common.errors import AuthlibBaseError  # noqa: PLC0415
    from joserfc.errors import JoseError  # noqa: PLC0415
    from requests import RequestException  # noqa: PLC0415

    return AuthlibBaseError, JoseError, RequestException, ValueError, KeyError, RuntimeError
