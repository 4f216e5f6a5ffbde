"""Compiles the translations: `locale/*/LC_MESSAGES/django.po` to `.mo`, with Babel, so that gettext need not be installed."""

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from deploy.local.home import ROOT
from deploy.local.problems import StartError


def compile_all() -> int:
    """Compiles each catalogue that is newer than its result; returns how many. Raises StartError naming file and fault."""
    compiled = 0
    for source in sorted(ROOT.glob("locale/*/LC_MESSAGES/django.po")):
        made = source.with_suffix(".mo")
        if made.exists() and made.stat().st_mtime >= source.stat().st_mtime:
            continue
        try:
            with source.open("rb") as file:
                catalogue = read_po(file, locale=source.parts[-3], abort_invalid=True)
        except (PoFileError, ValueError) as fault:
            raise StartError(f"{source.relative_to(ROOT)} cannot be read: {fault}") from fault
        with made.open("wb") as file:
            write_mo(file, catalogue)
        compiled += 1
    return compiled
