from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        from common import inbox, live, navigation
        from notifications import contradictions, engine_trouble, waiting
        from notifications.counts import calls_waiting, notices_owed, own_notices_owed
        from notifications.messages import MessageKind, kinds_by_interest, register
        from notifications.readers import reaches_notice
        from partners import explaining, interests
        from partners.access import Permission

        interests.register_kinds(kinds_by_interest)
        explaining.register_route("notifications:own_notice", reaches_notice)
        live.offer("inbox", inbox.topics_of)
        live.offer("notices", waiting.notices_heard)
        live.watch("notifications.Notice", waiting.called_anew)
        live.watch("notifications.CallEntry", waiting.calls_anew)
        own, call = Permission.SEE_OWN_NOTICES, Permission.CALL_PARTNERS
        for name, label, url_name, icon, permission, rank, look in (
            ("notices", _("Notices that wait for your answer"), "own", "bell", own, 10, waiting.own_notices_waiting),
            ("calls", _("Organisations to call"), "calls", "phone-call", call, 10, waiting.calls_due),
            ("objections", _("“This is not right”"), "alerts", "hand-stop", call, 20, waiting.objections_open),
            ("notices_here", _("Notices to your own office"), "alerts", "bell", call, 30, waiting.own_notices_waiting),
        ):
            inbox.register(
                name,
                label=label,
                url_name=f"notifications:{url_name}",
                icon=icon,
                permissions=[permission],
                rank=rank,
                look=look,
            )
        for module, label in (
            (contradictions, _("an organisation says that a notice is not right")),
            (engine_trouble, _("a part of Homeward gives no sign of life")),
        ):
            kind, folder = module.KIND, f"messages/{module.KIND}"
            is_ours = module is not engine_trouble
            kind_of = MessageKind(kind, folder, module.message, label=label, sample=module.sample, of_a_mission=is_ours)
            register(kind, kind_of)

        navigation.register(
            label=_("Inbox"),
            url_name="notifications:inbox",
            icon="list-check",
            permissions=list(Permission),
            rank=5,
        )
        navigation.register(
            label=_("Notices"),
            url_name="notifications:alerts",
            icon="speakerphone",
            permissions=[Permission.SEE_NOTICES],
            rank=40,
            count=notices_owed,
        )
        navigation.register(
            label=_("When nobody answers"),
            url_name="notifications:policies",
            icon="clock",
            permissions=[Permission.CALL_PARTNERS, Permission.MANAGE_DIRECTORY],
            rank=69,
        )
        navigation.register(
            label=_("What our notices say"),
            url_name="notifications:kinds",
            icon="message-2",
            permissions=[Permission.MANAGE_DIRECTORY],
            rank=70,
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
            label=_("Webhooks"),
            url_name="notifications:webhooks",
            icon="send",
            permissions=[Permission.MANAGE_DIRECTORY],
            rank=85,
        )
        navigation.register(
            label=_("The engine"),
            url_name="notifications:engine",
            icon="list-check",
            permissions=[Permission.CALL_PARTNERS, Permission.MANAGE_DIRECTORY],
            rank=96,
        )
        navigation.register(
            label=_("Your notices"),
            url_name="notifications:own",
            icon="bell",
            permissions=[Permission.SEE_OWN_NOTICES],
            rank=41,
            count=own_notices_owed,
        )
