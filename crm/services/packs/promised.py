"""What was promised to a unit and by it, and what was kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from crm.documents.content import Item, Items, Section, Text, Tone
from crm.services import words
from crm.services.packs.stretch import MOST, Bounded, Stretch, more, with_rest
from models.action import Action, ActionState

NOBODY = "nobody owns it yet"


@dataclass(frozen=True)
class Promised:
    """``settled``: in the stretch, newest first; ``open``: today, the soonest due first. ``kept``: done in time, of
    those that were ``due``: settled in the stretch, or overdue now."""

    settled: Bounded
    open: Bounded
    kept: int
    due: int
    overdue: int

    @property
    def finding(self) -> str:
        """ "nine of eleven promises were kept in time"."""
        if not self.due:
            return "no promise was due"
        return f"{words.number(self.kept)} of {words.counted(self.due, 'promise')} kept in time"


def read(session: Session, stretch: Stretch) -> Promised:
    """Three statements, however many promises there are."""
    settled = and_(Action.state != ActionState.OPEN, stretch.holds(Action.settled_at))
    is_open = Action.state == ActionState.OPEN
    mine = Action.unit_id == stretch.unit.id
    whole = select(Action).where(mine).options(joinedload(Action.owner)).limit(MOST)
    done = session.scalars(whole.where(settled).order_by(Action.settled_at.desc(), Action.id)).all()
    waiting = session.scalars(whole.where(is_open).order_by(Action.due_on.asc().nulls_last(), Action.id)).all()
    all_of = session.execute(
        select(Action.state, Action.due_on, Action.settled_at).where(mine, or_(settled, is_open))
    ).all()
    over = [row for row in all_of if row.state is not ActionState.OPEN]
    late = sum(1 for row in all_of if row.state is ActionState.OPEN and _is_past(row.due_on, stretch.today))
    kept = sum(1 for row in over if _was_kept(stretch, row.state, row.due_on, row.settled_at))
    return Promised(
        Bounded(done, len(over)), Bounded(waiting, len(all_of) - len(over)), kept, len(over) + late, overdue=late
    )


def _is_past(due: date | None, today: date) -> bool:
    return due is not None and due < today


def _was_kept(stretch: Stretch, state: ActionState, due: date | None, settled: datetime | None) -> bool:
    """Done, and not after its day where it had one."""
    return state is ActionState.DONE and (due is None or settled is None or stretch.day(settled) <= due)


def section(promised: Promised, stretch: Stretch) -> Section:
    """What was settled in the stretch, kept or not."""
    items = [_settled(action, stretch) for action in promised.settled.rows]
    told = with_rest(items, more(promised.settled, "promise"))
    lead = f"{words.capital(promised.finding)}."
    rest = f"{words.capital(words.counted(promised.overdue, 'promise'))} overdue today." if promised.overdue else ""
    return Section(
        "What we promised each other",
        (Text(rest, lead), Items(told, "Nothing was settled in this time.")),
        evidence=(f"Promises settled from {stretch.said(stretch.since)} to {stretch.said(stretch.until)}.",),
    )


def _settled(action: Action, stretch: Stretch) -> Item:
    on = f" on {stretch.said(stretch.day(action.settled_at))}" if action.settled_at else ""
    who = f"{action.owner.name}, " if action.owner else ""
    if action.state is ActionState.DROPPED:
        return Item(action.text, f"{who}dropped{on}.", is_done=False)
    if _was_kept(stretch, action.state, action.due_on, action.settled_at):
        return Item(action.text, f"{who}done{on}.", is_done=True)
    due = stretch.said(action.due_on) if action.due_on else ""
    return Item(action.text, f"{who}done{on}, promised for {due}.", is_done=True, tone=Tone.WORSE)


def next_steps(promised: Promised, stretch: Stretch) -> Items:
    """What is open today, and who does it by when."""
    items = [_open(action, stretch) for action in promised.open.rows]
    return Items(with_rest(items, more(promised.open, "promise")), "No promise is open.")


def _open(action: Action, stretch: Stretch) -> Item:
    who = action.owner.name if action.owner else NOBODY
    if action.due_on is None:
        return Item(action.text, f"{who}, without a day.", is_done=False)
    if action.due_on < stretch.today:
        return Item(action.text, f"{who}, overdue since {stretch.said(action.due_on)}.", False, Tone.WORSE)
    return Item(action.text, f"{who}, by {stretch.said(action.due_on)}.", is_done=False)
