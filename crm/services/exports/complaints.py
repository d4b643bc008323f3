"""Complaints as a file."""

from __future__ import annotations

from crm.services import clock, request_stages
from crm.services.complaint_lists import Line
from crm.services.exports.lists import Listed, Row, rows_of
from crm.services.exports.sheets import Column, Sheet


def sheet(listed: Listed[Line]) -> Sheet:
    columns = [Column("Complaint", 48), Column("What goes wrong", 60), Column("Unit", 24), Column("Complained", 24)]
    columns += [Column("How bad", 12), Column("Since", 12), Column("State", 24), Column("Late", 8)]
    columns += [Column("How high", 24), Column("Owner", 24), Column("Solved", 12), Column("Closed by the unit", 12)]
    columns += [Column("Why it came about", 48), Column("Counted as", 24)]
    return Sheet(columns, (_row(line) for line in rows_of(listed)))


def _row(line: Line) -> Row:
    one = line.request
    zone = one.unit.time_zone
    people = [person.name if person else "" for person in (one.requester, one.owner)]
    days = [clock.local_date(at, zone) if at else None for at in (one.delivered_at, one.confirmed_at)]
    severity = request_stages.SEVERITIES[one.severity] if one.severity else ""
    said: Row = [one.title, one.business_need, one.unit.name, people[0], severity, line.since]
    stands: Row = [request_stages.stage_of(one).words, "yes" if line.is_late else "no"]
    cause = request_stages.CAUSES[one.cause] if one.cause else ""
    return [*said, *stands, request_stages.LEVELS[line.level], people[1], *days, one.root_cause, cause]
