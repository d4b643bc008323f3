"""The form of how the house decides: its rule, its criteria, its limits."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import BooleanField, Field, FieldList, FormField, HiddenField, IntegerField, StringField, TextAreaField
from wtforms import Form as Row
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from crm.services import request_limits
from crm.services.priority_rules import Criterion, Rule
from crm.services.request_limits import Limits
from crm.services.request_rules import KINDS, NAME_LENGTH, STATES, WORDS_LENGTH, Wanted
from models.request import RequestKind, RequestState
from views.forms.base import Form, prose, tidy

_ends = Length(max=120, message="Keep it under 120 letters.")
_LIMIT = "limit_"


class Blank(Optional):
    """May be left empty, which says something: so it is not called optional."""

    def __init__(self) -> None:
        super().__init__()
        self.field_flags = {}


class CriterionRow(Row):
    key = HiddenField()
    name = StringField("What counts", [Length(max=NAME_LENGTH)], filters=[tidy])
    weight = IntegerField("Weight in %", [InputRequired("Give it a weight, or 0."), NumberRange(0, 100)])
    low = StringField("0 points mean", [_ends], filters=[tidy])
    high = StringField("4 points mean", [_ends], filters=[tidy])
    counts_against = BooleanField("The more, the worse")

    def told(self) -> Criterion:
        return Criterion(
            self.key.data or "",
            self.name.data or "",
            self.weight.data or 0,
            self.low.data or "",
            self.high.data or "",
            bool(self.counts_against.data),
        )


class RulesForm(Form):
    words = TextAreaField("Our rule, in our own words", [Length(max=WORDS_LENGTH)], filters=[prose])
    criteria = FieldList(FormField(CriterionRow), "What counts")
    reason = StringField(
        "Why the change?", [InputRequired("Say why; it is kept with the change."), Length(max=300)], filters=[tidy]
    )

    def limit(self, state: RequestState, kind: RequestKind) -> Field:
        field: Field = self._fields[_name(state, kind)]
        return field

    def wanted(self, rule: Rule) -> Wanted:
        """What the form says. Criteria that it does not know stay out."""
        known = {one.key for one in rule.criteria}
        told = tuple(row.form.told() for row in self.criteria)
        limits = {(state, kind): self.limit(state, kind).data for state, kind in request_limits.DEFAULTS}
        return Wanted(self.words.data or "", tuple(one for one in told if one.key in known), limits)


def _name(state: RequestState, kind: RequestKind) -> str:
    return f"{_LIMIT}{state.value}_{kind.value}"


for _state, _kind in request_limits.DEFAULTS:
    setattr(
        RulesForm,
        _name(_state, _kind),
        IntegerField(
            f"{STATES[_state]}, {KINDS[_kind]}, in working days",
            [Blank(), NumberRange(1, request_limits.MOST, f"1 to {request_limits.MOST} working days, or empty.")],
        ),
    )


def opened(rule: Rule, limits: Limits) -> RulesForm:
    """With what holds now."""
    form = RulesForm(formdata=None, words=rule.words, criteria=list(_rows(rule.criteria)))
    for (state, kind), days in limits.items():
        form.limit(state, kind).data = days
    return form


def _rows(criteria: Iterable[Criterion]) -> Iterable[dict[str, object]]:
    return (vars(one) for one in criteria)
