"""Forms that bring a request further."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from crm.errors import Invalid
from crm.services.priority_rules import MOST_POINTS, Criterion, Rule
from models.request import RequestState
from models.request_part import Verdict
from views.forms.base import Form, key_or_none, prose, step

#: What the names of the criteria begin with.
_POINTS = "points_"
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
    trade_off = TextAreaField("What it is worth against what it costs", [_long], filters=[prose])
    bends_process = BooleanField("IT’s usual way is bent for it")

    def points(self) -> dict[str, int]:
        """What was judged, by key of criterion. Raises Invalid("points") for anything off the scale."""
        chosen = {
            name.removeprefix(_POINTS): field.data for name, field in self._fields.items() if name.startswith(_POINTS)
        }
        return {key: _judged(told) for key, told in chosen.items() if told}

    @property
    def points_open(self) -> bool:
        """Whether something of the weighing was typed or refused."""
        typed = [field.data for field in self.weights] + [self.trade_off.data, self.bends_process.data]
        return any(typed) or bool(self.form_errors)

    @property
    def weights(self) -> Sequence[Field]:
        """The fields of the criteria, in their order."""
        return [field for name, field in self._fields.items() if name.startswith(_POINTS)]


def deciding_form(rule: Rule, *, fresh: bool) -> DecideForm:
    """With one field for each criterion of the rule. ``fresh``: whatever was sent is left alone."""

    class Weighing(DecideForm):
        pass

    for one in rule.criteria:
        setattr(Weighing, f"{_POINTS}{one.key}", _criterion(one))
    return Weighing(formdata=None) if fresh else Weighing()


def _criterion(one: Criterion) -> SelectField:
    ends = {0: f"0: {one.low}", MOST_POINTS: f"{MOST_POINTS}: {one.high}"}
    steps = [(str(step), ends.get(step, str(step))) for step in range(MOST_POINTS + 1)]
    label = f"{one.name}, {one.weight} %" + (", counts against it" if one.counts_against else "")
    return SelectField(label, [Optional()], choices=[("", "Not judged"), *steps])


def _judged(told: str) -> int:
    number = step(told)
    if number is None:
        raise Invalid("points", f"Points go from 0 to {MOST_POINTS}.")
    return number


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

    @classmethod
    def towards(cls, to: RequestState) -> MoveForm:
        """An empty one for one of several ways on a page."""
        form = cls(formdata=None)
        form.named_after(to)
        return form

    def named_after(self, to: RequestState) -> None:
        """Its fields have ids of their own on the page."""
        self.why.id = f"why-{to.value}"


class OwnerForm(Form):
    owner_id = SelectField("Who sees to it", coerce=key_or_none, validate_choice=False)
