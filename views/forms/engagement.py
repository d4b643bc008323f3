"""The forms of a relationship: its model, its words, an answer to a danger sign, and what counts as one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from wtforms import IntegerField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired

from crm.services.engagement.thresholds import NAMES, Thresholds
from crm.services.engagement.words import Words
from models.engagement import Called, Model
from models.meeting import Meeting
from models.setting import Setting
from views.filters import day
from views.forms.base import DayField, Form, key_or_none, prose
from views.forms.meetings import KINDS

MODELS = {Model.CUSTOMER: "Customer", Model.PARTNER: "Partner"}
CALLED = {Called.CUSTOMER: "Customer", Called.PARTNER: "Partner", Called.COLLEAGUE: "Colleague"}
#: What each threshold counts, as a sentence after its number.
COUNTS = {
    "danger_refusals": "refusals without an alternative",
    "danger_refusal_days": "days in which refusals count",
    "danger_bendings": "own choices for which our way was bent",
    "danger_bending_days": "days in which bent ways count",
    "danger_silent_periods": "review periods without a talk the partner asked for",
    "danger_our_meetings": "meetings of our own with a customer’s people",
    "danger_switches": "changes of the model",
    "danger_switch_days": "days in which changes of the model count",
}


class ModelForm(Form):
    model = RadioField(
        "What it is",
        [InputRequired("Choose one.")],
        choices=[(one.value, name) for one, name in MODELS.items()],
    )
    since = DayField("Since when", [InputRequired("Say from which day on.")])
    meeting_id = SelectField("The conversation in which you agreed", coerce=key_or_none, validate_choice=False)
    why = TextAreaField("Why", filters=[prose])

    def offer(self, conversations: Sequence[Meeting], today: date, *, is_first: bool) -> ModelForm:
        kinds = dict(KINDS)
        told = [(one.id, f"{kinds[one.kind.value]}, {day(one.held_on, today)}") for one in conversations]
        self.meeting_id.choices = [("", "None" if is_first else "Choose a meeting"), *told]
        return self


class WordsForm(Form):
    called = RadioField("What they are called", choices=[(one.value, name) for one, name in CALLED.items()])
    unit_may_expect = TextAreaField("What they may expect of IT", filters=[prose])
    it_may_expect = TextAreaField("What IT may expect of them", filters=[prose])

    @classmethod
    def of(cls, words: Words) -> WordsForm:
        return cls(
            formdata=None,
            called=words.called.value,
            unit_may_expect=words.unit_may_expect,
            it_may_expect=words.it_may_expect,
        )


class AnswerForm(Form):
    reason = TextAreaField("Why this is no danger", filters=[prose])


def _number(label: str) -> IntegerField:
    return IntegerField(label, [InputRequired("Say how many.")])


class ThresholdsForm(Form):
    danger_refusals = _number("Refusals without an alternative")
    danger_refusal_days = _number("within so many days")
    danger_bendings = _number("Own choices for which our way was bent")
    danger_bending_days = _number("within so many days")
    danger_silent_periods = _number("Review periods in which a partner only sent requests")
    danger_our_meetings = _number("Meetings of our own that a customer’s people sat in")
    danger_switches = _number("Changes of the model")
    danger_switch_days = _number("within so many days")
    reason = TextAreaField("Why it changes", filters=[prose])

    @classmethod
    def of(cls, thresholds: Thresholds) -> ThresholdsForm:
        return cls(formdata=None, **{name: getattr(thresholds, name) for name in NAMES})

    @property
    def thresholds(self) -> Thresholds:
        return Thresholds(**{name: int(self._fields[name].data or 0) for name in NAMES})


def what_changed(setting: Setting) -> str:
    """ "2 changes of the model"."""
    return f"{setting.value} {COUNTS[setting.name]}"
