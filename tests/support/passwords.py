"""Passwords for the tests: hashed as in production, with so little work that a hundred accounts cost nothing."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test.utils import override_settings


class QuickHasher(Argon2PasswordHasher):
    """Argon2 with the least that it takes; what it makes can be read by the hasher of production."""

    time_cost, memory_cost, parallelism = 1, 8, 1


@pytest.fixture(scope="session", autouse=True)
def quick_passwords(django_test_environment: None) -> Iterator[None]:
    """Hashes quickly in this process; servers that tests start hash as in production."""
    with override_settings(PASSWORD_HASHERS=[f"{__name__}.{QuickHasher.__name__}"]):
        yield
