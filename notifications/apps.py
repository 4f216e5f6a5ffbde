from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        from common import navigation
        from notifications.counts import calls_waiting, notices_owed, own_notices_owed
        from notifications.readers import reaches_notice
        from partners import explaining
        from partners.access import Permission

        explaining.register_route("notifications:own_notice", reaches_notice)

        navigation.register(
            label=_("Notices"),
            url_name="notifications:alerts",
            icon="speakerphone",
            permissions=[Permission.SEE_NOTICES],
            rank=40,
            count=notices_owed,
        )
        navigation.register(
            label=_("Calls"),
            url_name="notifications:calls",
            icon="phone-call",
            permissions=[Permission.CALL_PARTNERS],
            rank=45,
            count=calls_waiting,
        )
        navigation.register(
            label=_("Your notices"),
            url_name="notifications:own",
            icon="bell",
            permissions=[Permission.SEE_OWN_NOTICES],
            rank=41,
            count=own_notices_owed,
        )
