"""Agendas that are kept: of the next review of the units in preparation, and of their last one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import policy
from crm.services import agenda
from crm.services.demo.projects import UnderWay
from crm.services.demo.promises import Made
from crm.services.demo.requests import Waiting
from crm.services.demo.reviews import Planned
from crm.services.demo.rows import Rows
from crm.services.demo.units import Unit
from models.agenda import AgendaItem, Source
from models.review import Review, ReviewState

MOST_PROMISES = 3
FIRST, LAST = "How it is going, in {unit}'s own words", "What we begin with next time"
TALKED_THROUGH = (FIRST, "Open promises", "Requests and answers", "Projects", LAST)


@dataclass(frozen=True)
class _Point:
    text: str
    minutes: int | None
    source: Source = Source.OWN
    source_id: int | None = None
    dropped: bool = False


def write(
    rows: Rows,
    unit: Unit,
    planned: Planned,
    *,
    promised: Sequence[Made],
    waiting: Sequence[Waiting],
    under_way: Sequence[UnderWay],
) -> None:
    """Nothing, unless the unit's story says that its reviews are prepared."""
    if not unit.story.prepared:
        return
    if planned.held:
        talked = [_Point(text.format(unit=unit.name), 10) for text in TALKED_THROUGH]
        _keep(rows, planned.held[-1].review_id, talked, settled=True)
    if planned.next_id:
        _keep(rows, planned.next_id, list(_to_raise(unit, promised, waiting, under_way)), settled=False)


def _to_raise(
    unit: Unit, promised: Sequence[Made], waiting: Sequence[Waiting], under_way: Sequence[UnderWay]
) -> Iterator[_Point]:
    yield _Point(FIRST.format(unit=unit.name), 10)
    for made in promised[:MOST_PROMISES]:
        yield _Point(made.text, 5, Source.ACTION, made.action_id)
    for request in waiting:
        yield _Point(request.title, 10, Source.REQUEST, request.request_id)
    for place, project in enumerate(under_way):
        text = f"{project.name}: {project.milestone}" if project.milestone else project.name
        yield _Point(text, 5, Source.PROJECT, project.project_id, dropped=place > 1)
    yield _Point(LAST, None)


def _keep(rows: Rows, review_id: int, points: Sequence[_Point], *, settled: bool) -> None:
    for position, point in enumerate(points, 1):
        rows.add(AgendaItem, review_id=review_id, position=position, **vars(point), settled=settled)


def leave_off(rows: Rows, session: Session, *, today: date, now: datetime) -> None:
    """What else there was to raise when an agenda was kept has been left off: none of it came later."""
    prepared = (Review.prepared_at.is_not(None), Review.state == ReviewState.PLANNED)
    for review in session.scalars(select(Review).where(*prepared).order_by(Review.id)):
        found = agenda.read(session, by=policy.application(today), review=review, now=now)
        for position, point in enumerate(found.news, len(found.on) + len(found.off) + 1):
            told = {"source": point.source, "source_id": point.about, "text": point.text, "minutes": point.minutes}
            rows.add(AgendaItem, review_id=review.id, position=position, **told, dropped=True, settled=False)
