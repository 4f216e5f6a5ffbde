"""`python -m deploy.container.ready`: asks the web server beside it whether it can serve, for the health check."""

import http.client
import json
import os
import sys
from urllib.parse import urlsplit

PORT = 8000
"""Where the pages are served inside the container."""


def main() -> int:
    """Returns 0 if `/readyz` says that database and Redis answer, else 1 with what it said.

    A silent worker is no reason to close the pages: they say so themselves.
    """
    host = urlsplit(os.environ.get("PUBLIC_ADDRESS", "")).hostname or "127.0.0.1"
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT", PORT)), timeout=8)
    try:
        connection.request("GET", "/readyz", headers={"Host": host})
        answer = connection.getresponse()
        said = answer.read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as problem:
        print(f"It does not answer: {problem}", file=sys.stderr)
        return 1
    finally:
        connection.close()
    print(said)
    return 0 if answer.status == http.client.OK or _serves(said) else 1


def _serves(said: str) -> bool:
    try:
        parts = json.loads(said)
    except ValueError:
        return False
    return isinstance(parts, dict) and parts.get("database") is True and parts.get("redis") is True


if __name__ == "__main__":
    sys.exit(main())
