"""What tests start as processes of their own, to kill them: slim, so that a process begins within milliseconds."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from crm import create_app, scheduler
from crm.config import MailServer, Settings
from crm.db import Database
from crm.jobs import Job
from crm.jobs.schedule import Due
from crm.jobs.work import Work
from crm.mail import SmtpPost
from crm.services import sending

BASE_URL = "https://rapport.example"
SECRET_KEY = "only-for-tests-" + "x" * 32


def started(work: Callable[..., None], *arguments: object) -> BaseProcess:
    """A process that does this work, from a server of processes that has loaded this module already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.processes", "crm.app"])
    process = context.Process(target=work, args=arguments, daemon=True)
    process.start()
    return process


@contextmanager
def transaction(database: Database) -> Iterator[Session]:
    with database.session(writes=True) as opened, opened.begin():
        yield opened


def server_at(port: int) -> MailServer:
    return MailServer("127.0.0.1", port, "plain", "", "", "Fernhill IT <rapport@fernhill.example>")


def send_for_ever(url: str, port: int) -> None:
    """What a process does until it is killed; its clock runs fast, so that leases end."""
    database = Database(url)
    started = time.monotonic()

    def clock() -> datetime:
        return datetime.now(UTC) + timedelta(minutes=30 * (time.monotonic() - started))

    while True:
        with SmtpPost(server_at(port), base_url=BASE_URL, secret_key=SECRET_KEY) as post:
            sending.send_due(lambda: transaction(database), post=post, clock=clock)
        time.sleep(0.01)


@dataclass(frozen=True)
class EverySecond:
    """The schedule of a job that is due often enough to watch."""

    def last(self, now: datetime, _: ZoneInfo) -> Due:
        at = now.astimezone(UTC).replace(microsecond=0)
        return Due(f"{at:%Y-%m-%dT%H:%M:%SZ}", at)


def own_id(_: Work) -> int:
    """Tells, as what was done, which process did it."""
    return os.getpid()


def beat_for_ever(url: str) -> None:
    """A scheduler with one job that is due every second."""
    schedule: Any = EverySecond()
    settings: Any = scheduler
    settings.JOBS = (Job("beat", schedule, own_id, "For this test"),)
    settings.LOOK, settings.SOON = 1, timedelta(0)
    scheduler.serve(create_app(Settings(database_url=url, secret_key=SECRET_KEY, testing=True)))
