"""What a review should hear of: promises, requests, projects and decisions of a unit, read in one statement."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, contains_eager

from crm.services import projects
from crm.services.agenda.window import Window
from crm.stats.scores import Score
from models.action import Action, ActionState
from models.agenda import AgendaItem, Source
from models.person import Person
from models.project import Project, ProjectStep
from models.remark import Decision
from models.request import OPEN_STATES, Request
from models.review import Review
from models.unit import BusinessUnit

#: Of each kind at most; a review cannot go through more.
MOST = 40
#: A decision without a day to look at it again is worth asking about after so long.
OLD = relativedelta(months=6)

#: By source: the ids that are wanted whatever happened to them.
Known = Mapping[Source, Collection[int]]


@dataclass(frozen=True)
class Evidence:
    """One thing to raise, with what stands behind it."""

    source: Source
    id: int
    #: What the point is called.
    text: str
    #: What happened: "Done on 3 November".
    said: str
    #: More about it, for the rep: who owes it, what it is needed for.
    more: str = ""
    is_late: bool = False
    #: Minutes it takes as a rule.
    minutes: int = 2
    #: How much it matters, most first: see ``crm.services.agenda.points``.
    weight: int = 9
    #: Where it stands in a review that goes its usual way.
    place: int = 9
    score: Score | None = None
    #: Who said it ("" where nobody may know), and what.
    comments: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        return f"{self.source}-{self.id}"


@dataclass(frozen=True)
class Found:
    """A row of the statement: one of the four, and whether it moved since the last review."""

    moved: bool
    thing: Action | Request | Project | Decision


def read(session: Session, *, unit: BusinessUnit, window: Window, known: Known, on: date, today: date) -> list[Found]:
    """All that is open, came or moved in the window, or is known by its id. ``on``: the day of the review."""
    parts = (
        _actions(unit, window, known),
        _requests(unit, window, known),
        _projects(unit, window, known),
        _decisions(unit, max(on, today), known),
    )
    kept = union_all(*(select(part.subquery()) for part in parts)).subquery()
    rows = session.execute(
        select(kept.c.moved, Action, Request, Project, Decision)
        .select_from(kept)
        .outerjoin(Action, _is(kept, Source.ACTION, Action.id))
        .outerjoin(Request, _is(kept, Source.REQUEST, Request.id))
        .outerjoin(Project, _is(kept, Source.PROJECT, Project.id))
        .outerjoin(Decision, _is(kept, Source.DECISION, Decision.id))
        .outerjoin(Person, Person.id == func.coalesce(Action.owner_id, Project.lead_id, Request.requester_id))
        .options(contains_eager(Action.owner), contains_eager(Project.lead), contains_eager(Request.requester))
        .order_by(kept.c.kind, kept.c.place)
    )
    return [Found(bool(row.moved), next(thing for thing in row[1:] if thing is not None)) for row in rows]


def _is(kept: Any, kind: Source, id_: SQLColumnExpression[int]) -> ColumnElement[bool]:
    return and_(kept.c.kind == kind.value, kept.c.id == id_)


def _part(
    kind: Source,
    table: Any,
    *,
    unit: BusinessUnit,
    known: Known,
    wanted: ColumnElement[bool],
    order: Sequence[ColumnElement[Any]],
    moved: ColumnElement[bool],
) -> Select[Any]:
    """Ids of one kind, in the order in which too many are cut; known ones are never cut."""
    ids = known.get(kind, ())
    place = func.row_number().over(order_by=(case((table.id.in_(ids), 0), else_=1), *order, table.id.asc()))
    return (
        select(
            literal(kind.value).label("kind"),
            table.id.label("id"),
            place.label("place"),
            case((moved, 1), else_=0).label("moved"),
        )
        .where(table.unit_id == unit.id, or_(wanted, table.id.in_(ids)))
        .order_by(place)
        .limit(MOST + len(ids))
    )


def _actions(unit: BusinessUnit, window: Window, known: Known) -> Select[Any]:
    settled = and_(Action.state != ActionState.OPEN, window.holds(Action.settled_at))
    return _part(
        Source.ACTION,
        Action,
        unit=unit,
        known=known,
        wanted=or_(Action.state == ActionState.OPEN, settled),
        order=(Action.due_on.asc().nulls_last(),),
        moved=settled,
    )


def _requests(unit: BusinessUnit, window: Window, known: Known) -> Select[Any]:
    moved = or_(window.holds(Request.decided_at), window.holds(Request.delivered_at))
    return _part(
        Source.REQUEST,
        Request,
        unit=unit,
        known=known,
        wanted=or_(Request.state.in_(OPEN_STATES), moved),
        order=(Request.logged_on.desc(),),
        moved=moved,
    )


def _projects(unit: BusinessUnit, window: Window, known: Known) -> Select[Any]:
    step = (ProjectStep.project_id == Project.id, window.holds(ProjectStep.at), window.is_new(ProjectStep.meeting_id))
    return _part(
        Source.PROJECT,
        Project,
        unit=unit,
        known=known,
        wanted=projects.carries_over(),
        order=projects.in_order(),
        moved=exists().where(*step).correlate(Project),
    )


def _decisions(unit: BusinessUnit, on: date, known: Known) -> Select[Any]:
    """Those whose day to look again has come, or that are old and never had one; and no review has gone through yet."""
    due = or_(Decision.revisit_on <= on, and_(Decision.revisit_on.is_(None), Decision.decided_on <= on - OLD))
    return _part(
        Source.DECISION,
        Decision,
        unit=unit,
        known=known,
        wanted=and_(due, ~_gone_through()),
        order=(Decision.revisit_on.desc().nulls_last(), Decision.decided_on.desc()),
        moved=Decision.revisit_on.is_not(None),
    )


def _gone_through() -> ColumnElement[bool]:
    settled = (AgendaItem.source == Source.DECISION, AgendaItem.source_id == Decision.id, AgendaItem.settled.is_(True))
    since = Review.held_on >= func.coalesce(Decision.revisit_on, Decision.decided_on)
    mine = Review.unit_id == Decision.unit_id
    return exists().where(AgendaItem.review_id == Review.id, mine, since, *settled).correlate(Decision)
