"""How relationships stand, by rep or branch: what was said, reviews held of due, health. One statement each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from crm.services import compliance
from crm.services.comparing import Line, Show, Wanted, lines
from crm.services.comparing.wanted import groups
from crm.services.outlook import Where
from crm.services.side_by_side.told import Health, Held
from crm.services.tallies import Tally
from crm.stats.difference import Difference
from crm.stats.health import Level, level_of
from models.health import HealthSnapshot
from models.review import Review
from models.total import OVERALL
from models.unit import BusinessUnit

NOTHING = Line(None, "", Tally(), Tally(), 0, Difference(), Difference())


def said(session: Session, statement: Select[Any], show: Show) -> dict[Any, Line]:
    """Of such a statement as ``comparing`` makes: each beside all the others, in the order of a ranking."""
    return lines.beside(groups(session, statement, OVERALL), {}, show)


def spoken(where: Where) -> Wanted:
    """What was said in the whole months of the time."""
    return Wanted(where.months, branch_id=where.branch_id)


def held(session: Session, where: Where, key: Any, tied: Any, on: Any) -> dict[Any, Held]:
    """``key``: a column of ``tied``, which is tied to each review by ``on``."""
    counted = (
        select(key.label("key"), *(column.label(column.name) for column in _counts(where)))
        .select_from(Review)
        .join(BusinessUnit, BusinessUnit.id == Review.unit_id)
        .outerjoin(tied, on)
        .where(where.condition(), Review.planned_on >= where.stretch.since, Review.planned_on < where.stretch.until)
        .group_by(key)
    )
    return {row[0]: Held(compliance.Figure(*row[1:])) for row in session.execute(counted)}


def _counts(where: Where) -> list[Any]:
    return compliance.counts(where.here)


def health(session: Session, where: Where, key: Any, tied: Any, on: Any, day: Any) -> Mapping[Any, Health]:
    """``on`` ties BusinessUnit to it. Added up by score, so that units of each level can be counted too."""
    kept = HealthSnapshot
    counted = (
        select(key.label("key"), kept.score, func.count())
        .select_from(BusinessUnit)
        .join(tied, on)
        .outerjoin(kept, (kept.unit_id == BusinessUnit.id) & kept.in_force(day))
        .where(where.condition())
        .group_by(key, kept.score)
    )
    found: dict[Any, Health] = {}
    for one, score, many in session.execute(counted):
        found[one] = _added(found.get(one, Health()), score, many)
    return found


def _added(to: Health, score: int | None, many: int) -> Health:
    levels: Counter[Level] = to.levels + Counter({level_of(score): many})
    if score is None:
        return Health(to.total, to.known, to.units + many, levels)
    return Health(to.total + score * many, to.known + many, to.units + many, levels)
