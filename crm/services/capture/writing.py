"""What was found, as a line that reads as the same again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from crm.services.capture.asking import written
from crm.services.capture.days import NO_DATE
from crm.services.capture.found import Find, FoundAction, FoundDecision, FoundPraise, FoundRequest, Named
from crm.services.capture.names import NOBODY, Names
from crm.services.capture.promises import read_action
from crm.services.capture.remarks import read_word
from crm.services.request_kinds import Word


def write(found: Find, *, people: Sequence[Named], on: date) -> str:
    """One line with its mark. Whoever is named must be among ``people``."""
    names = Names(people)
    if isinstance(found, FoundAction):
        return _action(found, names, on)
    if isinstance(found, FoundRequest):
        return _request(found)
    if isinstance(found, FoundDecision):
        return f"> decision: {found.text}"
    return _praise(found, names)


def _request(found: FoundRequest) -> str:
    # A title that itself begins with such a word is told apart by a word before it.
    is_plain = found.word is Word.STANDARD and read_word(found.title) == (Word.STANDARD, 0)
    word = "" if is_plain else f"{found.word.value.replace('_', '-')}:"
    need = f"-- need: {found.need}" if found.need else ""
    return " ".join(part for part in ("!", word, found.title, need) if part)


def _praise(found: FoundPraise, names: Names) -> str:
    if found.questions:
        return f"+ {found.text}"
    name = names.written(names.name_of(found.person_id)) if found.person_id is not None else "everybody"
    return f"+ {name}: {found.text}"


def _action(found: FoundAction, names: Names, on: date) -> str:
    asked = {question.field for question in found.questions}
    line = f"- [{'x' if found.done else ' '}] {found.text}"
    if "text" in asked:
        return line
    alone = read_action(found.text, 0, names, on, done=found.done) or found
    told = {question.field for question in alone.questions}
    if found.owner_id is not None:
        line += f" @{names.written(names.name_of(found.owner_id))}"
    elif "owner" not in asked and (alone.owner_id is not None or "owner" in told):
        line += f" @{NOBODY}"
    if found.due_on is not None:
        line += f" by {written(found.due_on)}"
    elif "due" not in asked and (alone.text != found.text or told & {"due", "text"}):
        line += f" by {NO_DATE}"
    return line
