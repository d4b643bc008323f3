"""Forms that bring a request further."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from models.request import RequestState
from models.request_part import Verdict
from views.forms.base import Form, prose

_long = Length(max=5_000, message="Keep it under 5,000 letters.")


class DecideForm(Form):
    verdict = RadioField(
        "Your decision",
        [InputRequired("Say yes or no.")],
        choices=[(Verdict.ACCEPT.value, "Yes"), (Verdict.DECLINE.value, "No")],
    )
    reason = TextAreaField("Why", [_long], filters=[prose])
    alternative = TextAreaField("What we offer instead", [_long], filters=[prose])
    no_alternative = BooleanField("There is nothing we can offer instead")
    did = TextAreaField("You said, we did", [_long], filters=[prose])


class WhyForm(Form):
    """What is said on the way to another state."""

    why = TextAreaField("In your words", [_long], filters=[prose])


class MoveForm(WhyForm):
    """Where a request stands from now on; the pressed button says where."""

    to = HiddenField()

    @property
    def wanted(self) -> RequestState | None:
        """None for anything that is no state."""
        return RequestState(self.to.data) if self.to.data in set(RequestState) else None
