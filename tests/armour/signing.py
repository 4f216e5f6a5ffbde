"""An account that may sign in with a password, for tests of the armour around signing in."""

from accounts.models import User

PASSWORD = "a long enough sentence"


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    return user
