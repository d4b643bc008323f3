"""Forms of asking for a rating, and of answering."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Optional

from crm.services.follow_up_links import Word
from crm.services.question_sets import WEIGHTS
from crm.services.survey import Answers, Asked, Given
from models.question import Instrument
from models.rating import WORDS, Confidentiality
from views.forms.base import Form, key_or_none, prose


def _mark(value: object) -> int | None:
    """A mark of the scale, or None for anything else: what was sent may be anything."""
    step = _step(value)
    return step if step in WORDS else None


def _step(value: object) -> int | None:
    """A small whole number, or None for anything else."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None


def _person_id(value: object) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class AnswerForm(Form):
    """The overall question and a comment; a survey adds a field for each of its questions: :func:`answer_form`."""

    score = RadioField(
        choices=list(WORDS.items()),
        coerce=_mark,
        validate_choice=False,  # the service says it better
        validators=[InputRequired("Choose one of the five answers.")],
    )
    comment = TextAreaField("What should we change first?", [Optional()])


def answer_form(questions: Sequence[Asked]) -> type[AnswerForm]:
    """The form of a round: what every round asks, and these questions."""
    fields: dict[str, Any] = {}
    for one in questions:
        fields[one.name] = _steps(one.text, one.scale)
        if one.question.is_weighed:
            fields[one.weight_name] = _steps("How much does it matter?", WEIGHTS)
    return type("RoundForm", (AnswerForm,), fields)


def _steps(label: str, scale: dict[int, str]) -> RadioField:
    """Nothing chosen is an answer too; the page says so once for all of them."""
    return RadioField(label, choices=list(scale.items()), coerce=_step, validate_choice=False)


def answered(form: AnswerForm, questions: Sequence[Asked]) -> Answers:
    """What the form says to these questions. A weight without an answer says nothing."""
    found: dict[tuple[int, str], Given] = {}
    for one in questions:
        value = form[one.name].data
        if value is not None:
            weight = form[one.weight_name].data if one.question.is_weighed else None
            found[one.question.id, one.about] = Given(value, weight)
    return found


def filled(questions: Sequence[Asked], answers: Answers) -> dict[str, int | None]:
    """What the fields hold for these answers."""
    data: dict[str, int | None] = {}
    for one in questions:
        if said := answers.get((one.question.id, one.about)):
            data |= {one.name: said.value, one.weight_name: said.weight}
    return data


class AskForm(Form):
    instrument = RadioField(
        "What is asked",
        choices=[
            (Instrument.PULSE.value, "A pulse"),
            (Instrument.SURVEY.value, "The survey"),
        ],
        default=Instrument.PULSE.value,
        validate_choice=True,
    )
    confidentiality = RadioField(
        "How it is kept",
        choices=[
            (Confidentiality.NAMED.value, "By name"),
            (Confidentiality.ANONYMOUS.value, "Anonymous"),
        ],
        default=Confidentiality.NAMED.value,
        validate_choice=True,
    )
    people = SelectMultipleField("Who is asked", coerce=_person_id, validate_choice=False)


class ExpectForm(Form):
    expected = RadioField("What do you expect?", choices=list(WORDS.items()), coerce=_mark, validate_choice=False)


class RebaseForm(Form):
    round_id = SelectField("From which round on", coerce=key_or_none, validate_choice=False)
    reason = TextAreaField("What is different since then", filters=[prose])


class WithdrawForm(Form):
    rebasing_id = SelectField("Which one", coerce=key_or_none, validate_choice=False)
    why = TextAreaField("Why the limits are as before", filters=[prose])


class ReplyForm(Form):
    text = TextAreaField("Your reply", filters=[prose])


class ClosingForm(Form):
    """What whoever rated says to the reply."""

    said = TextAreaField("If not: what is missing", filters=[prose])
    word = HiddenField()

    @property
    def told(self) -> Word | None:
        """Which button was pressed; None for anything else."""
        return Word(self.word.data) if self.word.data in set(Word) else None
