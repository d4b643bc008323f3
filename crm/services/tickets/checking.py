"""A service desk's file read under certain choices: its tickets with their units, and a report."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from crm.errors import Invalid
from crm.services.organisation_import.tables import Refusal, Table
from crm.services.tickets import as_requests, dates, kinds, standings
from crm.services.tickets.choices import NOTHING, Choices, Others, Target, dates_of
from crm.services.tickets.dates import DateForm
from crm.services.tickets.folding import Folded, fold
from crm.services.tickets.reading import read_rows
from crm.services.tickets.report import MOST_EXAMPLES, MOST_KEPT, Example, Report, Said
from crm.services.unit_names import UnitNames

MOST_VALUES = 60


@dataclass(frozen=True)
class Checked:
    """``tickets``: with the unit's id, None for one that is not known; ``bad_rows``: line, reason, cells of what is
    not taken."""

    choices: Choices
    tickets: Sequence[tuple[int | None, Folded]]
    report: Report
    bad_rows: Sequence[tuple[int, str, Sequence[str]]]


def check(table: Table, chosen: Choices, units: UnitNames) -> Checked:
    """Read the table. Raises Invalid: a column's meaning ("number", "state", …), or "one_unit" for requests without."""
    return _Checking(table, chosen, units).checked()


class _Checking:
    """One table, one set of choices."""

    def __init__(self, table: Table, chosen: Choices, units: UnitNames) -> None:
        self.table = table
        self.units = units
        self.sayings, self.refused = read_rows(table, chosen)
        self.states = self._values("state")
        self.kinds = self._values("kind") if chosen.target is Target.REQUESTS else Counter()
        self.chosen = replace(
            chosen,
            states=standings.all_of(self.states, chosen.states),
            kinds=kinds.all_of(self.kinds, chosen.kinds),
        )
        if chosen.target is Target.REQUESTS and not (chosen.column("unit") or chosen.one_unit_id):
            raise Invalid("unit", "A request belongs to a unit. Say which column names it, or choose one for all.")
        self.found = self._found_units()
        self.left_out = 0
        self.first: Sequence[Folded] = ()

    def checked(self) -> Checked:
        tickets = fold(self.sayings, self.chosen)
        self.first = tickets[:MOST_EXAMPLES]
        taken = list(self._with_units(tickets))
        self.refused.sort(key=lambda refusal: refusal.line)
        return Checked(self.chosen, taken, self._report(taken), self._bad_rows())

    def _values(self, meaning: str) -> Counter[str]:
        """The texts of a column and how often they stand there. Raises Invalid for too many."""
        found = Counter(text for saying in self.sayings if (text := saying.texts.get(meaning)))
        if len(found) > MOST_VALUES:
            raise Invalid(meaning, f"This column says {len(found):,} different things; {MOST_VALUES} is the most.")
        return found

    def _found_units(self) -> dict[str, int | None]:
        """The file's name -> our unit, None for one that is left out; without those that nobody knows."""
        found: dict[str, int | None] = {}
        for said in {saying.texts.get("unit", "") for saying in self.sayings} - {""}:
            if said in self.chosen.units:
                found[said] = self.chosen.units[said]
            elif self.units.remembers(said):
                found[said] = self.units.remembered(said)
            elif unit_id := self.units.find(said):
                found[said] = unit_id
        return found

    def _with_units(self, tickets: Iterable[Folded]) -> Iterable[tuple[int | None, Folded]]:
        """Those that are taken; the others are counted or refused."""
        for ticket in tickets:
            unit_id, reason = self._place(ticket.texts.get("unit", ""))
            if reason == "" and self.chosen.target is Target.REQUESTS:
                reason = as_requests.refusal(ticket)
            if reason is None:
                self.left_out += 1
            elif reason:
                self.refused.extend(Refusal(line, reason) for line in ticket.lines)
            else:
                yield unit_id, ticket

    def _place(self, said: str) -> tuple[int | None, str | None]:
        """The unit, and why the ticket is not taken; "" where it is, None where it is left out."""
        if said in self.found:
            return self.found[said], None if self.found[said] is None else ""
        if said:
            return None, self._why_not(said)
        unit_id = self.chosen.one_unit_id
        return unit_id, "" if unit_id or self._may_be_without_unit else "It names no unit."

    @property
    def _may_be_without_unit(self) -> bool:
        return self.chosen.target is Target.TICKETS

    def _why_not(self, said: str) -> str | None:
        """Of a name without a unit."""
        if self.chosen.others is Others.OUT:
            return None
        if self.chosen.others is Others.KEPT and self._may_be_without_unit:
            return ""
        return f"No unit here is called “{said}”. Match it, or leave it out."

    def _report(self, taken: Sequence[tuple[int | None, Folded]]) -> Report:
        texts = dates_of(self.table, self.chosen)
        ruled_out = dates.impossible(texts)
        events = [event for _, ticket in taken for event in ticket.events]
        return Report(
            rows=self.table.size,
            tickets=len(taken),
            events=len(events),
            private=sum(event.is_private for event in events),
            left_out=self.left_out,
            without_unit=sum(unit_id is None for unit_id, _ in taken),
            bad=len({refusal.line for refusal in self.refused}),
            refused=self.refused[:MOST_KEPT],
            states=_told(self.states, {said: ours.value for said, ours in self.chosen.states.items()}),
            kinds=_told(self.kinds, {said: ours.value for said, ours in self.chosen.kinds.items()}),
            unmatched=_told(self._unmatched()),
            matched=self._matched(),
            nulls=self._nulls(),
            forms={form.value: ruled_out.get(form, "") for form in DateForm},
            has_zoneless=any(dates.has_no_zone(text) for text in texts),
            examples=[self._example(ticket) for ticket in self.first],
        )

    def _example(self, ticket: Folded) -> Example:
        """Whether or not it is taken: days can be looked at before units."""
        unit_id, _ = self._place(ticket.texts.get("unit", ""))
        return Example(
            ticket.number,
            ticket.texts.get("title", ""),
            self.units.names[unit_id] if unit_id else "",
            ticket.texts.get("state", ""),
            ticket.standing.value,
            self._clock(ticket.opened_at),
            self._clock(ticket.resolved_at),
            self._clock(ticket.closed_at),
            len(ticket.events),
            sum(event.is_private for event in ticket.events),
        )

    def _clock(self, at: datetime | None) -> str:
        if at is None:
            return ""
        local = at.astimezone(ZoneInfo(self.chosen.zone))
        return f"{local.day} {local:%B %Y, %H:%M}"

    def _unmatched(self) -> Counter[str]:
        return Counter(
            said for saying in self.sayings if (said := saying.texts.get("unit", "")) and said not in self.found
        )

    def _matched(self) -> dict[str, str]:
        """Names that are not quite ours, so that a wrong match can be seen."""
        named = {said: self.units.names.get(unit_id, "") for said, unit_id in self.found.items() if unit_id}
        return {said: ours for said, ours in sorted(named.items()) if said != ours}

    def _nulls(self) -> list[Said]:
        """What may say nothing, as often as the columns that are read say it."""
        offered = {*NOTHING, *self.chosen.nulls}
        places = {self.table.header.index(name) for name in self.chosen.columns.values()}
        cells = Counter(row.cells[place].strip() for row in self.table.rows for place in places)
        return _told(Counter({text: cells[text] for text in offered if cells[text]}))

    def _bad_rows(self) -> list[tuple[int, str, Sequence[str]]]:
        reasons: dict[int, list[str]] = defaultdict(list)
        for refusal in self.refused:
            reasons[refusal.line].append(refusal.reason)
        cells = {row.line: row.cells for row in self.table.rows if row.line in reasons}
        return [(line, " ".join(said), cells.get(line, ())) for line, said in sorted(reasons.items())]


def _told(found: Counter[str], ours: dict[str, str] | None = None) -> list[Said]:
    """Those of most rows first."""
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return [Said(said, rows, (ours or {}).get(said, "")) for said, rows in ordered]
