"""Fixtures for every test: real PostgreSQL as the runtime role, real Redis, real SMTP, real worker, real browser."""

from tests.cast import accounts, crossing, group, organisations, sign_in, viewers
from tests.support.browser import browser, context, page, page_problems, phone
from tests.support.database import django_db_setup
from tests.support.servers import (
    celery_worker,
    empty_redis,
    live_server,
    mail_folder,
    mail_server,
    mailbox,
    redis_client,
)

__all__ = [
    "accounts",
    "browser",
    "celery_worker",
    "context",
    "crossing",
    "django_db_setup",
    "empty_redis",
    "group",
    "live_server",
    "mail_folder",
    "mail_server",
    "mailbox",
    "organisations",
    "page",
    "page_problems",
    "phone",
    "redis_client",
    "sign_in",
    "viewers",
]
