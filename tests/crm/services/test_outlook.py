"""The lower half of the portfolio: figures with both their numbers, and the rows behind them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from crm.errors import Forbidden
from crm.services import outlook
from crm.services.outlook.told import Outlook
from models.person import Person
from models.unit import BusinessUnit
from tests.cast import Cast
from tests.factories.relationships import NOW, TODAY, Stage, ago, statements

QUARTER = TODAY - timedelta(days=90)


@pytest.fixture
def stage(session: Session, cast: Cast) -> Stage:
    return Stage(session)


def read(stage: Stage, by: Person, branch: BusinessUnit | None = None) -> Outlook:
    return outlook.read(
        stage.session,
        by=stage.actor(by),
        branch_id=branch.id if branch else None,
        since=QUARTER,
        until=TODAY + timedelta(days=1),
        now=NOW,
    )


def test_a_business_head_may_not_read_it(stage: Stage, cast: Cast) -> None:
    with pytest.raises(Forbidden):
        read(stage, cast.head)


def test_four_statements_however_many_units(stage: Stage, cast: Cast) -> None:
    for number in range(8):
        stage.steady(f"Sales {number}", cast.rep)
    by = stage.actor(cast.cio)
    with statements(stage.session) as sent:
        outlook.read(stage.session, by=by, branch_id=cast.finance.id, since=QUARTER, until=TODAY, now=NOW)
    assert len(sent) == 4


def test_held_of_due_now_and_before(stage: Stage, cast: Cast) -> None:
    unit = stage.unit("Sales")
    stage.lead(unit, cast.rep)
    stage.review(unit, ago(40), held=ago(40))
    stage.review(unit, ago(75))
    stage.review(unit, ago(120))
    found = read(stage, cast.cio).reviews
    assert (found.now.held, found.now.due) == (1, 2)
    assert (found.before.held, found.before.due) == (0, 1)
