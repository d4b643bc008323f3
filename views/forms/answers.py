"""The form behind a personal link: what every round asks, and the questions of this one, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from babel.numbers import format_decimal
from wtforms import Field, RadioField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from crm.services.answering import CHOOSE, LONGEST_COMMENT, TOO_LONG
from crm.services.languages import Language
from crm.services.question_sets import WEIGHTS
from crm.services.survey import Answers, Asked, Given
from models.rating import WORDS
from views.forms.base import Form, prose, step


class AnswerForm(Form):
    """``score`` and ``comment``; a round adds a field for each of its questions: :func:`answer_form`."""

    score: RadioField
    comment: TextAreaField


def answer_form(questions: Sequence[Asked], say: Language) -> type[AnswerForm]:
    """The form of a round: what every round asks, and these questions."""
    fields: dict[str, Any] = {
        # The service says what is wrong with a mark; nothing is ever chosen before.
        "score": _steps("", _said(WORDS, say), [InputRequired(say.as_written(CHOOSE))]),
        "comment": TextAreaField(say("What should we change first?"), [_has_room(say)], filters=[prose]),
    }
    for one in questions:
        fields |= _fields(one, say)
    return type("RoundForm", (AnswerForm,), fields)


def _fields(one: Asked, say: Language) -> dict[str, RadioField]:
    if not one.question.has_zone:
        fields = {one.name: _steps(one.text, one.scale)}
    else:
        fields = {
            one.minimum_name: _steps(say("The least that would do"), one.scale),
            one.desired_name: _steps(say("What you wish for"), one.scale),
            one.name: _steps(say("How it is now"), one.scale),
        }
    if one.question.is_weighed:
        fields[one.weight_name] = _steps(say("How much does it matter?"), _said(WEIGHTS, say))
    return fields


def _said(scale: Mapping[int, str], say: Language) -> dict[int, str]:
    return {number: say.as_written(word) for number, word in scale.items()}


def _steps(label: str, scale: Mapping[int, str], validators: Sequence[Any] = ()) -> RadioField:
    """Nothing chosen is an answer too; the page says so once for all of them."""
    return RadioField(label, list(validators), choices=list(scale.items()), coerce=step, validate_choice=False)


def _has_room(say: Language) -> Callable[[Form, Field], None]:
    def check(_: Form, field: Field) -> None:
        if len(field.data or "") > LONGEST_COMMENT:
            most, n = (format_decimal(number, locale=say.code) for number in (LONGEST_COMMENT, len(field.data)))
            raise ValidationError(say(TOO_LONG, most=most, n=n))

    return check


def answered(form: AnswerForm, questions: Sequence[Asked]) -> Answers:
    """What the form says to these questions. A weight or a zone without an answer says nothing."""
    return {
        (one.question.id, one.about): Given(
            form[one.name].data,
            weight=_data(form, one.weight_name),
            minimum=_data(form, one.minimum_name),
            desired=_data(form, one.desired_name),
        )
        for one in questions
        if form[one.name].data is not None
    }


def _data(form: AnswerForm, name: str) -> int | None:
    return form[name].data if name in form else None


def filled(questions: Sequence[Asked], answers: Answers) -> dict[str, int | None]:
    """What the fields hold for these answers."""
    data: dict[str, int | None] = {}
    for one in questions:
        if said := answers.get((one.question.id, one.about)):
            data |= {one.name: said.value, one.weight_name: said.weight}
            data |= {one.minimum_name: said.minimum, one.desired_name: said.desired}
    return data


def typed(form: AnswerForm, sent: Mapping[str, str]) -> dict[str, str]:
    """What was sent in the fields of this form, right or wrong."""
    return {field.name: sent[field.name] for field in form if field.name in sent and field.name != "csrf_token"}
