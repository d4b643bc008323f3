"""Forms of actions and requests."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from crm.services.action_links import Word
from crm.services.attendees import Candidate
from models.person import Person
from models.request import RequestState
from models.request_part import Verdict
from views.forms.base import DayField, Form, key_or_none, prose, tidy

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


class DecideForm(Form):
    verdict = RadioField(
        "Your decision",
        [InputRequired("Say yes or no.")],
        choices=[(Verdict.ACCEPT.value, "Yes"), (Verdict.DECLINE.value, "No")],
    )
    reason = TextAreaField("Why", [_long], filters=[prose])
    alternative = TextAreaField("What we offer instead", [_long], filters=[prose])
    no_alternative = BooleanField("There is nothing we can offer instead")


class MoveForm(Form):
    """Where a request stands from now on; the pressed button says where."""

    to = HiddenField()
    why = TextAreaField("In your words", [_long], filters=[prose])

    @property
    def wanted(self) -> RequestState | None:
        """None for anything that is no state."""
        return RequestState(self.to.data) if self.to.data in set(RequestState) else None
