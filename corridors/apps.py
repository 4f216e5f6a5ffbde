from django.apps import AppConfig


class CorridorsConfig(AppConfig):
    name = "corridors"

    def ready(self) -> None:
        from corridors import messages  # noqa: PLC0415  # models are loaded only now
        from notifications.messages import MessageKind, register  # noqa: PLC0415

        register(messages.KIND, MessageKind(messages.KIND, f"messages/{messages.KIND}", messages.context))
