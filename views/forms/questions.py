"""The form of a set of questions: a row for each, moved and taken away by buttons that work without a script."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, FieldList, FormField, HiddenField, RadioField, SelectField, TextAreaField
from wtforms import Form as Row

from crm.services.question_changes import KINDS, PERS
from crm.services.question_editing import MOST_QUESTIONS, Meaning, Wanted
from models.question import Per, Question, QuestionKind, QuestionSet
from views.forms.base import Form, tidy
from views.forms.meeting_rows import one_of

MEANINGS = (
    (Meaning.SAME.value, "Yes, in other words: its chart goes on"),
    (Meaning.NEW.value, "No, it asks something else: its chart ends, and a new one begins"),
)


class QuestionRow(Row):
    key = HiddenField()
    text = TextAreaField("Question", filters=[tidy])
    kind = SelectField(
        "Answered", choices=[(kind.value, words) for kind, words in KINDS.items()], validate_choice=False
    )
    per = SelectField("Asked", choices=[(per.value, words) for per, words in PERS.items()], validate_choice=False)
    is_weighed = BooleanField("Also asks how much it matters")
    has_zone = BooleanField("Also asks the least that would do, and what is wished for")
    meaning = RadioField("Does it still ask the same?", choices=MEANINGS, validate_choice=False)

    def wanted(self) -> Wanted:
        said = self.meaning.data
        return Wanted(
            key=self.key.data or "",
            text=self.text.data or "",
            kind=one_of(QuestionKind, self.kind.data, QuestionKind.EXTENT),
            per=one_of(Per, self.per.data, Per.ONCE),
            is_weighed=bool(self.is_weighed.data),
            has_zone=bool(self.has_zone.data),
            meaning=Meaning(said) if said in set(Meaning) else None,
        )


class QuestionsForm(Form):
    #: The version it was made from.
    base = HiddenField()
    questions = FieldList(FormField(QuestionRow))
    reason = TextAreaField(
        "Why is it changed?", filters=[tidy], description="It stays with the version, for whoever wonders later."
    )

    @classmethod
    def of(cls, version: QuestionSet) -> QuestionsForm:
        return _filled(map(_values, version.questions), str(version.version), "")

    @property
    def version(self) -> int:
        """That it was made from; 0 for what is none."""
        given = str(self.base.data or "")
        return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0

    def wanted(self) -> list[Wanted]:
        return [row.form.wanted() for row in self.questions]

    def after(self, button: str) -> QuestionsForm:
        """The form once "add", "up-2", "down-2" or "remove-2" was pressed; unchanged for any other."""
        rows = [row.data for row in self.questions]
        what, _, given = button.partition("-")
        place = int(given) if given.isascii() and given.isdigit() and len(given) < 4 else -1
        if what == "add" and len(rows) < MOST_QUESTIONS:
            rows.append({"kind": QuestionKind.EXTENT.value, "per": Per.ONCE.value})
        elif 0 <= place < len(rows):
            _move(rows, what, place)
        return _filled(rows, self.base.data or "", self.reason.data or "")


def _move(rows: list[dict[str, Any]], what: str, place: int) -> None:
    to = {"up": place - 1, "down": place + 1}.get(what, -1)
    if what == "remove":
        del rows[place]
    elif 0 <= to < len(rows):
        rows[place], rows[to] = rows[to], rows[place]


def _filled(rows: Iterable[dict[str, Any]], base: str, reason: str) -> QuestionsForm:
    return QuestionsForm(formdata=None, base=base, reason=reason, questions=list(rows))


def _values(question: Question) -> dict[str, Any]:
    return {
        "key": question.key,
        "text": question.text,
        "kind": question.kind.value,
        "per": question.per.value,
        "is_weighed": question.is_weighed,
        "has_zone": question.has_zone,
    }
