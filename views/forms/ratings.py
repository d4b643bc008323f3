"""Forms of asking for a rating, and of what follows. The form of an answer: :mod:`views.forms.answers`."""

from __future__ import annotations

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, TextAreaField

from crm.services.follow_up_links import Word
from models.question import Instrument
from models.rating import WORDS, Audience, Confidentiality
from views.forms.base import Form, key_or_none, prose, step


def _mark(value: object) -> int | None:
    """A mark of the scale, or None for anything else: what was sent may be anything."""
    mark = step(value)
    return mark if mark in WORDS else None


def _person_id(value: object) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


WITHOUT_PROJECT = [(Instrument.PULSE.value, "A pulse"), (Instrument.SURVEY.value, "The survey")]


class AskForm(Form):
    instrument = RadioField(
        "What is asked",
        choices=[*WITHOUT_PROJECT, (Instrument.PROJECT.value, "About a project")],
        default=Instrument.PULSE.value,
        validate_choice=True,
    )
    project_id = SelectField("Which project", coerce=key_or_none, validate_choice=False)
    confidentiality = RadioField(
        "How it is kept",
        choices=[
            (Confidentiality.NAMED.value, "By name"),
            (Confidentiality.CONFIDENTIAL.value, "Confidential"),
            (Confidentiality.ANONYMOUS.value, "Anonymous"),
        ],
        default=Confidentiality.NAMED.value,
        validate_choice=True,
    )
    people = SelectMultipleField("Who is asked by name", coerce=_person_id, validate_choice=False)
    audience = RadioField(
        "Who is asked without a name",
        choices=[
            (Audience.KEY_USERS.value, "Key users"),
            (Audience.END_USERS.value, "Key users and members"),
        ],
        default=Audience.END_USERS.value,
        validate_choice=True,
    )


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
