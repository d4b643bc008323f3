"""Forms of complaints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from crm.services.complaint_rules import MOST, Patience, Rules
from crm.services.escalations import Rung
from crm.services.request_stages import CAUSES, IN_THEIR_WORDS
from models.request import Cause, Severity
from views.forms.base import Form, key_or_none, prose, tidy

_title = Length(max=200, message="Keep it under 200 letters.")
_long = Length(max=5_000, message="Keep it under 5,000 letters.")
_days = NumberRange(0, MOST, f"Between 0 (at once) and {MOST} working days.")


def _severity() -> RadioField:
    """How bad it is, as whoever complains says it."""
    choices = [(severity.value, said) for severity, said in IN_THEIR_WORDS.items()]
    asked = InputRequired("Say how bad it is.")
    return RadioField("How bad it is", [asked], choices=choices, default=Severity.SERIOUS.value)


class ComplaintForm(Form):
    business_need = TextAreaField("What goes wrong, and for whom", [_long], filters=[prose])
    title = StringField("In a few words", [_title], filters=[tidy])
    severity = _severity()


class ComplaintForSomebodyForm(ComplaintForm):
    """The same, for who looks after the unit."""

    requester_id = SelectField("Who complains", coerce=key_or_none)


class TurnForm(Form):
    severity = _severity()
    why = TextAreaField("What went wrong", [_long], filters=[prose])


class SeverityForm(Form):
    severity = _severity()
    why = TextAreaField("Why", [_long], filters=[prose])


class PassUpForm(Form):
    level = RadioField("To whom", [InputRequired("Choose to whom it goes.")])
    why = TextAreaField("Why", [_long], filters=[prose])

    def offer(self, rungs: Sequence[Rung]) -> None:
        """Those it has not reached; the nearest is chosen."""
        self.level.choices = [(str(rung.level), rung.person.name) for rung in rungs]
        if not self.level.raw_data and rungs:
            self.level.data = str(rungs[0].level)


class SolveForm(Form):
    root_cause = TextAreaField("Why it came about", [_long], filters=[prose])
    cause = SelectField(
        "For counting",
        [Optional()],
        choices=[("", "Not said"), *((cause.value, said) for cause, said in CAUSES.items())],
        default="",
    )
    did = TextAreaField("You said, we did", [_long], filters=[prose])

    @property
    def told_cause(self) -> Cause | None:
        return Cause(self.cause.data) if self.cause.data else None


class RulesForm(Form):
    minor_leader = IntegerField("To who leads the rep", [_days])
    minor_cio = IntegerField("To the CIO", [_days])
    serious_leader = IntegerField("To who leads the rep", [_days])
    serious_cio = IntegerField("To the CIO", [_days])
    critical_leader = IntegerField("To who leads the rep", [_days])
    critical_cio = IntegerField("To the CIO", [_days])
    reason = StringField("Why the change?", [Length(max=300, message="Keep it under 300 letters.")], filters=[tidy])

    @classmethod
    def of(cls, rules: Rules) -> Self:
        told = {f"{severity.value}_leader": patience.leader for severity, patience in rules.items()}
        told |= {f"{severity.value}_cio": patience.cio for severity, patience in rules.items()}
        return cls(formdata=None, data=told)

    @property
    def rules(self) -> Rules:
        return {
            severity: Patience(self[f"{severity.value}_leader"].data, self[f"{severity.value}_cio"].data)
            for severity in Severity
        }
