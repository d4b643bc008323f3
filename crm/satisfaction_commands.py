"""The commands ``crm satisfaction``: the totals of ratings made anew, and compared with those that were kept."""

from __future__ import annotations

import sys

import click

from crm import db
from crm.maker import Maker, counter, pass_maker
from crm.services import totals_anew
from crm.services.totals_anew import Compared


@click.group("satisfaction")
def satisfaction_group() -> None:
    """What is kept of many ratings."""


@satisfaction_group.command("rebuild")
@click.option("--check", is_flag=True, help="Change nothing, and fail when a total is not what the answers say.")
@pass_maker
def rebuild(maker: Maker, check: bool) -> None:
    """Make the totals of all rounds and months anew from the answers, and say how many were not so."""
    with maker.app().app_context():
        found = make_anew(put_right=not check)
    click.echo(found.told(put_right=not check))
    if check and found.differed:
        sys.exit(1)


def make_anew(*, put_right: bool) -> Compared:
    """A few units at a time, each in a transaction of its own, so that answers can come meanwhile."""
    show = counter("batches of units")
    with db.transaction() as session:
        batches = list(totals_anew.batches(session))
    found = Compared()
    for done, unit_ids in enumerate(batches, 1):
        with db.transaction() as session:
            found += totals_anew.compare(session, unit_ids=unit_ids, put_right=put_right)
        show(done, len(batches))
    return found


def catch_up() -> None:
    """Fill the totals of a database that is older than they are."""
    with db.transaction() as session:
        are_missing = totals_anew.are_missing(session)
    if are_missing:
        click.echo(make_anew(put_right=True).told(put_right=True))
