"""What a unit asked for, what was decided, and what came of it: only what the unit may read of its own requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from crm.documents.content import Cell, Item, Items, Section, Table, Text, Tone
from crm.services import words
from crm.services.packs.stretch import MOST, Bounded, Stretch, more, table, with_rest
from models.meeting import Meeting
from models.rating import CommentOutcome, Response, Round
from models.remark import Decision
from models.request import DONE, OPEN_STATES, Request, RequestState

#: How a request stands, as the unit reads it.
STANDS = {
    RequestState.LOGGED: "Waits for our answer",
    RequestState.LOOKING: "We look into it",
    RequestState.WAITING: "We asked back",
    RequestState.ACCEPTED: "Yes, not begun yet",
    RequestState.DECLINED: "No",
    RequestState.DELIVERING: "In work",
    RequestState.DELIVERED: "There, to be confirmed",
    RequestState.CONFIRMED: "Done, and confirmed",
}
NOTHING_INSTEAD = "Nothing yet"


@dataclass(frozen=True)
class Asked:
    """``done``: delivered in the stretch; ``refused``: in the stretch, or with
    nothing in its place for a year at most, those first; ``moved``:
    open now, or decided or delivered in the stretch; ``outcomes``: what came of comments, where the unit is told."""

    done: Bounded
    refused: Bounded
    empty_handed: int
    moved: Bounded
    open: int
    outcomes: Bounded
    decisions: Bounded


def read(session: Session, stretch: Stretch) -> Asked:
    """Seven statements, however many requests there are."""
    mine = Request.unit_id == stretch.unit.id
    delivered = and_(mine, Request.state.in_(DONE), stretch.holds(Request.delivered_at))
    owed = and_(_nothing(), stretch.is_recent(Request.decided_at))
    refused = and_(mine, Request.state == RequestState.DECLINED, or_(stretch.holds(Request.decided_at), owed))
    is_open = and_(mine, Request.state.in_(OPEN_STATES))
    lately = or_(stretch.holds(Request.decided_at), stretch.holds(Request.delivered_at), is_open)
    counted = (delivered, refused, and_(refused, _nothing()), lately, is_open)
    counts = session.execute(select(*(func.count(case((one, 1))) for one in counted)).where(mine)).one()
    nothing_first = case((_nothing(), 0), else_=1)
    return Asked(
        done=Bounded(_requests(session, delivered, Request.delivered_at.desc()), counts[0]),
        refused=Bounded(_requests(session, refused, nothing_first, Request.decided_at.desc()), counts[1]),
        empty_handed=counts[2],
        moved=Bounded(_requests(session, and_(mine, lately), Request.logged_on.desc()), counts[3]),
        open=counts[4],
        outcomes=_outcomes(session, stretch),
        decisions=_decisions(session, stretch),
    )


def _nothing() -> ColumnElement[bool]:
    return Request.alternative == ""


def _requests(session: Session, wanted: ColumnElement[bool], *order: ColumnElement[Any]) -> list[Request]:
    return list(session.scalars(select(Request).where(wanted).order_by(*order, Request.id.desc()).limit(MOST)))


def _outcomes(session: Session, stretch: Stretch) -> Bounded:
    """In the rep's words, never in the writer's, and only of comments that may be read at all."""
    told = (CommentOutcome.unit_id == stretch.unit.id, CommentOutcome.is_for_unit, Round.comments_shown)
    rows = session.scalars(
        select(CommentOutcome)
        .join(CommentOutcome.response)
        .join(Response.round)
        .where(*told, stretch.holds(CommentOutcome.made_at))
        .order_by(CommentOutcome.made_at.desc(), CommentOutcome.id.desc())
        .limit(MOST)
    ).all()
    return Bounded(rows, len(rows))


def _decisions(session: Session, stretch: Stretch) -> Bounded:
    """Of meetings whose minutes the unit was sent: before that, they are for IT alone."""
    shared = (Decision.unit_id == stretch.unit.id, Meeting.shared_version > 0, stretch.holds_day(Decision.decided_on))
    found = select(Decision).join(Decision.meeting).where(*shared)
    newest = found.order_by(Decision.decided_on.desc(), Decision.id.desc()).limit(MOST + 1)
    rows = session.scalars(newest).all()
    count = len(rows) if len(rows) <= MOST else session.scalar(select(func.count()).select_from(found.subquery())) or 0
    return Bounded(rows[:MOST], count)


def you_said(asked: Asked) -> Section:
    """You said, we did: comments answered, and requests delivered."""
    said = [Item(f"“{outcome.said}”", f"{outcome.done}", is_done=True) for outcome in asked.outcomes.rows]
    done = [_delivered(request) for request in asked.done.rows]
    told = with_rest([*said, *done], more(asked.done, "request delivered", "requests delivered"))
    return Section(
        "You said, we did",
        (Items(told, "Nothing was delivered in this time."),),
        evidence=(f"{words.capital(words.counted(asked.done.count, 'request'))} delivered in this time.",),
    )


def _delivered(request: Request) -> Item:
    confirmed = request.state is RequestState.CONFIRMED
    did = f"{request.did} " if request.did else ""
    state = "You said that it does what you needed." if confirmed else "Only you can say that it does what you needed."
    return Item(f"“{request.title}”", did + state, is_done=confirmed)


def refusals(asked: Asked) -> Section | None:
    """None where nothing was refused."""
    if not asked.refused.count:
        return None
    rows = tuple(
        (Cell(one.title, one.business_need), Cell(one.reason or "–"), _instead(one)) for one in asked.refused.rows
    )
    says = f"{words.capital(words.counted(asked.refused.count, 'wish', 'wishes'))} refused"
    empty = f", {words.number(asked.empty_handed)} with nothing in their place yet" if asked.empty_handed else ""
    heads = ("Wish, and the need behind it", "Why not", "What we offer instead")
    shown = Table(f"{says}{empty}.", heads, rows)
    rest = more(asked.refused, "wish refused", "wishes refused")
    return Section("Wishes we refused", (Text("", f"{says}{empty}."), *table(shown, rest)))


def _instead(request: Request) -> Cell:
    return Cell(request.alternative) if request.alternative else Cell(NOTHING_INSTEAD, tone=Tone.WORSE)


def requests(asked: Asked, stretch: Stretch) -> Section:
    """What moved in the stretch or is open, the newest first; and what was settled in shared minutes."""
    rows = tuple(_row(request, stretch) for request in asked.moved.rows)
    shown = Table(
        "Requests that are open, or were decided or delivered in this time.",
        ("Request, and what it is for", "Asked", "Stands"),
        rows,
        "Nothing was asked for, decided or delivered in this time.",
    )
    lead = f"{words.capital(words.counted(asked.open, 'request'))} open." if asked.moved.count else ""
    blocks = (*((Text("", lead),) if lead else ()), *table(shown, more(asked.moved, "request")))
    settled = [Item(" ".join(one.text.split()), f"{stretch.said(one.decided_on)}.") for one in asked.decisions.rows]
    if settled:
        decided = Items(with_rest(settled, more(asked.decisions, "decision")))
        return Section("Requests and decisions", (*blocks, Text("", "What we decided together:"), decided))
    return Section("Requests and decisions", blocks)


def _row(request: Request, stretch: Stretch) -> tuple[Cell, ...]:
    was_due = request.due_on if request.state in OPEN_STATES else None
    late = was_due is not None and was_due < stretch.today
    note = f"since {stretch.said(stretch.day(request.stands_since))}" if request.stands_since else ""
    tone = Tone.WORSE if late or (request.state is RequestState.DECLINED and not request.alternative) else Tone.PLAIN
    stands = Cell(
        STANDS[request.state], f"was due on {stretch.said(request.due_on)}" if late and request.due_on else note, tone
    )
    return Cell(request.title, request.business_need), Cell(stretch.said(request.logged_on)), stands
