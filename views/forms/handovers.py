"""Forms of handovers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from wtforms import BooleanField, DateField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from crm.services.handovers import WORDS_LENGTH, Told
from models.person import Person
from views.forms.base import Form, key_or_none, prose

_LONG = Length(max=WORDS_LENGTH, message=f"Keep it under {WORDS_LENGTH} letters.")


class HandoverForm(Form):
    to_id = SelectField("New lead", coerce=key_or_none, validators=[InputRequired("Choose who takes over.")])
    on = DateField("From", [InputRequired("Say from which day.")])
    tone = TextAreaField(
        "How to talk with them",
        [Optional(), _LONG],
        filters=[prose],
        description="What you would say over a coffee. Only IT reads it.",
    )
    went_wrong = TextAreaField(
        "What went wrong before",
        [Optional(), _LONG],
        filters=[prose],
        description="Refusals, broken promises and missed reviews are listed by themselves. Only IT reads it.",
    )
    with_actions = BooleanField("What the outgoing rep still owes goes over too", default=True)

    def offer(self, reps: Sequence[Person], lead: Person | None) -> HandoverForm:
        """Everybody who may lead, but for who does."""
        others = [(rep.id, rep.name) for rep in reps if lead is None or rep.id != lead.id]
        self.to_id.choices = [("", "Choose a rep"), *others]
        return self

    def told(self, reps: Sequence[Person]) -> Told:
        return Told(
            to=next(rep for rep in reps if rep.id == self.to_id.data),
            on=self.on.data or date.max,
            tone=self.tone.data or "",
            went_wrong=self.went_wrong.data or "",
            with_actions=bool(self.with_actions.data),
        )
