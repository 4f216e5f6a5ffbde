"""What the browser is forbidden, and how much anybody may ask of us: the fixed part of the armour around every page.

What an operator may change of it comes from the environment, in `config/settings.py`.
"""

from typing import Any
from urllib.parse import urlsplit

FORBIDDEN = (
    "accelerometer", "autoplay", "bluetooth", "browsing-topics", "camera", "clipboard-read", "display-capture",
    "encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope", "hid", "identity-credentials-get",
    "idle-detection", "keyboard-map", "local-fonts", "magnetometer", "microphone", "midi", "otp-credentials",
    "payment", "picture-in-picture", "screen-wake-lock", "serial", "storage-access", "sync-xhr", "usb", "web-share",
    "window-management", "xr-spatial-tracking",
)  # fmt: skip
OWN = ("clipboard-write", "publickey-credentials-create", "publickey-credentials-get")
"""What our own pages use: copying a link, and passkeys."""
PERMISSIONS_POLICY: dict[str, list[str]] = {**{name: [] for name in FORBIDDEN}, **{name: ["self"] for name in OWN}}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'", "blob:"],
        "manifest-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}


def policy(*, listening_at: str, public: str) -> dict[str, Any]:
    """The policy; a page may ask the live process too where no door gives that the origin of the pages."""
    own, other = urlsplit(public), urlsplit(listening_at)
    if not other.netloc or (other.scheme, other.netloc) == (own.scheme, own.netloc):
        return CONTENT_SECURITY_POLICY
    directives = CONTENT_SECURITY_POLICY["DIRECTIVES"]
    asked = [*directives["connect-src"], f"{other.scheme}://{other.netloc}"]
    return {"DIRECTIVES": {**directives, "connect-src": asked}}


LIMITS: dict[str, tuple[int, int]] = {
    "link": (60, 60),  # one signed link, whoever holds it
    "wrong_link": (30, 600),  # links that open nothing, from one address
    "wrong_token": (30, 60),  # tokens of the API that open nothing, from one address
    "search": (60, 60),  # looking people up, one account
    "search_day": (1500, 86_400),
    "elsewhere": (10, 3600),  # asking whether another office knows somebody
    "elsewhere_day": (40, 86_400),
    "export": (60, 600),  # files that leave the house, one account
    "emergency": (10, 3600),  # cases asked for beyond one's reach, one account
    "upload": (30, 600),  # lists read, one account
}
"""How many times in how many seconds; `common.limits` counts them by name."""

PASSWORD_RATES = {"reset_password": "20/h/ip,5/h/key", "reset_password_from_key": "20/m/ip"}
"""Mails with a way to a new password, in the words of the sign-in library."""


def limits(changed: list[str]) -> dict[str, tuple[int, int]]:
    """The limits with those that an operator changed: `search=120/60` is 120 in 60 seconds. Raises ValueError."""
    merged = dict(LIMITS)
    for said in changed:
        name, _, rate = said.partition("=")
        most, _, seconds = rate.partition("/")
        if name not in LIMITS or not most.isdecimal() or not seconds.isdecimal():
            known = ", ".join(LIMITS)
            raise ValueError(f"RATE_LIMITS: {said} is not NAME=TIMES/SECONDS with a name of: {known}.")
        merged[name] = (int(most), int(seconds))
    return merged


def static_file(headers: Any, path: str, url: str) -> None:
    """What a file of ours says besides its content (WhiteNoise asks): no other site may embed it."""
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
