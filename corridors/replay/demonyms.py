"""Countries as lists name their people: "Tajik citizens", «граждане Таджикистана». Plain names: `common.countries`."""

from __future__ import annotations

from common import countries

_PEOPLE = {
    "afghan": "AFG", "armenian": "ARM", "azerbaijani": "AZE", "belarusian": "BLR", "chinese": "CHN", "georgian": "GEO",
    "indian": "IND", "iranian": "IRN", "italian": "ITA", "kazakh": "KAZ", "kazakhstani": "KAZ", "kyrgyz": "KGZ",
    "mongolian": "MNG", "pakistani": "PAK", "russian": "RUS", "south korean": "KOR", "tajik": "TJK", "tajikistani": "TJK",
    "turkish": "TUR", "turkmen": "TKM", "ukrainian": "UKR", "uzbek": "UZB", "uzbekistani": "UZB",
}  # fmt: skip
_ENDINGS = (("стана", "стан"), ("стану", "стан"), ("стане", "стан"), ("и", "я"), ("ы", "а"), ("а", ""))
"""Cases of Russian names of countries, and what each ending stands for in the nominative."""


def country_of(text: str) -> str | None:
    """Give the code of a country by its name, its code, or the word for its people; None where nobody knows it."""
    said = text.strip()
    if (code := countries.find(said)) is not None:
        return code
    plain = said.casefold()
    if plain in _PEOPLE or plain.removesuffix("s") in _PEOPLE:
        return _PEOPLE.get(plain) or _PEOPLE[plain.removesuffix("s")]
    tried = (countries.find(plain.removesuffix(ending) + whole) for ending, whole in _ENDINGS if plain.endswith(ending))
    return next((code for code in tried if code), None)
