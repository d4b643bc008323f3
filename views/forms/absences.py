"""Forms of absences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from crm.services.absences import NOTE_LENGTH, Told
from models.person import Person
from views.forms.base import DayField, Form, key_or_none, tidy


class AbsenceForm(Form):
    person_id = SelectField("Who", coerce=key_or_none, validators=[InputRequired("Say who is away.")])
    since = DayField("First day away", [InputRequired("Say from which day.")])
    until = DayField("Back on", [Optional()], description="Leave it open when nobody knows yet.")
    covered_by_id = SelectField("Who covers", coerce=key_or_none)
    note = StringField(
        "Note",
        [Optional(), Length(max=NOTE_LENGTH, message=f"Keep the note under {NOTE_LENGTH} letters.")],
        filters=[tidy],
        description="Only IT reads it.",
    )

    def offer(self, people: Sequence[Person], reps: Sequence[Person]) -> AbsenceForm:
        """Who may be away, and who may cover."""
        self.person_id.choices = [(person.id, person.name) for person in people]
        covers = [(rep.id, rep.name) for rep in reps if len(people) != 1 or rep.id != people[0].id]
        self.covered_by_id.choices = [("", "The deputies of each unit"), *covers]
        return self

    def told(self, reps: Sequence[Person]) -> Told:
        return Told(
            since=self.since.data or date.max,
            until=self.until.data,
            covered_by=next((rep for rep in reps if rep.id == self.covered_by_id.data), None),
            note=self.note.data or "",
        )
