"""The danger zone as a file."""

from __future__ import annotations

from crm.services import clock
from crm.services.engagement import danger
from crm.services.engagement.signs import NAMES
from crm.services.exports.lists import Listed, Row, rows_of
from crm.services.exports.sheets import Column, Sheet
from models.engagement import DangerFlag


def signs(listed: Listed[DangerFlag]) -> Sheet:
    columns = [Column("Unit", 24), Column("Code", 10), Column("Sign", 36), Column("Since", 12), Column("Evidence", 70)]
    columns += [Column("What would clear it", 60), Column("Answered", 12), Column("By", 24), Column("Why", 48)]
    return Sheet([*columns, Column("Gone", 12)], (_row(flag) for flag in rows_of(listed)))


def _row(flag: DangerFlag) -> Row:
    unit, zone = flag.unit, flag.unit.time_zone
    evidence = "\n".join(f"{fact.on.isoformat()}: {fact.says}" for fact in danger.facts_of(flag))
    answered, gone = (clock.local_date(at, zone) if at else None for at in (flag.acknowledged_at, flag.cleared_at))
    who = flag.acknowledged_by.name if flag.acknowledged_by else ""
    raised = clock.local_date(flag.raised_at, zone)
    return [
        unit.name,
        unit.code,
        NAMES[flag.rule],
        raised,
        evidence,
        danger.clears(flag),
        answered,
        who,
        flag.reason,
        gone,
    ]
