"""Forms of packs."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import SelectField
from wtforms.validators import InputRequired

from models.unit import BusinessUnit
from views.forms.base import DayField, Form, key_or_none


class PeriodForm(Form):
    since = DayField("From", [InputRequired("Say from which day.")])
    until = DayField("Until", [InputRequired("Say until which day.")])


class BoardForm(PeriodForm):
    branch_id = SelectField("Units", coerce=key_or_none)

    def offer(self, branches: Sequence[BusinessUnit]) -> BoardForm:
        told = [(unit.id, f"{unit.name} and below") for unit in branches]
        self.branch_id.choices = [("", "The whole organisation"), *told]
        return self
