"""Addresses that the person gives in the environment instead of an embedded server."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from deploy.local.problems import StartError

SCHEMES = {
    "DATABASE_URL": ("postgres", "postgresql"),
    "DATABASE_OWNER_URL": ("postgres", "postgresql"),
    "REDIS_URL": ("redis", "rediss"),
    "EMAIL_URL": ("smtp", "smtps", "smtp+tls", "smtp+ssl"),
}
EXAMPLES = {
    "DATABASE_URL": "postgres://homeward_app:password@db.example:5432/homeward",
    "DATABASE_OWNER_URL": "postgres://homeward_owner:password@db.example:5432/homeward",
    "REDIS_URL": "redis://redis.example:6379/0",
    "EMAIL_URL": "smtp://mail.example:25",
}


def given(environment: Mapping[str, str]) -> dict[str, str]:
    """Returns the addresses that are set, checked; raises with the name, what is wrong and an example."""
    found = {name: environment[name] for name in SCHEMES if environment.get(name)}
    for name, value in found.items():
        if problem := what_is_wrong(name, value):
            raise StartError(
                f"{name} {problem}. Write it like {EXAMPLES[name]}, or leave it out to use the embedded server."
            )
    if "DATABASE_OWNER_URL" in found and "DATABASE_URL" not in found:
        raise StartError("DATABASE_OWNER_URL is set, but DATABASE_URL is not. Give both, or neither.")
    if "DATABASE_URL" in found:
        found.setdefault("DATABASE_OWNER_URL", found["DATABASE_URL"])
    return found


def what_is_wrong(name: str, value: str) -> str | None:
    """Says in words why the address cannot be used, without repeating it: it may hold a password."""
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError as problem:
        return f"cannot be read ({problem})"
    if parts.scheme not in SCHEMES[name]:
        return f"must begin with {SCHEMES[name][0]}://"
    if not parts.hostname:
        return "names no host"
    if port == 0:
        return "names port 0"
    if name.startswith("DATABASE") and not parts.path.strip("/"):
        return "names no database"
    return None


def has_one_database_role(addresses: Mapping[str, str]) -> bool:
    """True if the tables would belong to the role that serves, so that the database holds no second wall."""
    owner, runtime = addresses.get("DATABASE_OWNER_URL"), addresses.get("DATABASE_URL")
    return bool(owner) and urlsplit(owner).username == urlsplit(runtime or "").username
