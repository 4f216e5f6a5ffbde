from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ActorKind(TextChoices):
    USER = "user", _("signed-in person")
    LINK = "link", _("holder of a signed link")
    TOKEN = "token", _("API token")
    TASK = "task", _("background task")
    COMMAND = "command", _("operator’s command")


class Sensitivity(TextChoices):
    """How a field may travel: each model field carries one of these (`common.personal_data`)."""

    PUBLIC = "public", _("public")
    PERSONAL = "personal", _("personal")
    SENSITIVE = "sensitive", _("sensitive")
    CONFIDENTIAL = "confidential", _("confidential")
