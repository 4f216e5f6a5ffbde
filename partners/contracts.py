"""With which operators this house has a contract (the setting CHANNELS, one entry for each kind), and who is reached by it."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings

from partners.enums import ChannelKind

NEEDED: dict[str, tuple[str, ...]] = {
    ChannelKind.SMS: ("url", "account", "token", "sender"),
    ChannelKind.TELEGRAM: ("url", "token"),
    ChannelKind.WHATSAPP: ("url", "number", "token", "template"),
}
"""What an entry must say before anything is sent over it."""
WITHOUT_CONTRACT = (ChannelKind.EMAIL, ChannelKind.WEBHOOK)
"""E-mail has a setting of its own; a webhook goes to whoever gave us its address."""


def access_to(kind: str) -> Mapping[str, str]:
    """What CHANNELS says of a kind; empty where it says nothing."""
    return settings.CHANNELS.get(kind) or {}


def usable_kinds() -> list[str]:
    """The kinds over which a written message can go now."""
    contracted = [kind for kind, names in NEEDED.items() if all(access_to(kind).get(name) for name in names)]
    return [*(kind.value for kind in WITHOUT_CONTRACT), *(str(kind) for kind in contracted)]


def kinds_that_reach() -> list[str]:
    """The kinds over which a notice reaches a human now, without anybody calling: a webhook informs nobody."""
    return [kind for kind in usable_kinds() if kind != ChannelKind.WEBHOOK]
