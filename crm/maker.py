"""What every command starts from: the settings, the application, who acts, and progress on the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import click
from flask import Flask

from crm import config, db, policy
from crm.config import ConfigurationError, Settings
from crm.policy import Actor
from crm.services import clock, organisation


@dataclass(frozen=True)
class Maker:
    """Makes the application once a command needs it, so that ``crm --help`` needs no database."""

    build: Callable[[Settings], Flask]

    def settings(self) -> Settings:
        try:
            return config.from_environment()
        except ConfigurationError as error:
            raise click.ClickException("The settings need a hand:\n  " + "\n  ".join(error.mistakes)) from error

    def app(self, settings: Settings | None = None) -> Flask:
        return self.build(settings or self.settings())


pass_maker = click.make_pass_decorator(Maker)


def engine_of(app: Flask) -> db.Database:
    database: db.Database = app.extensions["database"]
    return database


def application() -> tuple[Actor, datetime]:
    """The application itself as the actor, today at the organisation's seat."""
    now = clock.now()
    with db.transaction() as session:
        zone = organisation.current(session).time_zone
    return policy.application(clock.local_date(now, zone)), now


def counter(what: str) -> Callable[[int, int], None]:
    """Progress on the terminal's error stream, a tenth at a time; silent when nobody watches."""
    shown = 0

    def show(done: int, total: int) -> None:
        nonlocal shown
        tenths = 10 * done // max(total, 1)
        if tenths > shown and sys.stderr.isatty():
            click.echo(f"  {done:,} of {total:,} {what}", err=True)
        shown = tenths

    return show
