"""The danger zone: the signs of all units one sees, to narrow and to answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm import policy
from crm.policy import Action, Actor
from crm.services import branches, pages
from models.engagement import DangerFlag, DangerRule
from models.unit import BusinessUnit


class Only(StrEnum):
    """Which signs a list shows."""

    OPEN = ""
    ANSWERED = "answered"
    GONE = "gone"
    ALL = "all"


@dataclass(frozen=True)
class Wanted:
    only: Only = Only.OPEN
    rule: DangerRule | None = None
    unit_id: int | None = None
    #: Of this unit and all below it.
    branch_id: int | None = None
    #: Only of units the actor looks after.
    is_mine: bool = False

    @property
    def narrows(self) -> bool:
        return bool(self.rule or self.unit_id or self.branch_id or self.is_mine)


def listed(
    session: Session, *, by: Actor, wanted: Wanted, number: int = 1, size: int = pages.SIZE
) -> pages.Page[DangerFlag]:
    """Signs with their units, newest first. One statement. Raises Forbidden."""
    policy.require(by, Action.SEE_DANGER)
    seen = select(DangerFlag).join(DangerFlag.unit).where(policy.visible_units(by), *conditions(by, wanted))
    whole = seen.options(contains_eager(DangerFlag.unit), joinedload(DangerFlag.acknowledged_by))
    return pages.of_objects(session, whole.order_by(DangerFlag.raised_at.desc(), DangerFlag.id.desc()), number, size)


def conditions(by: Actor, wanted: Wanted) -> list[ColumnElement[bool]]:
    """On DangerFlag and its BusinessUnit: which signs these are."""
    up, answered = DangerFlag.cleared_at.is_(None), DangerFlag.acknowledged_at.is_not(None)
    shown: dict[Only, tuple[ColumnElement[bool], ...]] = {
        Only.OPEN: (up, ~answered),
        Only.ANSWERED: (up, answered),
        Only.GONE: (~up,),
        Only.ALL: (),
    }
    found = [*shown[wanted.only]]
    if wanted.rule is not None:
        found.append(DangerFlag.rule == wanted.rule)
    if wanted.unit_id is not None:
        found.append(DangerFlag.unit_id == wanted.unit_id)
    if wanted.branch_id is not None:
        found.append(DangerFlag.unit_id.in_(branches.branch(wanted.branch_id)))
    if wanted.is_mine:
        found.append(BusinessUnit.id.in_(by.covers))
    return found
