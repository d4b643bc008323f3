"""What was said about a service desk's files: columns, states, kinds, days, units; kept for its next file."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from crm.services.organisation_import.columns import words
from crm.services.organisation_import.tables import Table
from crm.services.tickets import dates
from crm.services.tickets.dates import DateForm
from crm.services.tickets.standings import Standing
from models.request import RequestKind

#: Meanings of columns, with the headings that ServiceNow, Jira, GLPI, Zendesk and others give them, the surest first.
HEADINGS = {
    "number": "number, ticket number, ticket, ticket id, issue key, key, issueid, issue id, request id, incident,"
    " incident id, incident number, request number, nr, id",
    "title": "short description, title, summary, subject, name, request, betreff, titel",
    "unit": "business unit, unit, unit code, department, company, organization, organisation, entity, customer,"
    " location, cost center, cost centre, requester organization, abteilung, owner group, assignment group",
    "state": "incident state, state, status, ticket status, stage, zustand",
    "kind": "kind, issue type, type, ticket type, request type, tracker",
    "priority": "priority, severity, urgency, priorität",
    "category": "category, issue category, subcategory, component s, component, kategorie",
    "caller": "caller id, caller, requested for, requester, requester name, reporter, opened by, customer name",
    "opened": "opened at, opening date, opened, created date, created at, created, sys created on, sys created at,"
    " date, logged on",
    "resolved": "resolved at, resolution date, resolved, solved at, date of solution",
    "closed": "closed at, closing date, closed, closed on, close date",
    "at": "sys updated at, sys updated on, updated at, event at, last update, updated, last updated, comment created",
    "order": "sys mod count, comment seq, sequence, seq, event number, step",
    "author": "author, sys updated by, updated by, comment author, user",
    "words": "actionbody, comment, comment body, body, comments, work notes, message, note, followup content",
    "line": "utr seq, line, line number",
    "private": "is private, private, internal, is internal, public, is public",
    "need": "business need, need, why, benefit, justification, reason for request",
    "reason": "decision reason, reason of decision, reason, close notes, resolution notes",
    "alternative": "alternative, offered instead, workaround",
}
COLUMNS = tuple(HEADINGS)
DATES = ("opened", "resolved", "closed", "at")
#: Ticked from the start where a file has them.
NOTHING = ("?", "NULL", "N/A", "n/a", "null", "None", "-")


class Target(enum.StrEnum):
    """What a row becomes."""

    TICKETS = "tickets"
    REQUESTS = "requests"


class Others(enum.StrEnum):
    """What becomes of names without a unit here."""

    REFUSED = "refused"
    KEPT = "kept"  # without a unit; never of requests
    OUT = "out"


@dataclass(frozen=True)
class Choices:
    """``columns``: meaning -> the column as in the header; without the meaning: not in this file. ``states`` and
    ``kinds``: as the file says it -> what it is here; ``units``: the file's name -> our unit's id, None to leave it
    out. What is not named in these is guessed or matched."""

    columns: Mapping[str, str] = field(default_factory=dict)
    target: Target = Target.TICKETS
    states: Mapping[str, Standing] = field(default_factory=dict)
    kinds: Mapping[str, RequestKind] = field(default_factory=dict)
    form: DateForm = DateForm.DAY_FIRST
    #: Of times that say none.
    zone: str = "UTC"
    nulls: tuple[str, ...] = NOTHING
    #: Whether the unit may read what is said, where no column tells.
    is_shared: bool = False
    #: The unit of all rows, where no column says it.
    one_unit_id: int | None = None
    others: Others = Others.REFUSED
    units: Mapping[str, int | None] = field(default_factory=dict)

    def column(self, meaning: str) -> str:
        return self.columns.get(meaning, "")

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Choices:
        said = {each.name: kept[each.name] for each in fields(cls) if each.name in kept}
        made: dict[str, Any] = {
            "target": Target(said.get("target", Target.TICKETS)),
            "states": {name: Standing(value) for name, value in said.get("states", {}).items()},
            "kinds": {name: RequestKind(value) for name, value in said.get("kinds", {}).items()},
            "form": DateForm(said.get("form", DateForm.DAY_FIRST)),
            "others": Others(said.get("others", Others.REFUSED)),
            "nulls": tuple(said.get("nulls", NOTHING)),
        }
        return cls(**said | made)


def first_choices(table: Table, before: Choices, *, is_known: bool) -> Choices:
    """As last time, as far as this file has those columns; the rest as its header and its days suggest."""
    columns = {meaning: name for meaning, name in before.columns.items() if name in table.header}
    if not is_known or "number" not in columns:
        columns = guessed_columns(table.header)
    chosen = replace(before, columns=columns)
    texts = dates_of(table, chosen)
    # The same desk may write its days in another way this time; what cannot be is not kept.
    stays = is_known and before.form not in dates.impossible(texts)
    return chosen if stays else replace(chosen, form=dates.guess(texts))


def guessed_columns(header: Sequence[str]) -> dict[str, str]:
    """Each column for one meaning, in the order of the meanings."""
    said = {words(name): name for name in reversed(header)}
    found: dict[str, str] = {}
    for meaning, known in HEADINGS.items():
        fitting = (said[word] for word in known.split(", ") if word in said and said[word] not in found.values())
        if name := next(fitting, ""):
            found[meaning] = name
    if "at" not in found and "opened" in found and {"words", "order"} & found.keys():
        found["at"] = found["opened"]  # each row is something said, and says when
    return found


def dates_of(table: Table, chosen: Choices) -> set[str]:
    """All that stands in the columns of days, without what says nothing."""
    places = [table.header.index(chosen.column(meaning)) for meaning in DATES if chosen.column(meaning)]
    found = {" ".join(row.cells[place].split()) for row in table.rows for place in places}
    return found - set(chosen.nulls) - {""}
