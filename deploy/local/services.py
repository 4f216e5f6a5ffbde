"""The servers that Homeward stands on, started in order and stopped in the opposite one."""

import os
import shutil
from pathlib import Path

from deploy.local import addresses, mail, postgres, tables, valkey
from deploy.local.home import PRODUCT_SECRETS, Home, load_ports, load_secrets, save_ports
from deploy.local.ports import HOST, pick
from deploy.local.processes import GIVING_BACK, Child
from deploy.local.started import Started

EMBEDDED = {"REDIS_URL": "valkey", "DATABASE_URL": "postgres", "EMAIL_URL": "mail"}
"""Which server starts when the environment gives no address, in the order of starting."""


class Services(Started):
    """Database, Redis and mail of one stack. A context manager: leaving it stops what it started."""

    def __init__(self, home: Home, *, for_tests: bool = False) -> None:
        self.home, self.for_tests = home, for_tests
        self.children: dict[str, Child] = {}
        self.mail_server: mail.MailServer | None = None
        self.given = addresses.given(os.environ) if home.lasting else {}
        self.secrets = load_secrets(home)
        self.ports: dict[str, int] = {}

    def start(self) -> None:
        """Starts each server that the environment gives no address for, on its last port if that is still free."""
        remembered = load_ports(self.home)
        for address, name in EMBEDDED.items():
            if address not in self.given:
                self.ports[name] = pick([remembered.get(name)])
                self.start_one(name)
        save_ports(self.home, self.ports)

    def start_one(self, name: str) -> None:
        """Starts one server on its port; also after it ended unexpectedly."""
        port = self.ports[name]
        if name == "valkey":
            self.children[name] = valkey.start(self.home, port=port, password=self.secrets["VALKEY_PASSWORD"])
        elif name == "postgres":
            started = postgres.start(self.home, port=port, secrets=self.secrets, for_tests=self.for_tests)
            self.children[name] = started
            if self.for_tests:
                tables.lay_where_empty(postgres.address_of(postgres.OWNER, self.secrets["OWNER_PASSWORD"], port))
        else:
            self.mail_server = mail.MailServer(self.home.mail, port=port)
            self.mail_server.start()

    def stop(self) -> None:
        """Stops in the opposite order; a throw-away stack leaves nothing behind."""
        if self.mail_server:
            self.mail_server.stop()
        for child in reversed(self.children.values()):
            child.stop()
        if not self.home.lasting:
            if "postgres" in self.ports:
                shutil.rmtree(postgres.locate(self.home).data, ignore_errors=True)
            shutil.rmtree(self.home.folder, ignore_errors=True)

    def database_elsewhere(self) -> Path | None:
        """Returns where the database's files are when they are not in the stack's folder."""
        if "postgres" not in self.ports:
            return None
        data = postgres.locate(self.home).data
        return None if data.is_relative_to(self.home.folder) else data

    def environment(self) -> dict[str, str]:
        """Returns what every process of the product reads; the person's own settings win."""
        passwords = self.secrets
        ours = {name: passwords[name] for name in PRODUCT_SECRETS}
        if "postgres" in self.ports:
            port = self.ports["postgres"]
            ours["DATABASE_URL"] = postgres.address_of(postgres.APP, passwords["APP_PASSWORD"], port)
            ours["DATABASE_OWNER_URL"] = postgres.address_of(postgres.OWNER, passwords["OWNER_PASSWORD"], port)
        if "valkey" in self.ports:
            ours["REDIS_URL"] = f"redis://:{passwords['VALKEY_PASSWORD']}@{HOST}:{self.ports['valkey']}/0"
        if "mail" in self.ports:
            ours["EMAIL_URL"] = f"smtp://{HOST}:{self.ports['mail']}"
        ours["WEB_CONCURRENCY"] = "1"  # one process with its threads serves one machine, and leaves room for a browser
        ours["MALLOC_ARENA_MAX"] = "2"  # threads would otherwise keep much memory apart
        ours |= {} if self.for_tests else GIVING_BACK
        return {**ours, **os.environ, **self.given} if self.home.lasting else {**os.environ, **ours}
