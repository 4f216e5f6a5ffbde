"""Who may sign in. What they may see is decided two floors up, in `partners.access`."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from common.actors import Actor
from common.enums import ActorKind
from common.personal_data import classified
from common.sealed import SealedTextField


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Makes an account; without a password nobody can sign in with it until one is set."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


@classified(
    public="language time_zone is_active is_staff is_superuser must_use_second_factor joined_at ends_at last_login",
    personal="email printed_name",
    confidential="password",
)
class User(AbstractBaseUser, PermissionsMixin):
    """An account of one human being, recognised by e-mail. From `ends_at` on it opens nothing.

    `is_staff` opens the gallery and operator pages, no case data.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    printed_name = models.CharField(_("name as others read it"), max_length=120)
    language = models.CharField(_("language"), max_length=8, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    must_use_second_factor = models.BooleanField(default=False)
    joined_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["printed_name"]
    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_account_per_email",
                violation_error_message=_("This e-mail has an account already."),
            )
        ]

    def __str__(self) -> str:
        return self.printed_name or self.email

    def stands(self, at: datetime) -> bool:
        """True while the account is switched on and has not ended."""
        return self.is_active and (self.ends_at is None or self.ends_at > at)

    def get_full_name(self) -> str:
        return self.printed_name

    @property
    def actor(self) -> Actor:
        """The person as whoever does something to the own account."""
        return Actor(ActorKind.USER, str(self.public_id), self.printed_name)


@classified(public="began_at last_used_at second_factor", personal="user device address", confidential="session_key")
class SignIn(models.Model):
    """One device on which somebody is signed in now. It goes when the session ends; the audit keeps that it was.

    All times are wall time: a session ends by the clock on the wall, whatever hour a demonstration plays.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = SealedTextField()
    device = models.CharField(max_length=200)
    address = models.GenericIPAddressField(null=True)
    second_factor = models.CharField(max_length=20, blank=True)
    began_at = models.DateTimeField()
    last_used_at = models.DateTimeField()


@classified(public="until", personal="user")
class RememberedDevice(models.Model):
    """A device on which the second factor was shown; until then the password is enough there. Wall time.

    The device holds the signed public id; the row is what ends it everywhere at once.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="remembered_devices")
    until = models.DateTimeField()


@classified(public="issuer", personal="user", confidential="subject")
class ProviderIdentity(models.Model):
    """What the provider of an organisation calls the owner of an account: the same for good, unlike an address."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="provider_identities")
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "issuer"], name="one_identity_per_provider"),
            models.UniqueConstraint(fields=["issuer", "subject"], name="an_identity_opens_one_account"),
        ]


@classified(public="name scopes last_used_at", personal="token")
class TokenGrant(models.Model):
    """What a token of the API is for, and what it may touch at most: `people:read`, `people:write` … (`accounts.tokens`).

    `last_used_at` is wall time, kept to about a minute.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token = models.OneToOneField("knox.AuthToken", on_delete=models.CASCADE, related_name="grant")
    name = models.CharField(max_length=80)
    scopes = ArrayField(models.CharField(max_length=30))
    last_used_at = models.DateTimeField(null=True, blank=True)


@classified(public="name first_seen_at last_seen_at revoked_at wiped_at", personal="user")
class FieldDevice(models.Model):
    """A phone that keeps entries until there is a network. It made its public id itself, and knows nobody else's.

    Once revoked its entries are refused, and its next contact is told to wipe what it keeps. Wall time throughout.
    """

    public_id = models.UUIDField(unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="field_devices")
    name = models.CharField(max_length=80)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    wiped_at = models.DateTimeField(null=True, blank=True)
