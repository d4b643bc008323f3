"""The form of how much each part of health weighs."""

from __future__ import annotations

from typing import Self

from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from crm.services.health.rules import NAMES, Weights
from models.health import Component
from views.forms.base import Form, tidy

_share = (InputRequired("Give it a number, or 0."), NumberRange(0, 100, "Between 0 and 100."))


class WeightsForm(Form):
    satisfaction = IntegerField(NAMES[Component.SATISFACTION], _share)
    rhythm = IntegerField(NAMES[Component.RHYTHM], _share)
    promises = IntegerField(NAMES[Component.PROMISES], _share)
    engagement = IntegerField(NAMES[Component.ENGAGEMENT], _share)
    reason = StringField(
        "Why the change?",
        [InputRequired("Say why; it is kept with the change."), Length(max=300, message="Keep it under 300 letters.")],
        filters=[tidy],
    )

    @classmethod
    def of(cls, weights: Weights) -> Self:
        return cls(formdata=None, data={component.value: weights[component] for component in Component})

    @classmethod
    def asked(cls, given: MultiDict[str, str]) -> Self:
        """What an address says: a preview changes nothing, and needs no token."""
        return cls(formdata=given, meta={"csrf": False})

    def has_numbers(self) -> bool:
        """Whether all four can be read; a preview needs no reason yet. What is wrong stands beside its field."""
        wrong = [component for component in Component if not self[component.value].validate(self)]
        return not wrong

    @property
    def weights(self) -> Weights:
        return {component: self[component.value].data for component in Component}
