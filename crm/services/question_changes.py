"""What is different between two versions of what is asked, in words, and what it means for the charts."""

from __future__ import annotations

from collections.abc import Sequence

from models.question import Per, Question, QuestionKind

KINDS = {
    QuestionKind.SCORE: "how well, 1 to 5",
    QuestionKind.EXTENT: "how far it is so, 1 to 5",
    QuestionKind.CHANCE: "how likely, 0 to 10",
    QuestionKind.LEVEL: "from ad hoc to strategic partner, 1 to 5",
}
PERS = {
    Per.ONCE: "once",
    Per.SERVICE: "of each service the unit uses",
    Per.PERSON: "of each person of IT it has met",
}


def differences(before: Sequence[Question], after: Sequence[Question]) -> list[str]:
    """A sentence for each: what went, what is new, what is worded or asked otherwise, and whether the order is."""
    old, new = ({question.key: question for question in questions} for questions in (before, after))
    gone = [question for question in before if question.key not in new]
    come = [question for question in after if question.key not in old]
    recast = {question.text: question for question in gone if question.text in {other.text for other in come}}
    stayed = [(old[question.key], question) for question in after if question.key in old]
    return [
        *(_recast(recast[question.text], question) for question in come if question.text in recast),
        *(f"{_said(question)} is no longer asked: its chart ends." for question in gone if question.text not in recast),
        *(f"{_said(question)} is new." for question in come if question.text not in recast),
        *(sentence for was, question in stayed for sentence in _changed(was, question)),
        *_order([was.key for was in before if was.key in new], [question.key for question in after]),
    ]


def _recast(was: Question, question: Question) -> str:
    how = f"asked {PERS[question.per]}" if was.kind is question.kind else f"answered {KINDS[question.kind]}"
    return f"{_said(question)} is {how}, which is another question: the old chart ends and a new one begins."


def _changed(was: Question, question: Question) -> list[str]:
    said, found = _said(question), []
    if was.text != question.text:
        found.append(f"{_said(was)} is worded “{question.text}”: its chart goes on.")
    if was.is_weighed != question.is_weighed:
        found.append(f"{said} {'also' if question.is_weighed else 'no longer'} asks how much it matters.")
    if was.has_zone != question.has_zone:
        also = "also" if question.has_zone else "no longer"
        found.append(f"{said} {also} asks the least that would do, and what is wished for.")
    return found


def _order(before: Sequence[str], after: Sequence[str]) -> list[str]:
    return [] if before == [key for key in after if key in before] else ["The order is another one."]


def _said(question: Question) -> str:
    return f"“{question.text}”"
