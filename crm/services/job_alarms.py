"""A job that failed at every try is said to the administrators by mail: the page shows it only to who looks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services import languages, organisation, outbox
from crm.services.languages import Language
from crm.services.wording import Wording, paragraphs
from models.person import Person


def tell(session: Session, *, job: str, due: str, error: str, now: datetime) -> int:
    """One mail to each administrator for each due time of a job, however often it is told. Returns how many."""
    here = (Person.is_administrator.expression, Person.left_on.is_(None))
    house = organisation.current(session).language
    told = 0
    for person in session.scalars(select(Person).where(*here).order_by(Person.id)).all():
        mail = _wording(languages.of(person, house), to=person, job=job, error=error)
        key = f"job failed {job} {due} {person.id}"
        told += bool(
            outbox.queue(
                session,
                key=key,
                to=person,
                subject=mail.subject,
                body=mail.body,
                button=mail.button,
                path=f"/jobs?job={job}",
                now=now,
            )
        )
    return told


def _wording(say: Language, *, to: Person, job: str, error: str) -> Wording:
    return Wording(
        subject=say("{job} failed three times", job=job),
        body=paragraphs(
            say.greeting(to),
            say("{job} was tried three times and failed. The last reason: {error}", job=job, error=error),
            say("It is tried again when it is due the next time. Until then nothing of it happens."),
        ),
        button=say("Work on time"),
    )
