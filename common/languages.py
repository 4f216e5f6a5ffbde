"""The language of a page: for Babel, and as a choice on pages for people without an account."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from babel import Locale, UnknownLocaleError
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language


def babel_locale() -> Locale:
    """The language of the page for Babel; English where Babel does not know it."""
    try:
        return Locale.parse((get_language() or "en").replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def wished(request: HttpRequest) -> str:
    """The language that `?lang=` asks for, or nothing where it names none of ours."""
    code = request.GET.get("lang", "")
    return code if code in dict(settings.LANGUAGES) else ""


def choices(address: str, **asked: str) -> list[dict[str, Any]]:
    """The languages of a page as links to it, for `paper_languages` of templates/base_paper.html.

    `asked` is what else the address asks for and keeps; empty values are left out.
    """
    current = get_language() or "en"
    kept = "".join(f"&{urlencode({name: value})}" for name, value in asked.items() if value)
    return [
        {"code": code, "name": name, "url": f"{address}?lang={code}{kept}", "current": code == current}
        for code, name in settings.LANGUAGES
    ]
