from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    name = "partners"

    def ready(self) -> None:
        from common import inbox, navigation  # models are loaded only now
        from partners import checks, unreached  # noqa: F401  # checks registers itself
        from partners.access import Permission
        from partners.emergencies import emergencies_waiting
        from partners.quarantine import uploads_waiting

        navigation.register(
            label=_("Organisations"),
            url_name="partners:organisations",
            icon="building-bank",
            permissions=[Permission.SEE_DIRECTORY],
            rank=80,
            count=lambda viewer: unreached.count_of(),
        )
        navigation.register(
            label=_("Acts and looks"),
            url_name="partners:acts",
            icon="history",
            permissions=[Permission.SEE_AUDIT],
            rank=10,
        )
        navigation.register(
            label=_("Who may see what"),
            url_name="partners:policy",
            icon="shield-check",
            permissions=[Permission.EXPLAIN_ACCESS],
            rank=30,
        )
        navigation.register(
            label=_("Emergencies"),
            url_name="partners:emergencies",
            icon="alert-triangle",
            permissions=[Permission.REVIEW_EMERGENCIES],
            rank=20,
        )
        inbox.register(
            "emergencies",
            label=_("Emergencies to be reviewed"),
            url_name="partners:emergencies",
            icon="alert-triangle",
            permissions=[Permission.REVIEW_EMERGENCIES],
            rank=10,
            look=emergencies_waiting,
        )
        inbox.register(
            "harmful_files",
            label=_("Harmful files to be destroyed"),
            url_name="partners:quarantine",
            icon="ban",
            permissions=[Permission.SEE_QUARANTINE],
            rank=60,
            look=uploads_waiting,
            owed=False,
        )
        navigation.register(
            label=_("People with access"),
            url_name="partners:accounts",
            icon="users",
            permissions=[Permission.MANAGE_ACCOUNTS],
            rank=10,
        )
        navigation.register(
            label=_("Harmful files"),
            url_name="partners:quarantine",
            icon="ban",
            permissions=[Permission.SEE_QUARANTINE],
            rank=95,
        )
