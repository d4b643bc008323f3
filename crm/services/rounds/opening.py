"""Opening a round: the one place where it is written down, with a personal link for each person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from crm.errors import Invalid
from crm.policy import Actor
from crm.services import clock, languages, organisation, outbox, question_sets, rating_mail, totals
from crm.services.confidentiality import promise
from crm.services.languages import Language
from crm.services.outbox import Draft
from crm.services.secrets import hashed, new_token
from models.base import Json
from models.mail import MailKind
from models.person import Person
from models.project import Project
from models.question import Instrument
from models.rating import Audience, Confidentiality, Invitation, Round
from models.unit import BusinessUnit

#: How long a round stays open.
DAYS = 14


def open_round(
    session: Session,
    *,
    unit: BusinessUnit,
    people: Sequence[Person],
    instrument: Instrument,
    confidentiality: Confidentiality,
    audience: Audience,
    now: datetime,
    by: Actor,
    occasion: str | None = None,
    review_id: int | None = None,
    project_id: int | None = None,
    draw: Json | None = None,
    days: int = DAYS,
) -> Round:
    """Open a round and send each of the people a link. Who may be asked is for the caller to know.

    It closes at the end of its last day, in the unit's time zone. Raises Invalid("people") when the unit is closed;
    the database refuses an occasion that had its round (IntegrityError).
    """
    if not unit.is_open:
        raise Invalid("people", f"{unit.name} is closed, so nobody is asked about it.")
    questions = question_sets.current(session, instrument=instrument, now=now)
    opened = Round(
        unit_id=unit.id,
        instrument=instrument,
        audience=audience,
        occasion=occasion,
        review_id=review_id,
        project_id=project_id,
        draw=draw,
        set_id=questions.id if questions else None,
        opened_at=now,
        closes_at=closing(unit, now, days),
        asked=len(people),
        asked_by_id=by.id,
    )
    promise(opened, confidentiality)
    session.add(opened)
    session.flush()
    language = organisation.current(session).language
    about = session.get_one(Project, project_id).name if project_id else ""
    drafts = [_invite(session, opened, unit, person, by, about, languages.of(person, language)) for person in people]
    session.flush()
    outbox.queue_all(session, drafts, kind=MailKind.RATING, now=now)
    totals.changed(session, round_ids=[opened.id])
    return opened


def closing(unit: BusinessUnit, now: datetime, days: int = DAYS) -> datetime:
    """When a round that opens now closes: at the end of its last day, in the unit's time zone."""
    after = clock.local_date(now, unit.time_zone) + timedelta(days=days + 1)
    return datetime.combine(after, time(), unit.zone)


def last_day(closes_at: datetime, time_zone: str) -> date:
    """The last day, there, on which answers are taken."""
    return clock.local_date(closes_at - timedelta(seconds=1), time_zone)


def _invite(
    session: Session, opened: Round, unit: BusinessUnit, person: Person, by: Actor, about: str, say: Language
) -> Draft:
    token = new_token()
    session.add(Invitation(round_id=opened.id, person_id=person.id, token_hash=hashed(token)))
    told = rating_mail.write(
        say,
        unit=unit,
        to=person,
        asked_by=by.person,
        closes_at=opened.closes_at,
        now=opened.opened_at,
        instrument=opened.instrument,
        confidentiality=opened.confidentiality,
        project=about,
    )
    key = f"rating:{opened.id}:{person.id}"
    return Draft(key, person, told.subject, told.body, say, path=f"/r/{token}", button=told.button)
