"""The whole product on this machine: servers, world, programs, and the watch over them."""

import json
import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from deploy.local import front_end
from deploy.local.addresses import SCHEMES
from deploy.local.bootstrap import LOCKS
from deploy.local.home import PRODUCT_SECRETS, ROOT, Home, load_ports, read_json, save_ports, write_private
from deploy.local.nursery import Nursery
from deploy.local.ports import HOST, pick, pick_web
from deploy.local.problems import StartError
from deploy.local.processes import Child
from deploy.local.programs import programs
from deploy.local.services import Services
from deploy.local.started import Started

MOST_RESTARTS, RESTART_SECONDS = 6, 60
"""More ends than this in so many seconds are no accident: the stack stops and says why."""
SESSIONS = "4"
"""So many sessions of the database all threads of web share: one a thread, of which those that rest are closed."""
GIVEN = frozenset(
    {"ALLOWED_HOSTS", "DEBUG", "DEMO_CLOCK", "LIVE_ADDRESS", "PUBLIC_ADDRESS", *PRODUCT_SECRETS, *SCHEMES}
)
"""Settings of the product that a person may give, which a command in another terminal must share."""


class Stack(Started):
    """A running Homeward. A context manager: leaving it stops everything it started, in order."""

    def __init__(self, home: Home, say: Callable[[str], None]) -> None:
        self.home, self.say = home, say
        wanted = os.environ.get("PORT") if home.lasting else None
        remembered = load_ports(home)
        self.port = pick_web(wanted, remembered.get("web")) if home.lasting else pick()
        self.live_port = pick([remembered.get("live")])
        self.services = Services(home)
        self.programs = {program.name: program for program in programs(home, self.port, self.live_port)}
        self.nursery: Nursery | None = None
        self.running: dict[str, Child] = {}
        self.ends: deque[float] = deque(maxlen=MOST_RESTARTS)
        self.environment: dict[str, str] = {}
        self.world = ""

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}"

    def start(self) -> None:
        """Starts servers, brings files and world up to date, starts the programs and waits until they are at work."""
        self.services.start()
        save_ports(self.home, {"web": self.port, "live": self.live_port})
        self.environment = {"PUBLIC_ADDRESS": self.address, **self.services.environment()}
        if not self.home.lasting:
            self.environment |= {"PUBLIC_ADDRESS": self.address, "DEMO_CLOCK": "1"}
        elif "DATABASE_URL" not in self.services.given:  # only invented people, whose codes a newcomer has to see
            self.environment.setdefault("DEMO_CLOCK", "1")
        if self.environment["PUBLIC_ADDRESS"] == self.address:  # no door stands before: the stream has its own
            self.environment.setdefault("LIVE_ADDRESS", f"http://{HOST}:{self.live_port}/live/stream")
        front_end.build(self.environment, self.say)
        self.world = self.set_up_world()
        shared = {"DATABASE_SESSIONS": SESSIONS, **self.environment}
        self.nursery = Nursery(log=self.home.logs / "product.log", environment=shared)
        for program in self.programs.values():
            self.running[program.name] = program.start(self.home, self.nursery)
        for name, child in self.running.items():
            child.wait_until(lambda name=name, child=child: self.programs[name].is_ready(child), seconds=90)  # type: ignore[misc]
        self.note_running()

    def set_up_world(self) -> str:
        """Migrates and loads the demonstration world when code or database changed; returns what it printed."""
        kept = self.home.folder / "world.json"
        code = [path for path in front_end.files_below(*front_end.app_folders()) if path.suffix != ".pyc"]
        made_from = front_end.fingerprint([*code, LOCKS / "run.lock"])
        made_from += sha256(self.environment["DATABASE_OWNER_URL"].rpartition("@")[2].encode()).hexdigest()
        known = read_json(kept)
        if known.get("made_from") == made_from and "DATABASE_URL" not in self.services.given:
            return str(known["printed"])
        self.say("Bringing the database and the demonstration world up to date …")
        command = [sys.executable, "manage.py", "setup_world"]
        ended = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        if ended.returncode:
            raise StartError(f"The database could not be brought up to date:\n{ended.stdout}{ended.stderr}")
        write_private(kept, json.dumps({"made_from": made_from, "printed": ended.stdout}))
        return ended.stdout

    def note_running(self) -> None:
        """Writes down, for bin/manage and the scenario, how to reach the running stack."""
        children = {**self.services.children, **self.running}
        noted = {"pid": os.getpid(), "address": self.address, "mail_folder": str(self.home.mail)}
        pids = {name: child.process.pid for name, child in children.items()}
        write_private(self.home.running_file, json.dumps({**noted, "pids": pids, "environment": self.added()}))

    def added(self) -> dict[str, str]:
        """Returns what another terminal needs to reach this stack: our settings, and those the person gave."""
        ours = {name for name, value in self.environment.items() if os.environ.get(name) != value}
        return {name: self.environment[name] for name in sorted(ours | (GIVEN & set(self.environment)))}

    def watch(self, until: Callable[[], bool] = lambda: False) -> None:
        """Starts again whatever ends, until told to stop; raises when something keeps ending."""
        while not until():
            for name, child in {**self.services.children, **self.running}.items():
                if not child.is_running:
                    self.start_again(name, child)
            time.sleep(0.2)

    def start_again(self, name: str, child: Child) -> None:
        """Starts what ended, unless things ended too often of late."""
        now = time.monotonic()
        self.ends.append(now)
        if len(self.ends) == MOST_RESTARTS and now - self.ends[0] < RESTART_SECONDS:
            last = "\n".join(child.output().splitlines()[-15:])
            raise StartError(f"{child.name} keeps ending. The end of {child.log}:\n{last}")
        self.say(f"{child.name} ended with code {child.process.returncode}; starting it again.")
        child.kill_group()
        if self.nursery and name in self.programs:
            self.running[name] = self.programs[name].start(self.home, self.nursery)
        else:
            try:
                self.services.start_one(name)
            except StartError as problem:
                self.say(str(problem))  # the next look tries again, as often as is allowed
        self.note_running()

    def stop(self) -> None:
        """Asks the programs to end, then the servers under them."""
        for child in self.running.values():
            child.ask_to_stop()
        for child in self.running.values():
            child.stop()
        if self.nursery:
            self.nursery.stop()
        self.home.running_file.unlink(missing_ok=True)
        self.services.stop()


def relative(path: Path) -> str:
    """Returns the path as a person in the checkout would type it."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
