"""What the CIO's page says of the demonstration: it names each story, and calls nothing a signal that is not one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import policy
from crm.services import heat, portfolio_lede, portfolio_movers
from crm.services.heat import Wanted
from crm.services.portfolio_sentence import Lede
from models import Person
from models.health import Movement
from tests.crm.demo.fernhill import TODAY, loaded, noon

#: The day of the other tests, and the end of a month of another year.
DAYS = (TODAY, date(2027, 8, 31))


@pytest.fixture(scope="module", params=DAYS, ids=str)
def day(request: pytest.FixtureRequest) -> date:
    found: date = request.param
    return found


@pytest.fixture(scope="module")
def session(day: date, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    folder: Path = tmp_path_factory.mktemp("sentence")
    with loaded(folder, day) as opened:
        yield opened


def _by(session: Session, day: date) -> policy.Actor:
    return policy.actor_for(session, session.scalars(select(Person).where(Person.is_cio)).one(), day)


def _wanted(day: date) -> Wanted:
    return Wanted(on=day, since=date(day.year, day.month - 3, 1))


def _lede(session: Session, day: date) -> Lede:
    by, wanted = _by(session, day), _wanted(day)
    movers = portfolio_movers.read(session, by=by, wanted=wanted)
    return portfolio_lede.read(session, by=by, wanted=wanted, movers=movers, now=noon(day))


def test_the_sentence_names_finance_marketing_and_manufacturing(session: Session, day: date) -> None:
    lede = _lede(session, day)
    assert lede.finding.endswith(" of twelve relationships need you.")
    assert "Finance is slipping, and that is not noise: " in lede.rest
    assert "Marketing has had no rep since" in lede.rest
    assert "Manufacturing is clearly better." in lede.rest


def test_the_map_colours_the_stories_and_leaves_the_ordinary_alone(session: Session, day: date) -> None:
    found = heat.read(session, by=_by(session, day), wanted=_wanted(day))
    moves = {line.code: line.movement for line in found.page.rows}
    assert len(moves) == 12
    assert moves["FIN"] is Movement.SLIPPING
    assert moves["MFG"] is Movement.IMPROVING
    assert sum(movement is Movement.STEADY for movement in moves.values()) >= 8
    scores = {line.code: line.score or 0 for line in found.page.rows}
    assert scores["LEG"] == max(scores.values())
