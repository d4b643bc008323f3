"""Several rows of one ticket folded to one, with its history in order."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from crm.services.tickets.choices import Choices
from crm.services.tickets.reading import LONGEST_WORDS, Saying
from crm.services.tickets.standings import ORDER, Standing, guess

TITLE = 120
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Event:
    """A change of state, or something said."""

    at: datetime | None
    by: str
    state: str
    words: str
    is_private: bool

    @property
    def key(self) -> tuple[datetime | None, str, str, str]:
        """What makes it the same event in another export; who may read it may have changed since."""
        return (self.at, self.by, self.state, self.words)

    @property
    def place(self) -> tuple[datetime, int, str, str, str]:
        """Its place in the history, whatever the order of rows was."""
        standing = ORDER[guess(self.state)] if self.state else len(ORDER)
        return (self.at or _LONG_AGO, standing, self.state, self.by, self.words)


@dataclass(frozen=True, slots=True)
class Folded:
    """One ticket as a file tells it. ``texts``: what it is in words, by meaning. No private word is in its title."""

    number: str
    lines: tuple[int, ...]
    texts: dict[str, str]
    standing: Standing
    opened_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    events: tuple[Event, ...]

    @property
    def last_at(self) -> datetime | None:
        return max((event.at for event in self.events if event.at), default=None)

    @property
    def fingerprint(self) -> str:
        """Of all that is said, however it was written down."""
        said = [self.number, sorted(self.texts.items()), self.standing, self.opened_at, self.resolved_at]
        told = [(event.key, event.is_private) for event in self.events]
        return hashlib.sha256(repr([*said, self.closed_at, told]).encode("utf-8", "replace")).hexdigest()


def fold(sayings: Iterable[Saying], chosen: Choices) -> list[Folded]:
    """Each ticket once, in the order in which the file names them first."""
    by_number: dict[str, list[Saying]] = defaultdict(list)
    for saying in sayings:
        by_number[saying.number].append(saying)
    return [_folded(number, rows, chosen) for number, rows in by_number.items()]


def _folded(number: str, rows: list[Saying], chosen: Choices) -> Folded:
    rows.sort(key=_when)
    texts = {meaning: _last(rows, meaning) for meaning in rows[0].texts if meaning not in ("line", "order", "author")}
    events = _events(rows, has_lines="line" in rows[0].texts)
    if "title" in texts or chosen.column("words"):
        # A title out of the column of what is said is a note's own where that note is for IT alone.
        is_said = chosen.column("title") == chosen.column("words")
        texts["title"] = _title([row for row in rows if not (is_said and row.is_private)], events)
    return Folded(
        number=number,
        lines=tuple(row.line for row in rows),
        texts=texts,
        standing=_standing(texts.get("state", ""), rows[-1], chosen),
        opened_at=min((at for row in rows if (at := row.times["opened"])), default=None),
        resolved_at=rows[-1].times["resolved"],
        closed_at=rows[-1].times["closed"],
        events=events,
    )


def _when(row: Saying) -> tuple[float, datetime, float, int, str, str]:
    """By the order the file gives, then by time; rows of the same moment by what they say."""
    standing = ORDER[guess(row.texts.get("state", ""))]
    return (
        _figure(row.texts.get("order", "")),
        row.times["at"] or _LONG_AGO,
        _figure(row.texts.get("line", "")),
        standing,
        row.texts.get("state", ""),
        row.texts.get("author", ""),
    )


def _figure(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return -1.0


def _last(rows: Sequence[Saying], meaning: str) -> str:
    return next((row.texts[meaning] for row in reversed(rows) if row.texts[meaning]), "")


def _title(rows: Sequence[Saying], events: Sequence[Event]) -> str:
    """Its own, or the first words that are no note for IT alone."""
    own = next((row.texts["title"] for row in reversed(rows) if row.texts.get("title")), "")
    said = next((event.words for event in events if event.words and not event.is_private), "")
    line = own or " ".join(said.split())
    return line if len(line) <= TITLE or own else f"{line[: TITLE - 1]}…"


def _standing(state: str, last: Saying, chosen: Choices) -> Standing:
    if state:
        return chosen.states.get(state) or guess(state)
    if last.times["closed"]:
        return Standing.CLOSED
    return Standing.RESOLVED if last.times["resolved"] else Standing.WORKING


def _events(rows: Sequence[Saying], *, has_lines: bool) -> tuple[Event, ...]:
    """A row that says when, or says something, is an event; several lines of one comment are one."""
    found: dict[tuple[object, ...], Event] = {}
    for _, lines in groupby((row for row in rows if row.words or row.times["at"]), key=_comment):
        event = _event(list(lines), has_lines=has_lines)
        known = found.get(event.key)
        if known is None or event.is_private:
            found[event.key] = event
    return tuple(sorted(found.values(), key=lambda event: event.place))


def _comment(row: Saying) -> tuple[object, ...]:
    """What lines of one comment share."""
    shared = (row.times["at"], row.texts.get("order", ""), row.texts.get("author", ""), row.is_private)
    return (*shared, row.texts.get("state", ""), bool(row.words))


def _event(lines: Sequence[Saying], *, has_lines: bool) -> Event:
    first = lines[0]
    ordered = lines if has_lines else sorted(lines, key=lambda row: row.line)
    words = "\n".join(row.words for row in ordered if row.words)[:LONGEST_WORDS]
    at = first.times["at"]
    return Event(at, first.texts.get("author", ""), first.texts.get("state", ""), words, first.is_private)
