from partners.models.access import EmergencyAccess, Invitation, LentAccess, Membership
from partners.models.directory import (
    ADDRESSES,
    Channel,
    ChannelCheck,
    Contact,
    DutyShift,
    Interest,
    Office,
    Organisation,
    Unreached,
    standing,
)
from partners.models.quarantine import QuarantinedUpload

__all__ = [
    "ADDRESSES",
    "Channel",
    "ChannelCheck",
    "Contact",
    "DutyShift",
    "EmergencyAccess",
    "Interest",
    "Invitation",
    "LentAccess",
    "Membership",
    "Office",
    "Organisation",
    "QuarantinedUpload",
    "Unreached",
    "standing",
]
