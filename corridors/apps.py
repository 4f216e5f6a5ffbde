from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CorridorsConfig(AppConfig):
    name = "corridors"

    def ready(self) -> None:
        from common import inbox, live, navigation

        # models are loaded only now
        from corridors import carried_words, decision_words, message_samples, messages, request_words, stopped_words
        from corridors.places import named_crossings
        from corridors.requests import called_anew, page_of, reaches_request, requests_owed, requests_waiting
        from notifications.enums import LinkPurpose
        from notifications.messages import MessageKind, register
        from partners import explaining, places
        from partners.access import Permission

        explaining.register_route("corridors:own_request", reaches_request)
        places.register_crossings(named_crossings)
        kind, folder, sample = messages.KIND, f"messages/{messages.KIND}", message_samples.requirement_change
        label = _("a requirement changed")
        register(kind, MessageKind(kind, folder, messages.context, label=label, sample=sample, by_interest=True))
        kind, folder, sample = request_words.KIND, f"messages/{request_words.KIND}", message_samples.corridor_request
        label = _("a corridor waits for a decision")
        words = request_words.context
        register(kind, MessageKind(kind, folder, words, LinkPurpose.DECIDE, page_of, label=label, sample=sample))
        kind, folder, sample = decision_words.KIND, f"messages/{decision_words.KIND}", decision_words.sample
        label = _("a party has decided on a corridor")
        register(kind, MessageKind(kind, folder, decision_words.context, label=label, sample=sample))
        kind, folder, sample = carried_words.KIND, f"messages/{carried_words.KIND}", carried_words.sample
        label = _("a decision holds for the next version of a corridor")
        register(kind, MessageKind(kind, folder, carried_words.context, label=label, sample=sample))
        kind, folder, sample = stopped_words.KIND, f"messages/{stopped_words.KIND}", stopped_words.sample
        label = _("a corridor is stopped, or may be used again")
        register(kind, MessageKind(kind, folder, stopped_words.context, label=label, sample=sample))
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
