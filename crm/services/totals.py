"""What is kept of many answers, kept right here and nowhere else.

Whoever changes an answer, who was asked, what may be shown, or who led a unit then, calls :func:`changed` in the same
transaction. Only rounds whose scores are shown are in it, and of a question only what enough people answered; so what
is summed up from it gives nothing away that a round does not say itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Label, SQLColumnExpression, delete, func, insert, select, tuple_
from sqlalchemy.orm import Session, joinedload

from crm.services import clock
from crm.services.leads import Leads
from crm.stats.promoters import DETRACTOR_TO, PROMOTER_FROM
from crm.stats.wilson import SATISFIED_FROM
from models.base import Base
from models.question import Per, Question, QuestionKind
from models.rating import Answer, Response, Round
from models.total import OVERALL, PeriodTotal, RoundTotal
from models.unit import BusinessUnit

#: A row of one of the two tables: column to value.
Row = dict[str, Any]
#: What the rounds of a month add up to.
SUMS = ("asked", "n", "total", "squares", "satisfied", "promoters", "detractors")
#: What they have in common.
GROUPED_BY = ("unit_id", "month", "lead_id", "instrument", "speaks_for_unit", "measure", "about", "is_of_chance")
NOTHING = dict.fromkeys((*SUMS, "weights", "weight_total"), 0)


def changed(session: Session, *, round_ids: Collection[int]) -> None:
    """Make the totals of these rounds, and of the months they opened in, what their answers say. Safe to repeat.

    Ten statements at most. The units stay locked until the transaction ends: of two who change one unit's totals at
    once the second waits, and then counts what the first wrote.
    """
    session.flush()
    lock(session, select(Round.unit_id).where(Round.id.in_(round_ids)))
    rounds = _read(session, Round.id.in_(round_ids))
    session.execute(delete(RoundTotal).where(RoundTotal.round_id.in_([round_.id for round_ in rounds])))
    write(session, RoundTotal, of_rounds(session, rounds))
    _write_months(session, {(round_.unit_id, month_of(round_)) for round_ in rounds})


def led_anew(session: Session, *, unit: BusinessUnit, since: date) -> None:
    """From that day on another leads the unit: so whose rounds those were is another, too."""
    later = (RoundTotal.unit_id == unit.id, RoundTotal.month >= since.replace(day=1))
    if round_ids := session.scalars(select(RoundTotal.round_id).where(*later).distinct()).all():
        changed(session, round_ids=round_ids)


def lock(session: Session, unit_ids: Any) -> None:
    """These units (ids, or a statement of them), in their order."""
    units = select(BusinessUnit.id).where(BusinessUnit.id.in_(unit_ids)).order_by(BusinessUnit.id)
    # The weaker lock, which does not wait for what an answer's foreign key holds: two such answers would wait for
    # each other for ever.
    session.execute(units.with_for_update(key_share=True))


def _read(session: Session, which: ColumnElement[bool]) -> Sequence[Round]:
    found = select(Round).where(which).order_by(Round.id).options(joinedload(Round.unit, innerjoin=True))
    return session.scalars(found.execution_options(populate_existing=True)).all()


def of_units(session: Session, unit_ids: Collection[int]) -> list[Row]:
    """What the totals of all rounds of these units have to be. Four statements."""
    return of_rounds(session, _read(session, Round.unit_id.in_(unit_ids)))


def of_rounds(session: Session, rounds: Sequence[Round]) -> list[Row]:
    """What the totals of these rounds (with their units) have to be. Three statements."""
    shown = {round_.id: round_ for round_ in rounds if round_.scores_shown}
    leads = Leads(session, {round_.unit_id for round_ in shown.values()})
    places = {round_.id: _place(round_, leads) for round_ in shown.values()}
    overall = {id_: place | {"measure": OVERALL, "about": "", "is_of_chance": False} for id_, place in places.items()}
    rows = {(id_, OVERALL, ""): row | NOTHING | {"asked": shown[id_].asked} for id_, row in overall.items()}
    for row in (*_overall(session, shown), *_by_question(session, shown)):
        round_ = shown[row["round_id"]]
        if row["n"] >= round_.scores_from:
            asked = {"asked": max(round_.asked, row["n"])}
            rows[round_.id, row["measure"], row["about"]] = places[round_.id] | row | asked | _weights(round_, row)
    return list(rows.values())


def _weights(round_: Round, row: Row) -> Row:
    """How much it matters is a question of its own, which fewer answer."""
    return {} if row["weights"] >= round_.scores_from else {"weights": 0, "weight_total": 0}


def _place(round_: Round, leads: Leads) -> Row:
    lead = leads.on(round_.unit, round_.opened_at)
    return {
        "round_id": round_.id,
        "unit_id": round_.unit_id,
        "instrument": round_.instrument,
        "speaks_for_unit": round_.speaks_for_unit,
        "opened_at": round_.opened_at,
        "month": month_of(round_),
        "lead_id": lead.id if lead else None,
    }


def month_of(round_: Round) -> date:
    """The first of the month in which it opened, by the unit's own day."""
    return clock.local_date(round_.opened_at, round_.unit.time_zone).replace(day=1)


