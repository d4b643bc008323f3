"""Finance, its rep, the review held last month and the one to prepare."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from crm.services import agenda
from crm.services.agenda import Agenda
from models import BusinessUnit, Meeting, MeetingKind, Person, Review
from tests.factories.relationships import NOW, Stage, ago, ahead

#: The last review was held on its planned day, at ten o'clock for an hour.
LAST = ago(30)
LAST_ENDED = datetime(2026, 10, 21, 11, tzinfo=NOW.tzinfo)


@pytest.fixture
def stage(session: Session) -> Stage:
    return Stage(session)


@pytest.fixture
def ines(stage: Stage) -> Person:
    return stage.person("Ines Carvalho", is_rep=True)


@pytest.fixture
def finance(stage: Stage, ines: Person) -> BusinessUnit:
    unit = stage.unit("Finance")
    stage.lead(unit, ines)
    return unit


@pytest.fixture
def last(stage: Stage, finance: BusinessUnit) -> Meeting:
    """The review held last, logged an hour after its end."""
    held = stage.review(finance, LAST, held=LAST)
    meeting = stage.meeting(finance, LAST, kind=MeetingKind.REVIEW, review_id=held.id)
    meeting.logged_at = LAST_ENDED + timedelta(hours=1)
    stage.session.flush()
    return meeting


@pytest.fixture
def review(stage: Stage, finance: BusinessUnit) -> Review:
    return stage.review(finance, ahead(3))


Read = Callable[[], Agenda]


@pytest.fixture
def read(stage: Stage, ines: Person, review: Review) -> Read:
    """The agenda as the rep sees it now."""

    def reading() -> Agenda:
        stage.session.flush()
        return agenda.read(stage.session, by=stage.actor(ines), review=review, now=NOW)

    return reading


def suggested(found: Agenda) -> dict[str, str]:
    """What is on it or could be, by text, with what stands behind it."""
    points = (*found.on, *found.off, *found.news)
    return {point.text: point.evidence.said if point.evidence else "" for point in points}
