"""The lower half of the portfolio: cover and load, reviews, danger zone, low ratings, complaints, who was heard."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Action, Actor
from crm.services import reviews, stretches
from crm.services.compliance import Figure
from crm.services.engagement.behaviour import Fact
from crm.services.outlook import figures, reps, rows
from crm.services.outlook.told import Complaints, Coverage, Danger, Gap, Heard, Outlook, Replies, Reviews, Sign
from crm.services.outlook.told import RepLine as RepLine
from crm.services.outlook.where import Where as Where
from crm.stats.wilson import Share, share_of
from models.engagement import DangerRule
from models.request import Severity


def read(session: Session, *, by: Actor, branch_id: int | None, since: date, until: date, now: datetime) -> Outlook:
    """What is so today in the open units of the branch (None: of all), and what was from ``since`` to before ``until``.

    Four statements, however many units. Raises Forbidden.
    """
    policy.require(by, Action.SEE_PORTFOLIO)
    here = reviews.local_today(session, now)
    where = Where(by, branch_id, stretches.days(since, until), now, here)
    carried, counted, found = reps.read(session, where), figures.read(session, where), rows.read(session, where)
    listed = {part: [rows.row(one) for one in some] for part, some in found.items()}
    return Outlook(
        branch_id=branch_id,
        stretch=where.stretch,
        today=by.today,
        cover=Coverage(carried, counted.nobody, listed.get("without", ()), _gaps(found)),
        reviews=_reviews(counted, listed),
        danger=Danger(counted.signs, counted.danger_units, counted.units, [_sign(one) for one in found["danger"]]),
        replies=Replies(counted.owed, counted.owed_late, listed.get("reply", ())),
        complaints=_complaints(counted, found["complaint"]),
        heard=Heard(where.months, _share(counted), counted.silent, listed.get("silent", ())),
        units=counted.units,
        before=where.before,
        lately=where.lately,
    )


def _gaps(found: dict[str, list[Any]]) -> list[Gap]:
    absences = [Gap(rows.row(one), one.who, one.until, one.key) for one in found["absence"]]
    return [*absences, *(Gap(rows.row(one), one.who) for one in found["ending"])]


def _reviews(counted: Any, listed: dict[str, Any]) -> Reviews:
    return Reviews(
        now=Figure(counted.held_now, counted.missed_now, counted.skipped_now),
        before=Figure(counted.held_before, counted.missed_before, counted.skipped_before),
        late=counted.late,
        unplanned=counted.unplanned,
        rows_late=listed.get("late", ()),
        rows_unplanned=listed.get("unplanned", ()),
    )


def _sign(found: Any) -> Sign:
    facts = [Fact.of(one) for one in found.told.get("facts", [])]
    newest = max(facts, default=None)
    return Sign(rows.row(found), DangerRule(found.title), newest, len(facts), found.told.get("clears", ""))


def _complaints(counted: Any, found: list[Any]) -> Complaints:
    told = [(rows.row(one), Severity(one.who) if one.who else None) for one in found]
    return Complaints(counted.complaints, counted.complaints_late, counted.complaints_up, told)


def _share(counted: Any) -> Share:
    return share_of(int(counted.answered), max(int(counted.asked), int(counted.answered)))
