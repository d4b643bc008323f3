"""`- [ ] text @person by date`: what will be done, by whom, by when. What cannot be told stays in the text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from crm.services.capture import asking, tails
from crm.services.capture.characters import fold, tidy
from crm.services.capture.found import FoundAction, Question
from crm.services.capture.names import Mention, Names


def read_action(raw: str, start: int, names: Names, on: date, *, done: bool) -> FoundAction | None:
    """The action whose words begin at ``start`` of ``raw``; None without words.

    Of what is done already, days gone by are not asked about.
    """
    if not tidy(raw[start:]):
        return None
    reading = _Reading(raw, start, names, on)
    owner_id = reading.owner()
    due_on = reading.due(done=done)
    text = reading.text()
    if not text:
        nothing = Question("text", "What will be done?")
        return FoundAction(tidy(raw[start:]), None, None, done, questions=(nothing,))
    return FoundAction(text, owner_id, due_on, done, questions=tuple(reading.questions))


class _Reading:
    def __init__(self, raw: str, start: int, names: Names, on: date) -> None:
        self.raw = raw
        self.start = start
        self.names = names
        self.on = on
        self.folded = fold(raw)
        self.edges = tails.read_edges(self.folded, start, names, on)
        self.questions: list[Question] = []
        #: What was understood, and so need not stand in the text.
        self.understood: list[object] = []

    def owner(self) -> int | None:
        named = self.edges.mentions
        if not named:
            self._ask_about_others()
        elif len(named) > 1 and not all(_is_same(other, named[0]) for other in named):
            self.questions.append(asking.which_does_it(self.raw, named, [], self.names))
        elif not named[0].is_sure:
            self.questions.append(asking.who(self.raw, named[0], self.names))
        else:
            self.understood += named
            return named[0].person_id
        return None

    def _ask_about_others(self) -> None:
        others = tails.within(self.folded, self.edges, self.names)
        if others:
            self.questions.append(asking.which_does_it(self.raw, [], others, self.names))

    def due(self, *, done: bool) -> date | None:
        day = self.edges.day
        if day is not None and day.said.is_sure:
            self.understood.append(day)
            return day.said.day
        if not done:
            self._ask_about_the_day()
        return None

    def _ask_about_the_day(self) -> None:
        day = self.edges.day
        if day is not None:
            self.questions.append(asking.which_day(self.raw, day, self.on))
        elif said := tails.day_within(self.folded, self.edges, self.on):
            self.questions.append(asking.is_it_due(self.raw, said, self.on))

    def text(self) -> str:
        """The words, with what was not understood of the edges."""
        if not self.understood:
            return tidy(self.raw[self.start :])
        first = self._kept(self.edges.first)
        last = self._kept(sorted([*self.edges.last, *filter(None, [self.edges.day])], key=lambda part: part.start))
        return tidy(" ".join([*first, self._words(), *last]))

    def _kept(self, parts: Sequence[Mention | tails.SaidAt]) -> list[str]:
        return [self.raw[part.start : part.end] for part in parts if part not in self.understood]

    def _words(self) -> str:
        words = self.folded[self.edges.start : self.edges.end].rstrip(tails.BETWEEN)
        return self.raw[self.edges.start : self.edges.start + len(words)]


def _is_same(mention: Mention, other: Mention) -> bool:
    return mention.is_sure and (mention.people, mention.is_nobody) == (other.people, other.is_nobody)
