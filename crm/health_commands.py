"""The commands ``crm health``: taking the days that are due, and making the past anew."""

from __future__ import annotations

from datetime import date, datetime

import click

from crm import db
from crm.maker import Maker, pass_maker
from crm.services import clock
from crm.services.health import daily
from crm.services.health import rebuild as rebuilding


@click.group("health")
def health_group() -> None:
    """What each relationship is worth, day by day."""


@health_group.command("take")
@pass_maker
def take(maker: Maker) -> None:
    """Take the health of all days that are due, up to today."""
    with maker.app().app_context(), db.transaction() as session:
        days = daily.take(session, now=clock.now())
    click.echo(f"{days:,} days taken." if days else "Today is taken already.")


@health_group.command("rebuild")
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), help="The first day to make anew; 400 days ago unless said."
)
@click.option("--compare", is_flag=True, help="Change nothing, and say what would differ.")
@pass_maker
def rebuild(maker: Maker, since: datetime | None, *, compare: bool) -> None:
    """Make the past anew from what happened, and say how many days were not so."""
    now = clock.now()
    first: date | None = since.date() if since else None
    with maker.app().app_context(), db.transaction() as session:
        span = rebuilding.span(session, since=first, now=now)
        found = (rebuilding.compare if compare else rebuilding.rebuild)(session, span=span, now=now)
    click.echo(found.told(put_right=not compare))
