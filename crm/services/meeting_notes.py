"""Notes and fields together: all that will be kept of a meeting, each thing once, and what has to be asked first."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Generic, TypeVar

from crm.errors import Invalid
from crm.services.attendees import Candidate
from crm.services.capture.found import (
    Captured,
    Find,
    FoundAction,
    FoundDecision,
    FoundRequest,
    Named,
    Question,
)
from crm.services.capture.reading import read
from crm.services.new_meetings import NewAction, NewDecision, NewMeeting, NewPraise, NewRequest
from crm.services.request_kinds import IN_A_LINE, Word
from models.request import Origin

Told = NewAction | NewRequest | NewDecision | NewPraise
Row = TypeVar("Row", NewAction, NewRequest, NewDecision, NewPraise)

_IN_A_ROW = re.compile(r"(\w+)-(\d+)-(\w+)")
_KINDS = {NewAction: "action", NewRequest: "request", NewDecision: "decision", NewPraise: "praise"}


@dataclass(frozen=True)
class Thing:
    """One thing of a meeting, as a page shows it before it is kept."""

    #: "action", "request", "decision" or "praise".
    kind: str
    text: str
    #: Who does it, asks for it, or is thanked.
    person_id: int | None
    #: When it is due, or worth asking again.
    day: date | None
    need: str
    done: bool
    #: Where it stands in the notes; None when it was told in fields.
    line: Find | None
    #: What is still to be answered.
    questions: tuple[Question, ...] = ()
    #: False for a request without its need: it stays in the notes only.
    is_kept: bool = True
    #: What a request goes by.
    word: Word = Word.STANDARD

    @property
    def called(self) -> str:
        """ "Complaint"; "" for what has no word of its own."""
        return IN_A_LINE[self.word] if self.kind == "request" and self.word is not Word.STANDARD else ""

    @property
    def is_as_it_stands(self) -> bool:
        """Whether something was asked, and is left open."""
        return self.line is not None and bool(self.line.questions) and not self.questions


@dataclass(frozen=True)
class Gathered:
    """``new``: what the fields and the notes say, each thing once, without what is still asked about."""

    new: NewMeeting
    captured: Captured
    #: What is asked about first, then in the order of the notes, then what stands in fields.
    things: Sequence[Thing]
    #: How many rows of each kind the form has.
    rows: Mapping[str, int]

    @property
    def asked(self) -> list[Thing]:
        return [thing for thing in self.things if thing.questions]

    def in_notes(self, mistake: Invalid) -> Invalid:
        """A mistake of ``meeting_mistakes``; one in what only the notes say belongs beside the notes."""
        found = _IN_A_ROW.fullmatch(mistake.field)
        if found is None or int(found[2]) < self.rows[found[1]]:
            return mistake
        told: Told = getattr(self.new, found[1])[int(found[2])]
        return Invalid("minutes", f"“{words_of(told)}”: {mistake}")

    @property
    def lines_of_prose(self) -> int:
        return sum(1 for line in self.captured.prose.splitlines() if line.strip())


@dataclass
class _Rows(Generic[Row]):
    """What is told of one kind: the rows of the form at their places, then what stands in the notes."""

    told: list[Row]
    lines: dict[int, Find]

    def add(self, told: Row, line: Find) -> None:
        for at, row in enumerate(self.told):
            if _same(row, told):
                self.told[at] = _filled(row, told)
                self.lines.setdefault(at, line)
                return
        self.lines[len(self.told)] = line
        self.told.append(told)

    def things(self) -> Iterator[Thing]:
        for at, row in enumerate(self.told):
            if not row.is_blank:
                yield _thing(row, self.lines.get(at))


def named(candidates: Sequence[Candidate]) -> list[Named]:
    """Who may be meant by a name in notes."""
    return [Named(one.person.id, one.person.name, one.person.job_title) for one in candidates]


def gather(
    new: NewMeeting,
    *,
    candidates: Sequence[Candidate],
    me: int | None,
    as_it_stands: Collection[str] = (),
    is_asking: bool = True,
) -> Gathered:
    """Read the marks in the minutes of ``new``, and put what they say to what its fields say.

    ``as_it_stands``: lines, exactly as typed, whose questions stay open; unless ``is_asking``, all do.
    """
    captured = read(new.minutes, people=named(candidates), on=new.held_on, me=me)
    actions, requests = _Rows(list(new.actions), {}), _Rows(list(new.requests), {})
    decisions, praises = _Rows(list(new.decisions), {}), _Rows(list(new.praises), {})
    apart: list[Thing] = []
    for line in captured.found:
        told = _told(line)
        if is_asking and line.questions and line.raw not in as_it_stands:
            apart.append(_thing(told, line, questions=line.questions))
        elif not _is_whole(told):
            apart.append(_thing(told, line, is_kept=False))
        elif isinstance(told, NewAction):
            actions.add(told, line)
        elif isinstance(told, NewRequest):
            requests.add(told, line)
        elif isinstance(told, NewDecision):
            decisions.add(told, line)
        else:
            praises.add(told, line)
    things = [*apart, *actions.things(), *requests.things(), *decisions.things(), *praises.things()]
    whole = replace(new, actions=actions.told, requests=requests.told, decisions=decisions.told, praises=praises.told)
    rows = {kind: len(getattr(new, kind)) for kind in ("actions", "requests", "decisions", "praises", "projects")}
    return Gathered(whole, captured, sorted(things, key=_place), rows)


def _place(thing: Thing) -> tuple[bool, bool, int]:
    return not thing.questions, thing.line is None, thing.line.number if thing.line else 0


def _told(line: Find) -> Told:
    if isinstance(line, FoundAction):
        return NewAction(line.text, line.owner_id, line.due_on, line.done)
    if isinstance(line, FoundRequest):
        return NewRequest(line.title, line.need, kind=line.word.kind, origin=line.word.origin)
    if isinstance(line, FoundDecision):
        return NewDecision(line.text)
    return NewPraise(line.text, line.person_id)


def _is_whole(told: Told) -> bool:
    """A request says what and why; everything else says what."""
    return bool(told.title and told.business_need) if isinstance(told, NewRequest) else bool(told.text)


def words_of(told: Told) -> str:
    """What it says in short."""
    return told.title if isinstance(told, NewRequest) else told.text


def _same(one: Row, other: Row) -> bool:
    """Whether both say the same in the same words, or one says less."""
    if words_of(one).casefold() != words_of(other).casefold() or not words_of(one):
        return False
    blank = type(one)()
    rest = [name.name for name in fields(one)][1:]
    pairs = [(getattr(one, name), getattr(other, name), getattr(blank, name)) for name in rest]
    return all(mine == theirs or nothing in (mine, theirs) for mine, theirs, nothing in pairs)


def _filled(row: Row, told: Row) -> Row:
    """The row, with what only the other says."""
    blank = type(row)()
    missing = [name.name for name in fields(row) if getattr(row, name.name) == getattr(blank, name.name)]
    return replace(row, **{name: getattr(told, name) for name in missing})


def _thing(told: Told, line: Find | None, *, questions: tuple[Question, ...] = (), is_kept: bool = True) -> Thing:
    return Thing(
        kind=_KINDS[type(told)],
        text=words_of(told),
        person_id=_person(told),
        day=getattr(told, "due_on", None) or getattr(told, "revisit_on", None),
        need=getattr(told, "business_need", ""),
        done=getattr(told, "done", False),
        line=line,
        questions=questions,
        is_kept=is_kept,
        word=_word(told),
    )


def _word(told: Told) -> Word:
    if not isinstance(told, NewRequest):
        return Word.STANDARD
    return Word.OFFER if told.origin is Origin.OFFERED else Word(told.kind.value)


def _person(told: Told) -> int | None:
    if isinstance(told, NewAction):
        return told.owner_id
    if isinstance(told, NewRequest):
        return told.requester_id
    return told.person_id if isinstance(told, NewPraise) else None


def replaced(text: str, number: int, was: str, now: str) -> str:
    """The text with a line (which may run on over several) replaced: of those that read like it the one nearest to
    that number; unchanged when there is none."""
    lines, wanted = text.split("\n"), was.split("\n")
    places = [at for at in range(len(lines)) if lines[at : at + len(wanted)] == wanted]
    if not places:
        return text
    at = min(places, key=lambda place: abs(place + 1 - number))
    return "\n".join([*lines[:at], now, *lines[at + len(wanted) :]])
