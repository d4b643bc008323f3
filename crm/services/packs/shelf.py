"""The packs that were made: finding, listing, deleting one and bringing it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session, joinedload, undefer

from crm import policy
from crm.documents import content
from crm.errors import Forbidden, NotFound
from crm.policy import Action, Actor
from crm.services import pages
from crm.services.packs import keeping
from models.pack import Pack, PackFile, PackForm, PackKind, PackState
from models.unit import BusinessUnit

FORGOTTEN = "It told of somebody who was forgotten since."
#: A deleted pack can be brought back for so long.
KEPT_AFTER_REMOVAL = timedelta(days=30)
MOST_BRANCHES = 500
WHOLE = (joinedload(Pack.unit), joinedload(Pack.branch), joinedload(Pack.made_by))


@dataclass(frozen=True)
class Wanted:
    """Which packs a list shows."""

    kind: PackKind | None = None
    unit_id: int | None = None


def _seen(by: Actor) -> ColumnElement[bool]:
    """Packs of units in scope; board packs for those who may make one."""
    of_units = policy.in_visible_units(by, Pack.unit_id)  # type: ignore[arg-type]
    is_board = Pack.kind == PackKind.BOARD
    return or_(is_board, of_units) if policy.can(by, Action.MAKE_BOARD_PACK) else ~is_board & of_units


def listed(session: Session, *, by: Actor, wanted: Wanted, number: int = 1) -> pages.Page[Pack]:
    """Newest first, without content. One statement a page."""
    policy.require(by, Action.SEE_PACKS)
    statement = select(Pack).where(_seen(by), Pack.removed_at.is_(None)).options(*WHOLE)
    if wanted.kind is not None:
        statement = statement.where(Pack.kind == wanted.kind)
    if wanted.unit_id is not None:
        statement = statement.where(Pack.unit_id == wanted.unit_id)
    return pages.of_objects(session, statement.order_by(Pack.started_at.desc(), Pack.id.desc()), number)


def branches(session: Session, *, by: Actor) -> Sequence[BusinessUnit]:
    """Open units with others below them, by name: what a board pack may be narrowed to. One statement."""
    below = select(BusinessUnit.parent_id).where(BusinessUnit.parent_id.is_not(None), BusinessUnit.closed_on.is_(None))
    open_ones = (policy.visible_units(by), BusinessUnit.closed_on.is_(None), BusinessUnit.id.in_(below))
    by_name = (func.lower(BusinessUnit.name), BusinessUnit.id)
    return session.scalars(select(BusinessUnit).where(*open_ones).order_by(*by_name).limit(MOST_BRANCHES)).all()


def find(session: Session, *, by: Actor, pack_id: int) -> Pack:
    """The pack with its content, a deleted one only for those who may delete it. Raises NotFound."""
    policy.require(by, Action.SEE_PACKS)
    statement = select(Pack).where(Pack.id == pack_id, _seen(by)).options(*WHOLE, undefer(Pack.content))
    found = session.scalar(statement)
    if found is None or (found.removed_at is not None and not may_remove(by, found)):
        raise NotFound("There is no such pack.")
    return found


def content_of(pack: Pack) -> content.Pack:
    """What it says. The pack is done."""
    return keeping.from_json(pack.content)


def forms_of(session: Session, *, pack: Pack) -> Sequence[PackForm]:
    """In which forms it is there. One statement."""
    found = set(session.scalars(select(PackFile.form).where(PackFile.pack_id == pack.id)))
    return [form for form in PackForm if form in found]


def file_of(session: Session, *, pack: Pack, form: PackForm) -> bytes:
    """Raises NotFound where the pack is not there in this form."""
    one = (PackFile.pack_id == pack.id, PackFile.form == form)
    found = session.scalar(select(PackFile.content).where(*one)) if pack.removed_at is None else None
    if found is None:
        raise NotFound("This pack is not there in this form.")
    return found


def may_remove(by: Actor, pack: Pack) -> bool:
    """Who made it may delete it, and the CIO."""
    return pack.made_by_id == by.id or policy.can(by, Action.MAKE_BOARD_PACK)


def remove(session: Session, *, by: Actor, pack: Pack, now: datetime) -> None:
    """Take it from the list; it can be brought back for thirty days. Raises Forbidden."""
    _require_removal(by, pack)
    pack.removed_at = pack.removed_at or now
    session.flush()


def bring_back(session: Session, *, by: Actor, pack: Pack) -> None:
    """Raises Forbidden."""
    _require_removal(by, pack)
    pack.removed_at = None
    session.flush()


def _require_removal(by: Actor, pack: Pack) -> None:
    policy.require(by, Action.SEE_PACKS)
    if not may_remove(by, pack):
        raise Forbidden("Whoever made a pack may delete it, and the CIO.")


def forget(session: Session, *, name: str) -> int:
    """Take apart what tells of somebody who is forgotten, whatever form it is in; it can be made again. How many."""
    named = [id_ for id_, kept in session.execute(select(Pack.id, Pack.content)) if _names(kept, name)]
    session.execute(delete(PackFile).where(PackFile.pack_id.in_(named)))
    empty = {"state": PackState.FAILED, "content": {}, "failure": FORGOTTEN}
    session.execute(
        update(Pack).where(Pack.id.in_(named)).values(**empty), execution_options={"synchronize_session": False}
    )
    return len(named)


def _names(kept: object, name: str) -> bool:
    if isinstance(kept, str):
        return name in kept
    parts = kept.values() if isinstance(kept, dict) else kept if isinstance(kept, list) else ()
    return any(_names(part, name) for part in parts)


def let_go(session: Session, now: datetime) -> int:
    """Delete for good what was deleted thirty days ago; how many."""
    long_gone = select(Pack.id).where(Pack.removed_at < now - KEPT_AFTER_REMOVAL, Pack.state != PackState.RUNNING)
    ids = session.scalars(long_gone).all()
    session.execute(delete(PackFile).where(PackFile.pack_id.in_(ids)))
    for pack in session.scalars(select(Pack).where(Pack.id.in_(ids))):
        session.delete(pack)
    return len(ids)
