"""Why a score moved, in lines that a colleague would say: several of a kind together, the biggest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import cast

from crm.services import words
from crm.services.health import rules, telling
from crm.services.health.telling import Link
from crm.stats.health import Cause, Change, Side, spread, why_it_moved
from models.health import Component, EvidenceKind, HealthEvidence

RECENCY = EvidenceKind.RECENCY.value
OF_EVIDENCE = frozenset({Change.NEW, Change.GONE, Change.OTHERWISE})
#: So many of a kind are named in one line.
NAMED = 3


@dataclass(frozen=True)
class ToldCause:
    """``says``: "Refused without an alternative"; ``links``: what opens, with its name ("" when all of it links).

    ``component``: "" for weights and for what is gathered; ``change``: None for what is gathered.
    """

    points: int
    says: str
    links: Sequence[Link] = ()
    component: str = ""
    change: Change | None = None
    #: How many more than the links there are.
    more: int = 0
    #: "more than 180 days ago": why it counts no more.
    note: str = ""

    @property
    def sentence(self) -> str:
        """All of it as text, for mail and packs."""
        names = [link.text for link in self.links if link.text] + ([f"{self.more} more"] if self.more else [])
        said = f"{self.says}: {words.listed(names)}" if names else self.says
        return f"{said} ({self.note})" if self.note else said


def of(before: Side, after: Side, *, moved: int, shifts: Mapping[str, int], today: date) -> list[ToldCause]:
    """The lines, which sum to ``moved``; those that come to no point are one at the end.

    ``shifts``: by how many points each component moved, as the table says.
    """
    kinds = _gathered(why_it_moved(before, after) or [], before, after, today)
    if not any(kind.exact for kind in kinds):
        said = "Other parts are known now than were then" if kinds else "Not told by the evidence that was kept"
        return [ToldCause(moved, said)] if moved else []
    points = _points(kinds, moved, shifts)
    lines = [_line(kind, got, today) for kind, got in zip(kinds, points, strict=True) if got]
    return [*sorted(lines, key=lambda line: -abs(line.points)), *_nothing(points)]


@dataclass
class _Kind:
    """Causes that are told in one line."""

    says: str
    component: str
    change: Change
    note: str = ""
    exact: Fraction = Fraction()
    links: list[Link] = field(default_factory=list)
    #: The days on which what counts no more ended.
    ended: set[date] = field(default_factory=set)

    def add(self, other: _Kind) -> None:
        self.exact += other.exact
        self.links += other.links
        self.ended |= other.ended


def _nothing(points: Sequence[int]) -> list[ToldCause]:
    number = sum(1 for got in points if not got)
    if not number:
        return []
    comes = "comes" if number == 1 else "come"
    return [ToldCause(0, f"{words.capital(words.counted(number, 'smaller cause'))} {comes} to less than a point")]


def _line(kind: _Kind, points: int, today: date) -> ToldCause:
    named, more = kind.links[:NAMED], max(0, len(kind.links) - NAMED)
    if more == 1:  # "and one more" is no shorter than its name
        named, more = kind.links, 0
    return ToldCause(points, _says(kind, today), tuple(named), kind.component, kind.change, more, kind.note)


def _says(kind: _Kind, today: date) -> str:
    """What counts no more says since when, where that is one day."""
    if not kind.ended:
        return kind.says
    since = f" since {words.day(min(kind.ended), today)}" if len(kind.ended) == 1 else ""
    return f"{kind.says}, counts no more{since}"


def _points(kinds: Sequence[_Kind], moved: int, shifts: Mapping[str, int]) -> list[int]:
    """What each comes to. Where nothing but evidence changed, those of a component sum to its move in the table."""
    places: dict[str, list[int]] = defaultdict(list)
    for at, kind in enumerate(kinds):
        if kind.exact:
            places[kind.component].append(at)
    parted = {kind.change for kind in kinds} <= OF_EVIDENCE and all(name in places for name in shifts if shifts[name])
    if not parted or sum(shifts.get(name, 0) for name in places) != moved:
        return spread([kind.exact for kind in kinds], moved)
    points = [0] * len(kinds)
    for name, of_part in places.items():
        for at, got in zip(of_part, spread([kinds[at].exact for at in of_part], shifts[name]), strict=True):
            points[at] = got
    return points


def _gathered(causes: Sequence[Cause], before: Side, after: Side, today: date) -> list[_Kind]:
    """Two refusals without an alternative are one line, and so is the last review, whichever that is."""
    found: dict[tuple[str, ...], _Kind] = {}
    for cause in causes:
        kind = _without_evidence(cause) if cause.key is None else _of_evidence(cause, before, after, today)
        key = (kind.component, RECENCY) if _is_recency(cause) else (kind.component, kind.says, kind.change, kind.note)
        into = found.get(key)
        if into and _is_recency(cause):  # another review takes the place of the last one
            kind.change, kind.exact = Change.OTHERWISE, into.exact + kind.exact
            found[key] = kind
        elif into:
            into.add(kind)
        else:
            found[key] = kind
    return list(found.values())


def _is_recency(cause: Cause) -> bool:
    return cause.key is not None and cast(tuple[str, str], cause.key)[0] == RECENCY


def _without_evidence(cause: Cause) -> _Kind:
    if cause.change is Change.WEIGHTS:
        opens = Link("how health is told", "health.method", {})
        return _Kind("The parts weigh otherwise", "", cause.change, exact=cause.exact, links=[opens])
    known = "became known" if cause.change is Change.KNOWN else "not known any more"
    return _Kind(f"{rules.NAMES[Component(cause.component)]} {known}", cause.component, cause.change, exact=cause.exact)


def _of_evidence(cause: Cause, before: Side, after: Side, today: date) -> _Kind:
    items = (before if cause.change is Change.GONE else after).items[cause.component]
    evidence = cast(HealthEvidence, items[cause.key])
    told = telling.said(evidence, today)
    kind = _Kind(told.head, cause.component, cause.change, exact=cause.exact, links=[told.link])
    if cause.change is Change.OTHERWISE:
        was = telling.said(cast(HealthEvidence, before.items[cause.component][cause.key]), today).head
        kind.says = told.head if told.head == was else f"{told.head}, was: {was[:1].lower()}{was[1:]}"
    if cause.change is Change.GONE and evidence.until:
        kind.ended, kind.note = {evidence.until}, _age(evidence)
    return kind


def _age(evidence: HealthEvidence) -> str:
    """Why it counts no more, when that is its age."""
    if not (evidence.has_aged_out and evidence.ages_on):
        return ""
    return f"more than {(evidence.ages_on - evidence.happened_on).days - 1} days ago"
