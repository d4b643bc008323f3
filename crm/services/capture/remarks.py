"""Requests (`! title -- need: why`, or `! complaint: title -- need: why`), decisions (`> decision: text`) and praise
(`+ person: text`)."""

from __future__ import annotations

import re

from crm.services.capture import asking
from crm.services.capture.characters import BLANK, fold, tidy, words
from crm.services.capture.found import FoundDecision, FoundPraise, FoundRequest, Question
from crm.services.capture.names import Names
from crm.services.request_kinds import Word

_NEED = re.compile(rf"(?:^|(?<={BLANK}))(?:-{{1,3}}|[—–−]){BLANK}*need{BLANK}*:", re.IGNORECASE)
_WORD = re.compile(rf"{BLANK}*({'|'.join(word.value.replace('_', '[- ]?') for word in Word)}){BLANK}*:", re.IGNORECASE)
_NAME_AND_REST = re.compile(rf"@?{BLANK}{{0,3}}([^:]{{1,80}}):(?={BLANK}){BLANK}*", re.DOTALL)
_MOST_WORDS_OF_A_NAME = 5
#: "+ the team: thanks" is for everybody.
_EVERYBODY = {("everybody",), ("everyone",), ("all",), ("team",), ("the", "team"), ("nobody",)}


def read_request(raw: str, start: int) -> FoundRequest | None:
    """The request whose title begins at ``start``; None without words."""
    need = _NEED.search(fold(raw), start)
    word, start = read_word(raw, start)
    title = tidy(raw[start : need.start() if need else len(raw)])
    why = tidy(raw[need.end() :]) if need else ""
    if not (title or why):
        return None
    questions = []
    if not title:
        questions.append(Question("title", "What is asked for?"))
    if not why:
        questions.append(Question("need", "What does the unit need it for?"))
    return FoundRequest(title, why, word, questions=tuple(questions))


def read_word(raw: str, start: int = 0) -> tuple[Word, int]:
    """What a request goes by that begins at ``start``, and where its title begins."""
    said = _WORD.match(fold(raw), start)
    if said is None:
        return Word.STANDARD, start
    return Word("non_standard" if said[1].lower().startswith("non") else said[1].lower()), said.end()


def read_decision(raw: str, start: int) -> FoundDecision | None:
    """The decision whose words begin at ``start``; None while there are none."""
    text = tidy(raw[start:])
    return FoundDecision(text) if text else None


def read_praise(raw: str, start: int, names: Names) -> FoundPraise | None:
    """The praise whose person begins at ``start``; None where no name with a colon and a text follow."""
    named = _NAME_AND_REST.match(fold(raw), start)
    said = words(named[1]) if named else ()
    if named is None or not _may_be_a_name(said) or not tidy(raw[named.end() :]):
        return None
    if said in _EVERYBODY:
        return FoundPraise(None, tidy(raw[named.end() :]))
    people = names.called(named[1].strip())
    if len(people) == 1:
        return FoundPraise(people[0].id, tidy(raw[named.end() :]))
    asked = asking.who_is(raw, start, named.end(1), people, names)
    return FoundPraise(None, tidy(raw[start:]), questions=(asked,))


def _may_be_a_name(said: tuple[str, ...]) -> bool:
    return 0 < len(said) <= _MOST_WORDS_OF_A_NAME and any(char.isalpha() for word in said for char in word)
