"""Runs the named benchmarks on the servers of the environment; started by `bin/bench` (deploy/local/benching.py)."""

from __future__ import annotations

import gc
import logging
import os
import sys
import time

import django
import psycopg

from bench.arguments import BENCHES, parsed


def main() -> int:
    """Print a line for each outcome; return 1 where a goal does not hold. The benchmarks named are of one kind of world."""
    asked = parsed(sys.argv[1:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    logging.disable(logging.INFO)
    from bench import board, fanout, importing, names, readiness, wall, webhooks, world  # noqa: PLC0415 (needs the settings)
    from common import clock  # noqa: PLC0415

    benches = {
        "board": board.measure,
        "import": importing.measure,
        "names": names.measure,
        "readiness": readiness.measure,
        "wall": wall.measure,
    }
    telling = {"fanout": fanout.measure, "webhooks": webhooks.measure}
    shape = world.CROWD if BENCHES[asked.names[0]].world == "crowd" else world.ARCHIVE
    held = True
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as rights:
        for name in [name for name in asked.names if name in telling]:
            for outcome in telling[name](rights, at=clock.now(), quick=asked.quick):
                print(outcome.line(), flush=True)
                held &= outcome.holds
        if asked.names[0] in telling:
            return 0 if held else 1
        began = time.monotonic()
        print(f"Making a world of {asked.people:,} people …", file=sys.stderr, flush=True)
        made = world.made(rights, people=asked.people, at=clock.now(), shape=shape)
        print(f"It took {time.monotonic() - began:.0f} s.", file=sys.stderr, flush=True)
        gc.collect()
        gc.freeze()  # as the web server does
        for name in asked.names:
            for outcome in benches[name](made, quick=asked.quick):
                print(outcome.line(), flush=True)
                held &= outcome.holds
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
