"""Who may sign in. What they may see is decided two floors up, in `partners.access`."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from common.personal_data import classified


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
