"""What the one sentence is made of, read from attention and from health."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_
from sqlalchemy.orm import Session

from crm.policy import Actor
from crm.services import attention_words, heat_rows, portfolio_sentence, unit_facts, words
from crm.services.attention import Level
from crm.services.attention_words import Status
from crm.services.health.moved import ToldCause
from crm.services.heat_wanted import Wanted
from crm.services.portfolio_movers import Mover, Movers
from crm.services.portfolio_sentence import Known, Lede, Need, Signal
from crm.services.statements import put_together_once
from models.health import Movement
from models.unit import BusinessUnit

#: So many are looked at for those that the sentence names.
LOOKED_AT = 5


def read(session: Session, *, by: Actor, wanted: Wanted, movers: Movers, now: datetime) -> Lede:
    """The sentence about these relationships. One statement; ``movers``: of the same ``wanted``."""
    return portfolio_sentence.of(known(session, by=by, wanted=wanted, movers=movers, now=now), by.today)


def known(session: Session, *, by: Actor, wanted: Wanted, movers: Movers, now: datetime) -> Known:
    """What it is made of, for whoever says it in another language. One statement."""
    if wanted.on < by.today:
        return _of_the_past(session, by, wanted, movers)
    return _of_today(session.execute(_named(by, wanted), {"now": now}).all(), by, wanted, movers)


@put_together_once
def _named(by: Actor, wanted: Wanted) -> Select[Any]:
    condition = and_(heat_rows.scope(by, wanted), BusinessUnit.closed_on.is_(None))
    return unit_facts.named(by=by, condition=condition, most=LOOKED_AT)


def _of_today(rows: Sequence[Any], by: Actor, wanted: Wanted, movers: Movers) -> Known:
    told = [(row.unit_id, row.name, attention_words.status_of(unit_facts.facts_from(row), by.today)) for row in rows]
    higher = next((_need(one) for one in told if one[2].level is Level.RATED_HIGHER), None)
    needs = [_need(one) for one in told if one[2].level.needs_you]
    return Known(
        total=rows[0].total if rows else 0,
        needing=rows[0].needing if rows else 0,
        needs=needs,
        rated_higher=higher,
        is_part=wanted.is_told,
        **_signals(movers, [one.unit_id for one in needs]),
    )


def _of_the_past(session: Session, by: Actor, wanted: Wanted, movers: Movers) -> Known:
    total = session.scalar(heat_rows.count(by, wanted)) or 0
    return Known(total=total, needing=0, is_part=wanted.is_told, past=wanted.on, **_signals(movers))


def _need(told: tuple[int, str, Status]) -> Need:
    unit_id, name, status = told
    return Need(unit_id, name, status.said)


def _signals(movers: Movers, first: Sequence[int] = ()) -> dict[str, Any]:
    """Those that slip and need attention as well are named before those that only slip."""
    slipped = sorted(movers.slipped, key=lambda one: first.index(one.unit_id) if one.unit_id in first else len(first))
    return {
        "slipping": _of(slipped, Movement.SLIPPING),
        "slipping_in_all": movers.slipping,
        "better": _of(movers.improved, Movement.IMPROVING),
        "better_in_all": movers.improving,
    }


def _of(movers: Sequence[Mover], way: Movement) -> list[Signal]:
    """Those that go that way now, not only at some time since the period began."""
    return [
        Signal(one.unit_id, one.name, [in_passing(cause) for cause in one.causes], one.is_new)
        for one in movers
        if one.now is way
    ]


def in_passing(cause: ToldCause) -> str:
    """A cause inside a sentence, without names: "refused without an alternative, twice"."""
    many = sum(1 for link in cause.links if link.text) + cause.more
    said = portfolio_sentence.lower(cause.says).replace(": ", ", ")
    return said if many < 2 else f"{said}, {'twice' if many == 2 else f'{words.number(many)} times'}"
