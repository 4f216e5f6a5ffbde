"""What `EMAIL_URL` says of the mail server. Its first word says how the line is secured; an unknown word is refused."""

from typing import Any
from urllib.parse import unquote, urlsplit

from environs import Env, EnvError

SECURED = {"smtp": "", "smtp+tls": "tls", "smtp+ssl": "ssl", "smtps": "ssl"}
"""First word of the address: nothing, encrypted after a greeting in clear (STARTTLS), encrypted from the first byte."""
PORTS = {"": 25, "tls": 587, "ssl": 465}


def mail_server(address: str) -> dict[str, Any]:
    """Django's settings of the mail server. Raises EnvError, which is told with what else is wrong in the environment."""
    parts = urlsplit(address)
    if parts.scheme not in SECURED or not parts.hostname:
        raise EnvError(
            f"is no address of a mail server. It begins with one of {', '.join(SECURED)}, like smtp+tls://host:587"
        )
    secured = SECURED[parts.scheme]
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or PORTS[secured],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": secured == "tls",
        "EMAIL_USE_SSL": secured == "ssl",
    }


def teach(env: Env) -> None:
    """Lets `env.mail_server("EMAIL_URL")` read such an address."""
    env.add_parser("mail_server", mail_server)
