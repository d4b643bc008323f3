"""The columns of the list of tickets. What a desk says to itself is in the file for IT alone."""

from __future__ import annotations

from crm.services.exports.lists import Listed, Row, rows_of
from crm.services.exports.sheets import Column, Sheet
from models.ticket import Ticket


def tickets(listed: Listed[Ticket], *, is_inside: bool) -> Sheet:
    """``is_inside``: whether the reader is of IT."""
    columns = [Column("Number", 16), Column("Title", 60), Column("Unit", 24), Column("Service desk", 20)]
    columns += [Column("State", 16), Column("Open", 8), Column("Opened", 20), Column("Resolved", 20)]
    columns += [Column("Closed", 20)]
    inside = [Column("Priority", 14), Column("Category", 24), Column("Who called", 24)] if is_inside else []
    return Sheet([*columns, *inside], (_row(one, is_inside=is_inside) for one in rows_of(listed)))


def _row(one: Ticket, *, is_inside: bool) -> Row:
    unit = one.unit.name if one.unit else ""
    told: Row = [one.number, one.title, unit, one.source.name, one.state, "yes" if one.is_open else "no"]
    told += [one.opened_at, one.resolved_at, one.closed_at]
    return [*told, one.priority, one.category, one.caller] if is_inside else told
