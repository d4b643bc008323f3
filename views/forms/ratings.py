"""Forms of asking for a rating, and of answering."""

from __future__ import annotations

from wtforms import RadioField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Optional

from models.rating import WORDS
from views.forms.base import Form


def _mark(value: object) -> int | None:
    """A mark of the scale, or None for anything else: what was sent may be anything."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and int(text[:3]) in WORDS else None


def _person_id(value: object) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class AnswerForm(Form):
    score = RadioField(
        choices=list(WORDS.items()),
        coerce=_mark,
        validate_choice=False,  # the service says it better
        validators=[InputRequired("Choose one of the five answers.")],
    )
    comment = TextAreaField("What should we change first?", [Optional()])


class AskForm(Form):
    people = SelectMultipleField("Who is asked", coerce=_person_id, validate_choice=False)
