"""What cannot be taken of a meeting as told, each thing with the field it belongs beside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from crm.errors import Conflict, Invalid
from crm.services import attendees, clock
from crm.services.new_meetings import NewMeeting, NewProject
from models.action import Action
from models.agenda import AgendaItem
from models.project import OVER, Project
from models.review import Review
from models.unit import BusinessUnit

STRANGER = "is neither of this unit nor from IT."
MOST_MINUTES = 24 * 60


def mistakes(session: Session, *, unit: BusinessUnit, new: NewMeeting, now: datetime) -> list[Invalid]:
    """Everything that keeps this meeting from being logged, each with its field.

    Fields: ``held_on``, ``lasted``, ``attendees``, ``settled``, ``agenda_done``, and in row N, counting all from 0:
    ``actions-N-text|owner_id|due_on``, ``requests-N-title|business_need|requester_id``,
    ``decisions-N-text|revisit_on``, ``praises-N-text|person_id``, ``projects-N-name|milestone|state``.
    """
    today = clock.local_date(now, unit.time_zone)
    admitted = attendees.admitted(session, unit=unit, ids=new.people, days={new.held_on, today})
    return [
        *_in_the_day(new, today),
        *_in_the_minutes(new),
        *_in_the_attendees(new, admitted),
        *_in_the_actions(new, admitted),
        *_in_the_requests(new, admitted),
        *_in_the_decisions(new),
        *_in_the_praises(new, admitted),
        *_in_the_projects(session, unit, new),
        *_in_the_ticks(session, unit, new),
        *_in_the_agenda(session, unit, new),
    ]


def _in_the_day(new: NewMeeting, today: date) -> Iterator[Invalid]:
    if new.held_on > today:
        yield Invalid("held_on", "That day is still to come. Log the meeting once it was held.")
    if new.lasted is not None and not 0 < new.lasted <= MOST_MINUTES:
        yield Invalid("lasted", "Say how many minutes it took: between 1 and 1,440.")


def _in_the_minutes(new: NewMeeting) -> Iterator[Invalid]:
    if new.share and not new.minutes:
        yield Invalid("minutes", "There is nothing to share yet. Write what was said, or save without sharing.")


def _in_the_attendees(new: NewMeeting, admitted: frozenset[int]) -> Iterator[Invalid]:
    if not admitted.issuperset(new.attendees):
        yield Invalid("attendees", f"Somebody ticked here {STRANGER}")


def _in_the_actions(new: NewMeeting, admitted: frozenset[int]) -> Iterator[Invalid]:
    for row, action in enumerate(new.actions):
        if not action.text and not action.is_blank:
            yield Invalid(f"actions-{row}-text", "Say what will be done, or clear the owner and the date.")
        if action.owner_id is not None and action.owner_id not in admitted:
            yield Invalid(f"actions-{row}-owner_id", f"This person {STRANGER}")
        if action.due_on is not None and action.due_on < new.held_on:
            yield Invalid(f"actions-{row}-due_on", "That is before the meeting.")


def _in_the_requests(new: NewMeeting, admitted: frozenset[int]) -> Iterator[Invalid]:
    for row, request in enumerate(new.requests):
        if request.is_blank:
            continue
        if not request.title:
            yield Invalid(f"requests-{row}-title", "Say in a few words what is asked for.")
        if not request.business_need:
            yield Invalid(f"requests-{row}-business_need", "Say what the unit needs it for.")
        if request.requester_id is not None and request.requester_id not in admitted:
            yield Invalid(f"requests-{row}-requester_id", f"This person {STRANGER}")


def _in_the_decisions(new: NewMeeting) -> Iterator[Invalid]:
    for row, decision in enumerate(new.decisions):
        if not decision.text and not decision.is_blank:
            yield Invalid(f"decisions-{row}-text", "Say what was decided, or clear the day.")
        if decision.revisit_on is not None and decision.revisit_on <= new.held_on:
            yield Invalid(f"decisions-{row}-revisit_on", "Choose a day after the meeting.")


def _in_the_praises(new: NewMeeting, admitted: frozenset[int]) -> Iterator[Invalid]:
    for row, praise in enumerate(new.praises):
        if not praise.text and not praise.is_blank:
            yield Invalid(f"praises-{row}-text", "Say what they are glad of, or clear the name.")
        if praise.person_id is not None and praise.person_id not in admitted:
            yield Invalid(f"praises-{row}-person_id", f"This person {STRANGER}")


def _in_the_projects(session: Session, unit: BusinessUnit, new: NewMeeting) -> Iterator[Invalid]:
    told = {row: project for row, project in enumerate(new.projects) if not project.is_blank}
    if not told:
        return
    ids = {project.project_id for project in told.values()}
    known = or_(Project.id.in_(ids - {None}), Project.stage.not_in(OVER))
    found = session.scalars(select(Project).where(Project.unit_id == unit.id, known)).all()
    by_id = {project.id: project for project in found}
    names = {project.name.lower() for project in found if project.stage not in OVER}
    for row, project in told.items():
        yield from _in_project(f"projects-{row}", project, by_id, names)


def _in_project(row: str, told: NewProject, found: Mapping[int, Project], names: set[str]) -> Iterator[Invalid]:
    if told.milestone_on is not None and not told.milestone:
        yield Invalid(f"{row}-milestone", "Say what is due on that day.")
    if told.project_id is None:
        if not told.name:
            yield Invalid(f"{row}-name", "Give the project a name.")
        if told.name.lower() in names:
            yield Conflict(f"{row}-name", f"“{told.name}” is on the list already.")
        names.add(told.name.lower())
    elif (project := found.get(told.project_id)) is None:
        yield Invalid(f"{row}-state", "This project is no longer on the list.")
    elif NewProject.of(project).signature not in (told.seen, told.signature):
        yield Conflict(
            f"{row}-state", f"Somebody changed this meanwhile, to {_in_words(project)}. Save again to keep yours."
        )


def _in_words(project: Project) -> str:
    said = f": {project.state}" if project.state else ""
    return f"“{project.stage.replace('_', ' ')}{said}”"


def _in_the_ticks(session: Session, unit: BusinessUnit, new: NewMeeting) -> Iterator[Invalid]:
    if not new.settled:
        return
    mine = select(func.count(Action.id)).where(Action.id.in_(new.settled), Action.unit_id == unit.id)
    if session.scalar(mine) != len(new.settled):
        yield Invalid("settled", "An action ticked here belongs to another unit.")


def _in_the_agenda(session: Session, unit: BusinessUnit, new: NewMeeting) -> Iterator[Invalid]:
    if not new.agenda_done:
        return
    mine = select(func.count(AgendaItem.id)).join(AgendaItem.review).where(Review.unit_id == unit.id)
    if session.scalar(mine.where(AgendaItem.id.in_(new.agenda_done))) != len(new.agenda_done):
        yield Invalid("agenda_done", "A point ticked here belongs to another agenda.")
