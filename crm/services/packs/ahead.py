"""What comes next for a unit: project work, the agenda of the next review, and the day of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.documents.content import Cell, Item, Items, Section, Table, Text, Tone
from crm.policy import Action, Actor
from crm.services import agenda, projects, words
from crm.services.agenda import Point
from crm.services.packs.stretch import MOST, Bounded, Stretch, more, table, with_rest
from models.project import OVER, Project, Stage
from models.review import Review, ReviewState

STAGES = {
    Stage.IDEA: "An idea",
    Stage.PLANNED: "Planned",
    Stage.UNDER_WAY: "Under way",
    Stage.PAUSED: "Paused",
    Stage.DELIVERED: "Delivered",
    Stage.STOPPED: "Stopped",
}


@dataclass(frozen=True)
class Ahead:
    """``review``: the next one that is planned, with its rhythm; ``points``: of its agenda."""

    projects: Sequence[Project]
    review: Review | None
    points: Sequence[Point]


def read(session: Session, stretch: Stretch, *, by: Actor, now: datetime) -> Ahead:
    """Six statements at most."""
    planned = (
        Review.unit_id == stretch.unit.id,
        Review.state == ReviewState.PLANNED,
        Review.planned_on >= stretch.today,
    )
    soonest = select(Review).where(*planned).options(joinedload(Review.cadence)).order_by(Review.planned_on, Review.id)
    review = session.scalars(soonest.limit(1)).first()
    reads = review is not None and policy.can(by, Action.SEE_AGENDA, stretch.unit)
    points = agenda.read(session, by=by, review=review, now=now).on if review and reads else ()
    return Ahead(projects.under_way(session, stretch.unit.id), review, points)


def work(ahead: Ahead, stretch: Stretch) -> Section:
    """Project work that the next review goes through."""
    bounded = Bounded(ahead.projects[:MOST], len(ahead.projects))
    rows = tuple(_project(project, stretch) for project in bounded.rows)
    heads = ("Project", "Stands", "Next")
    shown = Table("Project work under way, and what is new since.", heads, rows, "No project is under way.")
    return Section("Project work", table(shown, more(bounded, "project")))


def _project(project: Project, stretch: Stretch) -> tuple[Cell, ...]:
    lead = f"{project.lead.name} leads it" if project.lead else ""
    due = project.milestone_on
    late = due is not None and project.stage not in OVER and due < stretch.today
    tone = Tone.WORSE if late else Tone.BETTER if project.stage is Stage.DELIVERED else Tone.PLAIN
    stands = words.late(due, stretch.today) if late and due else STAGES[project.stage]
    when = f"{'was due' if late else 'due'} on {stretch.said(due)}" if due else ""
    return (
        Cell(project.name, lead),
        Cell(words.capital(stands), project.state, tone),
        Cell(project.milestone or "–", when),
    )


def talk(ahead: Ahead, stretch: Stretch) -> Section | None:
    """What the next review goes through; nothing of it is for IT alone. None without one."""
    if ahead.review is None:
        return None
    bounded = Bounded(ahead.points[:MOST], len(ahead.points))
    items = [Item(point.text, _said(point)) for point in bounded.rows]
    told = with_rest(items, more(bounded, "point"))
    planned = stretch.said(ahead.review.planned_on)
    title = f"Agenda of the review on {planned}"
    return Section(title, (Items(told, "Nothing is on the agenda yet."),), aside=f"{ahead.review.minutes} min")


def _said(point: Point) -> str:
    minutes = f"{point.minutes} min." if point.minutes else ""
    said = point.evidence.said if point.evidence else ""
    return " ".join(part for part in (f"{said}." if said and said[-1] != "." else said, minutes) if part)


def meeting(ahead: Ahead, stretch: Stretch) -> Text:
    """When we meet again."""
    if ahead.review is None:
        return Text("No review is planned yet.")
    at = ahead.review.planned_at.astimezone(stretch.zone)
    place = f", {ahead.review.cadence.place}" if ahead.review.cadence.place else ""
    return Text(f"{at:%A} {stretch.said(at.date())} at {at:%H:%M}{place}.", "We meet on")
