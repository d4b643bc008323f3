"""Forms of actions and requests."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import Length

from crm.services.action_links import Word
from crm.services.attendees import Candidate
from models.person import Person
from views.forms.base import DayField, Form, key_or_none, tidy

_long = Length(max=5_000, message="Keep it under 5,000 letters.")


class NewDateForm(Form):
    due_on = DayField("Promise another day")


class OwnerForm(Form):
    owner_id = SelectField("Who does it", coerce=key_or_none, validate_choice=False)

    def offer(self, candidates: Sequence[Candidate], owner: Person | None) -> None:
        """Fill in who there is to choose from, the unit's people first. The owner of now stays on offer."""
        people = [one.person for one in candidates]
        known = owner is None or owner.id in {person.id for person in people}
        offered = people if known or owner is None else [owner, *people]
        self.owner_id.choices = [("", "Nobody yet"), *((person.id, person.name) for person in offered)]


class SayForm(Form):
    """What the owner of an action says by personal link."""

    remark = StringField("A word about it", filters=[tidy])
    word = HiddenField()

    @property
    def told(self) -> Word | None:
        """Which button was pressed; None for anything else."""
        return Word(self.word.data) if self.word.data in set(Word) else None
