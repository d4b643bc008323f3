"""Makes packs beside the requests: claimed, with signs of life, and what died on the way can be started again."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.db import Database
from crm.documents import content
from crm.errors import Conflict, Forbidden, Invalid
from crm.policy import Action, Actor
from crm.services import audit, clock, kept_files, organisation
from crm.services.packs import contents, keeping
from crm.services.packs.forms import MAKERS
from models.pack import Pack, PackFile, PackForm, PackKind, PackState
from models.person import Person
from models.review import Review
from models.unit import BusinessUnit

QUARTER = timedelta(days=91)
CLASHED = "Something else was written at the same moment. Start it again."
#: Reading is the first step; each form is one more.
STEPS = 1 + len(MAKERS)


def start(
    session: Session,
    *,
    by: Actor,
    kind: PackKind,
    unit_id: int | None,
    since: date,
    until: date,
    now: datetime,
    database: Database,
    branch_id: int | None = None,
) -> Pack:
    """Make a pack of this period as soon as this session has committed.

    Raises Forbidden, Invalid("until") for a period that ends before it begins or in the future.
    """
    require(session, by=by, kind=kind, unit_id=unit_id)
    _check(since, until, by.today)
    pack = Pack(kind=kind, unit_id=unit_id, branch_id=branch_id, since=since, until=until, made_by_id=by.id)
    pack.started_at = pack.beat_at = now
    pack.steps_total = STEPS
    session.add(pack)
    session.flush()
    _begin(session, database, pack)
    return pack


def require(session: Session, *, by: Actor, kind: PackKind, unit_id: int | None) -> None:
    """Raises Forbidden unless ``by`` may make a pack of this kind."""
    if kind is PackKind.BOARD:
        policy.require(by, Action.MAKE_BOARD_PACK)
    else:
        policy.require(by, Action.MAKE_REVIEW_PACK, session.get_one(BusinessUnit, unit_id))


def _check(since: date, until: date, today: date) -> None:
    if until < since:
        raise Invalid("until", "The last day comes before the first.")
    if until > today:
        raise Invalid("until", "A pack tells what was: choose today or a day before.")


def again(session: Session, *, by: Actor, pack: Pack, now: datetime, database: Database) -> None:
    """Start one again that failed, or whose process died. Raises Forbidden, Conflict("pack") while it is being made."""
    require(session, by=by, kind=pack.kind, unit_id=pack.unit_id)
    claimed = session.execute(
        update(Pack)
        .where(Pack.id == pack.id, (Pack.state == PackState.FAILED) | kept_files.died(Pack, now))
        .values(state=PackState.RUNNING, beat_at=now, steps_done=0, steps_total=STEPS, failure="", made_by_id=by.id)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("pack", "This pack is being made, or was already.")
    _begin(session, database, pack)


def _begin(session: Session, database: Database, pack: Pack) -> None:
    kept_files.start_after_commit(session, partial(make, database, pack.id), name=f"pack-{pack.id}")


def make(database: Database, pack_id: int) -> None:
    """Read the content, make every form of it, and keep them all in one transaction."""
    work = partial(_make, database, pack_id)
    kept_files.guarded(database, work, partial(_fail, pack_id=pack_id), name=f"Pack {pack_id}", clashed=CLASHED)


def _fail(session: Session, reason: str, *, pack_id: int) -> None:
    pack = session.get(Pack, pack_id)
    if pack is not None:
        pack.state, pack.failure = PackState.FAILED, reason


def _make(database: Database, pack_id: int) -> None:
    with database.session(writes=False) as session:
        by, told = _read(session, pack_id)
        files: dict[PackForm, bytes] = {}
        for done, (form, maker) in enumerate(MAKERS.items(), start=1):
            _beat(database, pack_id, done)
            files[form] = maker(session, told)
    with database.session(writes=True) as session, session.begin():
        audit.act_as(session, by.id)
        _keep(session, pack_id, told, files)


def _read(session: Session, pack_id: int) -> tuple[Actor, content.Pack]:
    whole = (joinedload(Pack.unit), joinedload(Pack.branch))
    pack = session.scalars(select(Pack).where(Pack.id == pack_id).options(*whole)).one()
    if pack.made_by_id is None:
        raise Forbidden("Whoever asked for this pack is not here any more.")
    now = clock.now()
    today = clock.local_date(now, organisation.current(session).time_zone)
    by = policy.actor_for(session, session.get_one(Person, pack.made_by_id), today)
    require(session, by=by, kind=pack.kind, unit_id=pack.unit_id)
    return by, contents.of(session, by=by, pack=pack, now=now)


def _beat(database: Database, pack_id: int, done: int) -> None:
    """In a transaction of its own: the forms are made without one."""
    with database.session(writes=True) as apart, apart.begin():
        kept_files.beat(apart, Pack, kept_id=pack_id, done=done, total=STEPS, now=clock.now())


def _keep(session: Session, pack_id: int, told: content.Pack, files: dict[PackForm, bytes]) -> None:
    """Only where it is still being made: one started again meanwhile may have been quicker."""
    pack = session.get_one(Pack, pack_id, with_for_update=True)
    if pack.state is not PackState.RUNNING:
        return
    pack.state, pack.made_at, pack.steps_done = PackState.DONE, clock.now(), STEPS
    pack.title, pack.content = told.title, keeping.to_json(told)
    session.add_all(PackFile(pack_id=pack_id, form=form, content=made) for form, made in files.items())


def default_period(session: Session, *, unit: BusinessUnit, now: datetime) -> tuple[date, date]:
    """From the last review that was held before today until today; without one, a quarter of a year. One statement."""
    today = clock.local_date(now, unit.time_zone)
    held = select(func.max(Review.held_on)).where(Review.unit_id == unit.id, Review.held_on < today)
    return session.scalar(held) or today - QUARTER, today
