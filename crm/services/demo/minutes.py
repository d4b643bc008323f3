"""Writing up a meeting: each rep has a hand of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

from crm.services.demo import remarks
from crm.services.demo.agenda import Point
from crm.services.demo.deck import Deck
from crm.services.demo.promises import Made
from crm.services.demo.wording import MANY, Names, few, written
from models.action import ActionState

#: Share of reviews that name what was done, what was touched in passing, how they closed, and what stays in IT.
LOOKS_BACK, CLOSES, KEEPS_A_THOUGHT = 0.55, 0.5, 0.3
PASSING = (0, 0, 1, 1, 2)
NAMED = 2


def _with_headings(points: Sequence[tuple[str, str]]) -> list[str]:
    return [f"### {title}\n\n{said}" for title, said in points]


def _as_list(points: Sequence[tuple[str, str]]) -> list[str]:
    return ["\n".join(f"- **{title}:** {said}" for title, said in points)]


def _with_bold_leads(points: Sequence[tuple[str, str]]) -> list[str]:
    return [f"**{title}.** {said}" for title, said in points]


def _numbered(points: Sequence[tuple[str, str]]) -> list[str]:
    return ["\n".join(f"{place}. *{title}.* {said}" for place, (title, said) in enumerate(points, 1))]


def _plain(points: Sequence[tuple[str, str]]) -> list[str]:
    return [said for _, said in points]


HANDS: tuple[Callable[[Sequence[tuple[str, str]]], list[str]], ...] = (
    _with_headings,
    _as_list,
    _with_bold_leads,
    _numbered,
    _plain,
)


@dataclass
class Clerk:
    """Composes the notes of one unit's meetings, so that no remark comes twice before all came once."""

    rng: Random
    all_came: Deck = field(init=False)
    in_passing: Deck = field(init=False)
    closing: Deck = field(init=False)
    internal: Deck = field(init=False)

    def __post_init__(self) -> None:
        self.all_came = Deck(self.rng, remarks.ALL_CAME)
        self.in_passing = Deck(self.rng, remarks.IN_PASSING)
        self.closing = Deck(self.rng, remarks.CLOSING)
        self.internal = Deck(self.rng, remarks.INTERNAL)

    def of_review(
        self, points: Sequence[Point], *, hand: int, names: Names, opening: str, before: Sequence[Made], on: date
    ) -> str:
        parts = [self._fill(opening, names)]
        if before and self.rng.random() < LOOKS_BACK:
            parts += _looking_back(before, on)
        write_up = HANDS[hand % len(HANDS)] if len(points) > 1 else _with_bold_leads
        parts += write_up(self._told(points, names))
        parts += [self._fill(self.in_passing.draw(), names) for _ in range(self.rng.choice(PASSING))]
        if self.rng.random() < CLOSES:
            parts.append(self._fill(self.closing.draw(), names))
        return "\n\n".join(parts)

    def of_talk(self, points: Sequence[Point], *, names: Names, opening: str) -> str:
        return " ".join([self._fill(opening, names), *_plain(self._told(points, names))])

    def thoughts(self, points: Sequence[Point], names: Names) -> str:
        """What stays in IT; "" when there is nothing."""
        noted = [fill(point.step.note, names, point) for point in points if point.step.note]
        if self.rng.random() < KEEPS_A_THOUGHT:
            noted.append(self._fill(self.internal.draw(), names))
        return "\n\n".join(noted)

    def _told(self, points: Sequence[Point], names: Names) -> list[tuple[str, str]]:
        return [(point.title, fill(point.step.said, names, point)) for point in points]

    def _fill(self, line: str, names: Names) -> str:
        if "{" not in line:
            return line
        return written(line, {**names, "n": few(self.rng), "m": self.rng.randint(*MANY)})


def fill(line: str, names: Names, point: Point) -> str:
    """Names and the topic's own figures into a line. The specialist is the one who knows about the topic."""
    if "{" not in line:
        return line
    skills = names["skills"]
    assert isinstance(skills, Mapping)  # noqa: S101 - for the type checker
    return written(line, {**names, "it": skills[point.skill], "n": point.few, "m": point.many})


def _looking_back(before: Sequence[Made], on: date) -> list[str]:
    """What became, by that day, of what was promised the last time."""
    done = [made for made in before if made.state is ActionState.DONE and made.settled_on and made.settled_on <= on]
    left = [made for made in before if made not in done and (made.settled_on is None or made.settled_on > on)]
    lines = []
    if done:
        more = len(done) - NAMED
        others = f"; and {more} more" if more > 0 else ""
        lines.append("Done since we last met: " + "; ".join(made.text for made in done[:NAMED]) + others + ".")
    if left:
        lines.append("Carried over: " + "; ".join(_with_date(made) for made in left[:NAMED]) + ".")
    return lines


def _with_date(made: Made) -> str:
    return f"{made.text} (due {made.due.day} {made.due:%B})" if made.due else f"{made.text} (no date yet)"
