"""The "No" register as a file."""

from __future__ import annotations

from crm.services import clock
from crm.services.exports.lists import Listed, Row, rows_of
from crm.services.exports.sheets import Column, Sheet
from crm.services.no_register import Refusal
from crm.services.no_register_words import OUTCOMES


def sheet(listed: Listed[Refusal]) -> Sheet:
    """One row for each refusal, in the order of the page."""
    columns = [Column("Unit", 24), Column("Code", 10), Column("Request", 48), Column("Business need", 60)]
    columns += [Column("Asked by", 24), Column("Theme", 24), Column("Refused", 12), Column("Refused by", 24)]
    columns += [Column("Reason", 48), Column("Offered instead", 48), Column("How they solved it", 28)]
    columns += [Column("In their words", 48), Column("Said on", 12), Column("Worth at least", 14)]
    columns += [Column("Worth at most", 14), Column("Currency", 10)]
    return Sheet(columns, (_row(one) for one in rows_of(listed)))


def _row(one: Refusal) -> Row:
    request, verdict, after = one.request, one.verdict, one.after
    unit, zone = request.unit, request.unit.time_zone
    asked: Row = [unit.name, unit.code, request.title, request.business_need]
    asked += [request.requester.name if request.requester else "", request.theme.name if request.theme else ""]
    said: Row = [clock.local_date(verdict.at, zone), verdict.by.name if verdict.by else "", verdict.reason]
    said += [verdict.alternative or "Nothing", OUTCOMES[one.outcome]]
    solved: Row = [after.words if after else ""]
    solved += [clock.local_date(after.answered_at, zone) if after and after.answered_at else None]
    worth = [None if sum_ is None else float(sum_) for sum_ in (request.value_low, request.value_high)]
    return [*asked, *said, *solved, *worth, request.currency]
