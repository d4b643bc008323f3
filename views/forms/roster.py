"""Forms of the roster of embedded and deputised people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from wtforms import DateField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from crm.services.roster import ACCESS_LENGTH, Told
from models.person import Person
from models.unit import Part
from views.forms.base import Form, key_or_none, tidy

PARTS = ((Part.EMBEDDED.value, "Embedded"), (Part.DEPUTISED.value, "Deputised"))


class LendForm(Form):
    person_id = SelectField("Person", coerce=key_or_none, validators=[InputRequired("Say who.")])
    part = RadioField("Is there as", choices=PARTS, default=Part.EMBEDDED.value)
    since = DateField("From", [InputRequired("Say from which day.")])
    until = DateField("Until, the first day without", [InputRequired("Say until which day, twelve months at most.")])
    access = StringField(
        "What may they do meanwhile?",
        [InputRequired("Say what access they have meanwhile."), Length(max=ACCESS_LENGTH)],
        filters=[tidy],
        description="“Reads the ledger, changes reports.” It ends on that day.",
    )

    def offer(self, people: Sequence[Person]) -> LendForm:
        named = [(one.id, f"{one.name}, {one.job_title}" if one.job_title else one.name) for one in people]
        self.person_id.choices = [("", "Choose a person"), *named]
        return self

    def told(self, people: Sequence[Person]) -> Told:
        return Told(
            person=next(one for one in people if one.id == self.person_id.data),
            part=Part(self.part.data),
            since=self.since.data or date.max,
            until=self.until.data or date.max,
            access=self.access.data or "",
        )


class ExtendForm(Form):
    until = DateField("Until, the first day without", [InputRequired("Say until which day.")])
