"""What a reading of notes gives: lines in order, each prose or one of four finds, and what has to be asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from crm.services.request_kinds import Word


@dataclass(frozen=True)
class Named:
    """Somebody who may be meant. ``note`` tells namesakes apart: "Controller"."""

    id: int
    name: str
    note: str = ""


@dataclass(frozen=True)
class Choice:
    """One answer. ``replacement``: the line (without its ending) that answers it, for a click or for typing."""

    label: str
    replacement: str


@dataclass(frozen=True)
class Question:
    """What is not guessed. ``field``: "text", "owner", "due", "title", "need" or "person".

    Without choices it is answered by typing.
    """

    field: str
    ask: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Line:
    #: From 1, of its first line: an item may run on over indented lines.
    number: int = 1
    #: Exactly what was typed, without the ending.
    raw: str = ""
    #: "\n", "\r\n", "\r", or nothing at the end of the text.
    ending: str = ""
    questions: tuple[Question, ...] = ()

    @property
    def typed(self) -> str:
        return self.raw + self.ending


@dataclass(frozen=True)
class Prose(_Line):
    text: str


@dataclass(frozen=True)
class FoundAction(_Line):
    """What could not be told stays in the text: "pick a tester @mar" while nobody knows who @mar is."""

    text: str
    owner_id: int | None = None
    due_on: date | None = None
    done: bool = False


@dataclass(frozen=True)
class FoundRequest(_Line):
    title: str
    need: str = ""
    #: What it goes by: "! complaint: …".
    word: Word = Word.STANDARD


@dataclass(frozen=True)
class FoundDecision(_Line):
    text: str


@dataclass(frozen=True)
class FoundPraise(_Line):
    """Without a person it is for everybody, or the person is still asked for."""

    person_id: int | None
    text: str


Find = FoundAction | FoundRequest | FoundDecision | FoundPraise
Line = Prose | Find


@dataclass(frozen=True)
class Captured:
    """Notes, read. ``text`` is exactly what was typed."""

    lines: list[Line]

    @cached_property
    def text(self) -> str:
        return "".join(line.typed for line in self.lines)

    @property
    def prose(self) -> str:
        """The text without the lines in which something was found."""
        return "".join(line.typed for line in self.lines if isinstance(line, Prose))

    @property
    def found(self) -> list[Find]:
        return [line for line in self.lines if not isinstance(line, Prose)]

    @property
    def actions(self) -> list[FoundAction]:
        return [line for line in self.lines if isinstance(line, FoundAction)]

    @property
    def requests(self) -> list[FoundRequest]:
        return [line for line in self.lines if isinstance(line, FoundRequest)]

    @property
    def decisions(self) -> list[FoundDecision]:
        return [line for line in self.lines if isinstance(line, FoundDecision)]

    @property
    def praises(self) -> list[FoundPraise]:
        return [line for line in self.lines if isinstance(line, FoundPraise)]

    @property
    def has_questions(self) -> bool:
        return any(line.questions for line in self.lines)

    def answered(self, number: int, replacement: str) -> str:
        """The text with the line of that number replaced; unchanged where no line begins there."""
        return "".join(replacement + line.ending if line.number == number else line.typed for line in self.lines)
