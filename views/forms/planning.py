"""The form that gives many units a rhythm at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from wtforms import RadioField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired

from crm.services.bulk_planning import Choice, Wish
from views.forms.base import key
from views.forms.cadences import USUAL, CadenceForm, said

SAME, SPREAD = "same", "spread"


class PlanForm(CadenceForm):
    units = SelectMultipleField("Units", coerce=key, validators=[DataRequired("Choose at least one unit.")])
    spread = RadioField(
        "Which day for whom",
        choices=[(SAME, "The same for all"), (SPREAD, "Spread them out")],
        validators=[InputRequired("Say whether they share one day.")],
    )

    def wish(self) -> Wish:
        """What was chosen; of a valid form only."""
        return Wish(self.rule(), self.place.data or "", self.since.data or date.min, self.spread.data == SPREAD)


def opened(choices: Sequence[Choice], today: date) -> PlanForm:
    """The form as it opens: nothing chosen, the usual rhythm from today on."""
    return offering(
        PlanForm(formdata=None, data={**said(USUAL, ""), "since": today, "spread": SPREAD, "units": []}), choices
    )


def offering(form: PlanForm, choices: Iterable[Choice]) -> PlanForm:
    form.units.choices = [(choice.unit.id, choice.unit.name) for choice in choices]
    return form
