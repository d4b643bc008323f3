"""The form by which a person goes, or stops being a rep: who leads each unit next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import DateField, FieldList, FormField, HiddenField, SelectField
from wtforms import Form as Part
from wtforms.validators import InputRequired, Optional

from models.person import Person
from models.unit import BusinessUnit
from views.forms.base import Form

NOBODY = "nobody"


class SuccessorRow(Part):
    """Who leads one unit next."""

    unit_id = HiddenField()
    to_id = SelectField("New lead")


class LeavingForm(Form):
    on = DateField("First day without", [InputRequired("Say from which day.")])
    everyone = SelectField("One new lead for all of them", validators=[Optional()])
    units = FieldList(FormField(SuccessorRow))

    def offer(self, units: Sequence[BusinessUnit], reps: Sequence[Person], leaver: Person) -> LeavingForm:
        """A row for each unit that needs a new lead, in this order, keeping what was sent."""
        sent = {entry.form.unit_id.data: entry.form.to_id.data for entry in self.units.entries}
        while self.units.entries:
            self.units.pop_entry()
        others = [(str(rep.id), rep.name) for rep in reps if rep.id != leaver.id]
        self.everyone.choices = [("", "Choose for each unit"), *others]
        for unit in units:
            row: Any = self.units.append_entry({"unit_id": str(unit.id), "to_id": sent.get(str(unit.id)) or ""})
            row.form.to_id.choices = [("", "Choose who leads it next"), *others, (NOBODY, "Nobody, from that day on")]
            row.form.to_id.label.text = f"New lead of {unit.name}"
        return self

    def validate(self, extra_validators: Any = None) -> bool:
        holds = super().validate(extra_validators)
        for entry in self.units.entries:
            if not entry.form.to_id.data and not self.everyone.data:
                entry.form.to_id.errors = [f"Say who takes over, or choose “{NOBODY.capitalize()}”."]
                holds = False
        return bool(holds)

    def successors(self, reps: Sequence[Person]) -> dict[int, Person | None]:
        """By the id of the unit; what was chosen for one unit goes before what was chosen for all."""
        known = {str(rep.id): rep for rep in reps}
        return {
            int(entry.form.unit_id.data or 0): known.get(entry.form.to_id.data or self.everyone.data)
            for entry in self.units.entries
        }
