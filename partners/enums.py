from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OrganisationKind(TextChoices):
    IOM = "iom", _("IOM mission")
    MINISTRY = "ministry", _("ministry")
    INTER_AGENCY = "inter_agency", _("inter-agency body")
    BORDER = "border", _("border service")
    CUSTOMS = "customs", _("customs")
    HEALTH = "health", _("health service")
    POLICE = "police", _("police")
    REGION = "region", _("regional government")
    EMBASSY = "embassy", _("embassy")
    CONSULATE = "consulate", _("consulate")
    CARRIER = "carrier", _("carrier")
    NGO = "ngo", _("non-governmental organisation")
    UN = "un", _("UN agency")
    DONOR = "donor", _("donor")


WITHOUT_AUTHORITY = frozenset({OrganisationKind.IOM, OrganisationKind.NGO, OrganisationKind.UN, OrganisationKind.DONOR})
"""Who asks nothing of anybody at a border, and excuses nobody from what is asked."""


class ChannelKind(TextChoices):
    EMAIL = "email", _("e-mail")
    PHONE = "phone", _("phone call")
    SMS = "sms", _("SMS")
    TELEGRAM = "telegram", _("Telegram")
    WHATSAPP = "whatsapp", _("WhatsApp")
    WEBHOOK = "webhook", _("webhook")


class Role(TextChoices):
    FIELD = "field", _("field officer")
    COORDINATOR = "coordinator", _("coordinator")
    PROTECTION = "protection", _("protection officer")
    CONSULAR = "consular", _("consular officer")
    LIAISON = "liaison", _("liaison officer")
    PROGRAMME = "programme", _("programme officer")
    DATA_PROTECTION = "data_protection", _("data protection officer")
    ADMINISTRATOR = "administrator", _("administrator")


class Rows(TextChoices):
    """Which rows a role reaches at all."""

    CASELOAD = "caseload", _("people, groups, cases and movements of the caseload")
    FIGURES = "figures", _("figures and needs of the caseload, without names")
    DISCLOSED = "disclosed", _("nationals who agreed to be shown to the own organisation, and its own notices")
    OWN_ORGANISATION = "own_organisation", _("notices and requests to the own organisation")
    RECORDS = "records", _("who did what and who looked at whom, no case")
    ACCOUNTS = "accounts", _("accounts and the directory, no case")


class Verdict(TextChoices):
    """What the review of an emergency access says."""

    JUSTIFIED = "justified", _("justified")
    NOT_JUSTIFIED = "not_justified", _("not justified")


class CheckedBy(TextChoices):
    """How it was found out that somebody answers behind a channel."""

    MESSAGE = "message", _("test message, answered")
    CALL = "call", _("call, written down")


class OnDuty(TextChoices):
    """Why a desk is asked at its place in the order, the first to be asked at the front."""

    ROSTER = "roster", _("on the duty roster")
    AT_WORK = "at_work", _("in working hours")
    STAND_IN = "stand_in", _("deputy")
    DUTY_DESK = "duty_desk", _("duty desk")
    OFF_DUTY = "off_duty", _("outside working hours")


class ReachFault(TextChoices):
    """Why an organisation may not be reached, the worst first."""

    NO_DESK = "no_desk", _("no desk is known")
    NO_CHANNEL = "no_channel", _("no message can reach it")
    NOBODY_TONIGHT = "nobody_tonight", _("nobody on duty in the next 24 hours")
    SWITCHED_OFF = "switched_off", _("a channel is switched off")
    NOT_VERIFIED = "not_verified", _("not verified of late")
