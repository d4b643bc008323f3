"""What opens by itself in the next thirty days, as things stand today, so that nobody is surprised."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Action, Actor
from crm.services import pages, words
from crm.services.organisation import Organisation
from crm.services.rounds.due import Due, all_due
from crm.services.rounds.known import Known, load
from crm.services.rounds.telling import months_words
from crm.services.rounds.walking import Step, Walk
from models.question import Instrument
from models.rating import Audience
from models.unit import BusinessUnit, Part

DAY = timedelta(days=1)
DAYS = 30 * DAY


@dataclass(frozen=True)
class Ahead:
    """A round to come. ``who`` is asked; ``why`` on that day, or why it is left out."""

    unit: BusinessUnit
    day: date
    instrument: Instrument
    who: str
    why: str
    is_left_out: bool


def listed(
    session: Session, *, by: Actor, now: datetime, house: Organisation, unit_id: int | None = None, number: int = 1
) -> pages.Page[Ahead]:
    """In the order of their days, of all open units or of one. Seven statements."""
    policy.require(by, Action.MANAGE_ASKING)
    known = load(session, now=now, until=by.today + DAYS, house=house)
    steps = [step for step in _steps(known, by.today) if unit_id in (None, step.due.unit_id)]
    steps.sort(key=lambda step: (step.day, known.units[step.due.unit_id].name.casefold(), step.due.occasion))
    start = (number - 1) * pages.SIZE
    shown = [_told(known, step, by.today) for step in steps[start : start + pages.SIZE]]
    return pages.Page(shown, number, len(steps) > start + pages.SIZE)


def _steps(known: Known, today: date) -> Iterator[Step]:
    return (step for step in Walk(known, today, all_due(known)).steps(known.until) if step.day >= today)


def _told(known: Known, step: Step, today: date) -> Ahead:
    due = step.due
    why = _left_out(step, today) if step.is_left_out else _reason(known, due, today) + _put_off(step, today)
    return Ahead(known.units[due.unit_id], step.day, due.instrument, _who(known, step), why, step.is_left_out)


def _reason(known: Known, due: Due, today: date) -> str:
    if due.instrument is Instrument.PROJECT:
        name = next(project.name for project in known.projects if project.id == due.project_id)
        return f"{months_words(due.occasion)} “{name}” was delivered"
    if due.review_id:
        on = next(review.on for review in known.reviews[due.unit_id] if review.id == due.review_id)
        return f"after the review of {words.day(on, today)}"
    return "once a quarter"


def _put_off(step: Step, today: date) -> str:
    if step.day == step.due.on:
        return ""
    was = words.day(step.due.on, today)
    return f"; was due on {was}" if step.day <= today + DAY else f"; put off from {was}, so that people rest"


def _left_out(step: Step, today: date) -> str:
    if step.survey_on:
        return f"left out: they are asked in the survey of {words.day(step.survey_on, today)}"
    return "left out: they were asked too lately"


def _who(known: Known, step: Step) -> str:
    due, asked = step.due, step.people or step.due.group
    if due.is_expected:
        return "who of it is there"
    if due.audience is Audience.END_USERS:
        sample = known.rules.sample
        return f"{sample} drawn of {len(asked)} end users" if len(asked) > sample else _counted(len(asked), "end user")
    if due.audience is Audience.ATTENDEES:
        return _counted(len(asked), "person", "people") + " who " + ("was" if len(asked) == 1 else "were") + " there"
    heads = sum(able.part is Part.HEAD for able in asked)
    parts = (["its head"] if heads else []) + ([_counted(len(asked) - heads, "key user")] if len(asked) > heads else [])
    return words.listed(parts)


def _counted(number: int, one: str, many: str | None = None) -> str:
    return words.counted(number, one, many)