def _overall(session: Session, round_ids: Iterable[int]) -> list[Row]:
    of_each = select(Response.round_id, *_figures(Response.score)).where(Response.round_id.in_(round_ids))
    named = {"measure": OVERALL, "about": "", "weights": 0, "weight_total": 0}
    found = session.execute(of_each.group_by(Response.round_id)).mappings()
    return [_of_kind({**row, **named}, is_of_chance=False) for row in found]


def _by_question(session: Session, round_ids: Iterable[int]) -> list[Row]:
    """Of each question but the overall one; what is said of people of IT is theirs alone."""
    weights = (
        func.count(Answer.weight).label("weights"),
        func.coalesce(func.sum(Answer.weight), 0).label("weight_total"),
    )
    group = (Response.round_id, Question.key, Answer.about, Question.kind)
    of_each = (
        select(*group, *_figures(Answer.value), *weights)
        .join(Answer, Answer.response_id == Response.id)
        .join(Question, Question.id == Answer.question_id)
        .where(Response.round_id.in_(round_ids), Question.per != Per.PERSON)
        .group_by(*group)
    )
    return [_of_question(dict(row)) for row in session.execute(of_each).mappings()]


def _figures(value: SQLColumnExpression[int]) -> tuple[Label[int], ...]:
    return (
        func.count().label("n"),
        func.sum(value).label("total"),
        func.sum(value * value).label("squares"),
        func.count().filter(value >= SATISFIED_FROM).label("satisfied"),
        func.count().filter(value >= PROMOTER_FROM).label("promoters"),
        func.count().filter(value <= DETRACTOR_TO).label("detractors"),
    )


def _of_question(row: Row) -> Row:
    kind, key = row.pop("kind"), row.pop("key")
    return _of_kind(row | {"measure": key}, is_of_chance=kind is QuestionKind.CHANCE)


def _of_kind(row: Row, *, is_of_chance: bool) -> Row:
    """Nobody is satisfied from 4 of 10, nor against us with 5 of 5."""
    others = ("satisfied",) if is_of_chance else ("promoters", "detractors")
    return row | dict.fromkeys(others, 0) | {"is_of_chance": is_of_chance}


def _write_months(session: Session, months: Collection[tuple[int, date]]) -> None:
    """Each a unit and the first of a month."""
    rounds, periods = (tuple_(table.unit_id, table.month).in_(sorted(months)) for table in (RoundTotal, PeriodTotal))
    found = session.execute(select(*RoundTotal.__table__.c).where(rounds)).mappings()
    session.execute(delete(PeriodTotal).where(periods))
    write(session, PeriodTotal, by_month(dict(row) for row in found))


def by_month(rows: Iterable[Mapping[str, Any]]) -> list[Row]:
    """The totals of months, from those of their rounds."""
    months: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        group = {name: row[name] for name in GROUPED_BY}
        month = months.setdefault(tuple(group.values()), group | dict.fromkeys((*SUMS, "rounds"), 0))
        month["rounds"] += 1
        for name in SUMS:
            month[name] += row[name]
    return list(months.values())


def write(session: Session, table: type[Base], rows: Sequence[Row]) -> None:
    if rows:
        session.execute(insert(table), rows)
