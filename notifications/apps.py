from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        """Models are loaded only now, and with them whatever needs them."""
        from common import inbox, live
        from notifications import waiting
        from notifications.messages import kinds_by_interest
        from notifications.readers import reaches_notice
        from partners import explaining, interests

        interests.register_kinds(kinds_by_interest)
        explaining.register_route("notifications:own_notice", reaches_notice)
        live.offer("inbox", inbox.topics_of)
        live.offer("notices", waiting.notices_heard)
        live.watch("notifications.Notice", waiting.called_anew)
        live.watch("notifications.CallEntry", waiting.calls_anew)
        _fill_the_inbox()
        _name_kinds_of_alerts()
        _fill_the_rail()


def _fill_the_inbox() -> None:
    from common import inbox
    from notifications import waiting
    from partners.access import Permission

    own, call = Permission.SEE_OWN_NOTICES, Permission.CALL_PARTNERS
    for name, label, url_name, icon, permission, rank, look in (
        ("notices", _("Notices that wait for your answer"), "own", "bell", own, 10, waiting.own_notices_waiting),
        ("calls", _("Organisations to call"), "calls", "phone-call", call, 10, waiting.calls_due),
        ("objections", _("“This is not right”"), "alerts", "hand-stop", call, 20, waiting.objections_open),
        ("notices_here", _("Notices to your own office"), "alerts", "bell", call, 30, waiting.own_notices_waiting),
    ):
        place = f"notifications:{url_name}"
        inbox.register(name, label=label, url_name=place, icon=icon, permissions=[permission], rank=rank, look=look)


def _name_kinds_of_alerts() -> None:
    from notifications import contradictions, engine_trouble
    from notifications.messages import MessageKind, register

    for module, label, is_ours in (
        (contradictions, _("an organisation says that a notice is not right"), True),
        (engine_trouble, _("a part of Homeward gives no sign of life"), False),
    ):
        kind, folder = module.KIND, f"messages/{module.KIND}"
        message = MessageKind(kind, folder, module.message, label=label, sample=module.sample, of_a_mission=is_ours)
        register(kind, message)


def _fill_the_rail() -> None:
    from common import navigation
    from notifications import counts
    from partners.access import Permission as May

    call, keep = May.CALL_PARTNERS, May.MANAGE_DIRECTORY
    for label, url_name, icon, permissions, rank, count in (
        (_("Inbox"), "inbox", "list-check", list(May), 5, None),
        (_("Notices"), "alerts", "speakerphone", [May.SEE_NOTICES], 40, counts.notices_owed),
        (_("Your notices"), "own", "bell", [May.SEE_OWN_NOTICES], 41, counts.own_notices_owed),
        (_("Calls"), "calls", "phone-call", [call], 45, counts.calls_waiting),
        (_("When nobody answers"), "policies", "clock", [call, keep], 69, None),
        (_("What our notices say"), "kinds", "message-2", [keep], 70, None),
        (_("Webhooks"), "webhooks", "send", [keep], 85, None),
        (_("The engine"), "engine", "list-check", [call, keep], 96, None),
    ):
        place = f"notifications:{url_name}"
        navigation.register(label=label, url_name=place, icon=icon, permissions=permissions, rank=rank, count=count)
