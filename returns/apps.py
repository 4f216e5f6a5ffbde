from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReturnsConfig(AppConfig):
    name = "returns"

    def ready(self) -> None:
        from common import inbox, live, navigation
        from corridors.reporting import reports_open
        from migrants import erasure
        from notifications.messages import MessageKind, register
        from partners.access import Permission as May
        from returns import (
            announced_words,
            document_request_words,
            erasing,
            late_results,
            movement_messages,
            owed,
            reached,
            road_words,
            waiting_alerts,
        )

        erasure.register(*erasing.PARTS, scrub=erasing.scrub, places=erasing.noted, obstacle=erasing.open_cases)

        reached.register()
        way, journey = movement_messages.way_context, movement_messages.way_sample
        for kind, words, label, sample in (
            (
                movement_messages.KIND,
                movement_messages.context,
                _("a journey is late, or heads differ"),
                movement_messages.sample,
            ),
            (movement_messages.DEPARTED, way, _("a journey has begun"), journey),
            (movement_messages.ARRIVED, way, _("a journey has left the transit country"), journey),
            (movement_messages.RECEPTION, way, _("an embassy is asked to receive a group"), journey),
            (announced_words.KIND, announced_words.context, _("an arrival is announced"), announced_words.sample),
            (road_words.LATE, road_words.late_context, _("a journey is late at the barrier"), road_words.late_sample),
            (
                road_words.HALTED,
                road_words.halted_context,
                _("the corridor of a journey is stopped"),
                road_words.halted_sample,
            ),
            (late_results.KIND, late_results.message, _("a test result came too late"), late_results.sample),
            (waiting_alerts.KIND, waiting_alerts.message, _("a group waits too long"), waiting_alerts.sample),
            (
                document_request_words.KIND,
                document_request_words.context,
                _("travel documents are asked for"),
                document_request_words.sample,
            ),
        ):
            wanted = kind == waiting_alerts.KIND
            register(kind, MessageKind(kind, f"messages/{kind}", words, label=label, sample=sample, by_interest=wanted))

        live.offer("board", owed.board_heard)
        for watched, topics in (
            (owed.ON_THE_BOARD, owed.stirs_the_board),
            (owed.IN_INBOXES, owed.stirs_inboxes),
            (owed.IN_THE_ROOM, owed.stirs_the_room),
        ):
            for model in watched:
                live.watch(model, topics)
        for name, label, url_name, icon, permission, rank, look, is_owed in (
            ("late_results", _("Late results"), "late_results", "first-aid-kit", May.SEE_PROTECTION, 10,
             owed.late_results_waiting, True),
            ("barrier_reports", _("Words from the barrier"), "barrier_reports", "speakerphone",
             May.PUBLISH_REQUIREMENTS, 40, owed.reports_waiting, True),
            ("enquiries", _("Questions of other offices"), "enquiries", "help-circle", May.ANSWER_ENQUIRIES, 50,
             owed.enquiries_waiting, True),
            ("consular_questions", _("Questions of embassies"), "questions", "help-circle", May.SEND_MOVEMENTS, 55,
             owed.questions_waiting, True),
            ("follow_ups", _("People to be asked after their return"), "aftercare", "phone", May.KEEP_AFTERCARE, 57,
             owed.follow_ups_waiting, False),
            ("tasks", _("Tasks"), "tasks", "list-check", May.SEE_PEOPLE, 30, owed.tasks_waiting, True),
            ("mentions", _("Comments for you"), "mentions", "message-2", May.SEE_PEOPLE, 30,
             owed.mentions_waiting, False),
            ("erasures", _("Erasures to be confirmed"), "erasures", "trash", May.ANSWER_ERASURES, 60,
             owed.erasures_waiting, True),
            ("lists", _("Lists to be confirmed"), "people", "file-spreadsheet", May.REGISTER_PEOPLE, 10,
             owed.lists_waiting, False),
            ("pairs", _("Records that may be one person"), "pairs", "users", May.REGISTER_PEOPLE, 20,
             owed.pairs_waiting, False),
        ):  # fmt: skip
            inbox.register(
                name,
                label=label,
                url_name=f"returns:{url_name}",
                icon=icon,
                permissions=[permission],
                rank=rank,
                look=look,
                owed=is_owed,
                topic=owed.ROOM if permission == May.SEE_PROTECTION else "",
            )

        entries = (
            (_("Board"), "returns:board", "layout-dashboard", May.SEE_BOARD, 10),
            (_("Groups"), "returns:groups", "users-group", May.SEE_GROUPS, 20),
            (_("People"), "returns:people", "user", May.SEE_PEOPLE, 45),
            (_("Cases"), "returns:case_list", "id-badge-2", May.SEE_PEOPLE, 50),
            (_("Tasks"), "returns:tasks", "list-check", May.SEE_PEOPLE, 51),
            (_("Comments for you"), "returns:mentions", "message-2", May.SEE_PEOPLE, 53),
            (_("Expected returnees"), "returns:incoming", "flag", May.SEE_INCOMING, 10),
            (_("Your questions"), "returns:own_questions", "help-circle", May.SEE_INCOMING, 12),
            (_("Questions of embassies"), "returns:questions", "help-circle", May.SEND_MOVEMENTS, 56),
            (_("Travel documents"), "returns:documents_asked", "id-badge-2", May.SEE_INCOMING, 11),
            (_("Late results"), "returns:late_results", "first-aid-kit", May.SEE_PROTECTION, 52),
            (_("Movements"), "returns:movements", "bus", May.SEE_MOVEMENTS, 55),
            (_("After the return"), "returns:aftercare", "home-move", May.KEEP_AFTERCARE, 57),
            (_("How cases ended"), "returns:outcomes", "list-check", May.SEE_BOARD, 61),
            (_("Needs and money"), "returns:needs", "coin", May.SEE_NEEDS, 60),
            (_("Today"), "returns:day", "bus", May.SEE_OWN_JOURNEYS, 74),
            (_("Halts"), "returns:halts", "users-group", May.SEE_HALTS, 75),
            (_("Emergency"), "returns:emergency", "alert-triangle", May.OPEN_IN_EMERGENCY, 95),
            (_("Exports"), "returns:exports", "download", May.SEE_EXPORTS, 85),
            (_("Retention"), "returns:retention", "hourglass", May.KEEP_RETENTION, 86),
            (_("Erasures"), "returns:erasures", "trash", May.ANSWER_ERASURES, 87),
        )
        navigation.register(
            label=_("From the barrier"),
            url_name="returns:barrier_reports",
            icon="speakerphone",
            permissions=[May.SEE_GROUPS],
            rank=48,
            count=reports_open,
        )
        for label, url_name, icon, permission, rank in entries:
            navigation.register(label=label, url_name=url_name, icon=icon, permissions=[permission], rank=rank)
