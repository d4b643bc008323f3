"""Files kept from upload to their last row while something loads them beside the requests: signs of life, and who may
run them."""

from __future__ import annotations

import enum
import logging
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from threading import Thread

from sqlalchemy import ColumnElement, event, or_, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from crm.db import Database
from crm.errors import Conflict, CrmError
from crm.services import clock
from models.organisation_import import OrganisationImport
from models.pack import Pack
from models.past_survey import PastSurvey
from models.ticket import TicketImport

log = logging.getLogger(__name__)
#: A running import gives a sign of life every second or so; after this long without one its process is dead.
DEAD_AFTER = timedelta(minutes=2)
BROKE = "Something went wrong on our side. Nothing was loaded; start it again, and tell us if it stays so."
RUNNING = "running"
Fail = Callable[[Session, str], None]
#: Every one of them calls its running state the same.
Kept = PastSurvey | TicketImport


def has_stopped(kept: Kept | OrganisationImport | Pack, now: datetime) -> bool:
    """Whether it says it is running, and the process that ran it is dead."""
    return kept.state.value == RUNNING and (kept.beat_at is None or now - kept.beat_at > DEAD_AFTER)


def died(table: type[Kept] | type[Pack], now: datetime) -> ColumnElement[bool]:
    """The same as a condition."""
    return (table.state == RUNNING) & or_(table.beat_at.is_(None), table.beat_at < now - DEAD_AFTER)


def claim(session: Session, kept: Kept, *, ready: Collection[enum.StrEnum], now: datetime) -> None:
    """Make it this caller's to run: a second click, or a second process, gets Conflict("file")."""
    table = type(kept)
    claimed = session.execute(
        update(table)
        .where(table.id == kept.id, (table.state.in_(ready) & (table.content != b"")) | died(table, now))
        .values(state=type(kept.state)(RUNNING), beat_at=now, steps_done=0, ended_at=None)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("file", "This file is being loaded, or was already.")


def beat(
    session: Session, table: type[Kept] | type[Pack], *, kept_id: int, done: int, total: int, now: datetime
) -> None:
    """A sign of life of a running import."""
    session.execute(
        update(table)
        .where(table.id == kept_id, table.state == RUNNING)
        .values(steps_done=done, steps_total=total, beat_at=now)
    )


def progress_of(database: Database, table: type[Kept], kept_id: int) -> Callable[[int, int], None]:
    """Writes down how far it is, in transactions of their own."""

    def progress(done: int, total: int) -> None:
        # SQLite has one writer: while the rows are written, nobody else can write down how far they are.
        if not (database.is_sqlite and done * 2 > total):
            with database.session(writes=True) as apart, apart.begin():
                beat(apart, table, kept_id=kept_id, done=done, total=total, now=clock.now())

    return progress


def start_after_commit(session: Session, work: Callable[[], None], *, name: str) -> None:
    """Begin in a thread as soon as this session has committed; not at all if it does not."""

    @event.listens_for(session, "after_commit", once=True)
    def start(_: Session) -> None:
        Thread(target=work, name=name).start()


def guarded(database: Database, work: Callable[[], None], fail: Fail, *, name: str, clashed: str) -> None:
    """Do the work; what stops it is told by ``fail``, in a transaction of its own."""
    try:
        work()
    except CrmError as error:
        _tell(database, fail, str(error))
    except SQLAlchemyError:
        log.exception("%s clashed", name)
        _tell(database, fail, clashed)
    except Exception:
        log.exception("%s broke", name)
        _tell(database, fail, BROKE)


def _tell(database: Database, fail: Fail, reason: str) -> None:
    with database.session(writes=True) as session, session.begin():
        fail(session, reason)
