from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CorridorsConfig(AppConfig):
    name = "corridors"

    def ready(self) -> None:
        from common import inbox, live, navigation
        from corridors import messages, request_words  # models are loaded only now
        from corridors.places import named_crossings
        from corridors.requests import called_anew, page_of, reaches_request, requests_owed, requests_waiting
        from notifications.enums import LinkPurpose
        from notifications.messages import MessageKind, register
        from partners import explaining, places
        from partners.access import Permission

        explaining.register_route("corridors:own_request", reaches_request)
        places.register_crossings(named_crossings)
        register(messages.KIND, MessageKind(messages.KIND, f"messages/{messages.KIND}", messages.context))
        kind, folder = request_words.KIND, f"messages/{request_words.KIND}"
        register(kind, MessageKind(kind, folder, request_words.context, LinkPurpose.DECIDE, page_of))
        navigation.register(
            label=_("Requests"),
            url_name="corridors:own_requests",
            icon="checks",
            permissions=[Permission.DECIDE_REQUESTS],
            rank=42,
            count=requests_owed,
        )
        live.watch("corridors.Approval", called_anew)
        inbox.register(
            "requests",
            label=_("Decisions asked of you"),
            url_name="corridors:own_requests",
            icon="checks",
            permissions=[Permission.DECIDE_REQUESTS],
            rank=20,
            look=requests_waiting,
        )
        for label, name, icon, rank in (
            (_("Requirements"), "requirements", "gavel", 50),
            (_("Corridors"), "corridors", "route", 60),
            (_("Crossings"), "crossings", "barrier-block", 70),
        ):
            navigation.register(
                label=label,
                url_name=f"corridors:{name}",
                icon=icon,
                permissions=[Permission.SEE_REQUIREMENTS],
                rank=rank,
            )
