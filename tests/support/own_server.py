"""A database server of its own for a test process beside the first.

On one server each would wait for the other: a seal waits for every transaction that is open there, and a copy of a database
for everything that has not been written to disk.
"""

import shutil
from pathlib import Path

from deploy.local import postgres, tables
from deploy.local.home import Home, load_secrets
from deploy.local.ports import pick


class OwnServer:
    """Runs from its making until `stop`, in a folder of its own; it ends with this process, however that ends."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder, lasting=False)
        secrets, port = load_secrets(self.home), pick()
        self.child = postgres.start(self.home, port=port, secrets=secrets, for_tests=True)
        self.addresses = {
            "DATABASE_URL": postgres.address_of(postgres.APP, secrets["APP_PASSWORD"], port),
            "DATABASE_OWNER_URL": postgres.address_of(postgres.OWNER, secrets["OWNER_PASSWORD"], port),
        }
        """What the environment says of it, by name."""
        tables.lay_where_empty(self.addresses["DATABASE_OWNER_URL"])

    def stop(self) -> None:
        """Ends it and takes its files away, also those that do not lie in its folder."""
        self.child.stop()
        shutil.rmtree(postgres.locate(self.home).data, ignore_errors=True)
