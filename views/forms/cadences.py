"""The form of a unit's rhythm."""

from __future__ import annotations

from datetime import date, time

from wtforms import DateField, IntegerField, RadioField, SelectField, StringField, TimeField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from crm.services.cadence_rules import NTH, WEEKDAYS, Rule, ordinal, rule_of
from crm.services.cadences import LONGEST, PLACE_LENGTH, SHORTEST
from models.review import Cadence, DayRule, Frequency
from views.forms.base import Form, tidy

#: Monthly, on the second Thursday at 10:00.
USUAL = {
    "frequency": Frequency.MONTHLY,
    "anchor_month": 1,
    "day_rule": DayRule.WEEKDAY,
    "nth": 2,
    "weekday": 3,
    "month_day": 15,
    "at": time(10),
    "minutes": 60,
}
MONTH_DAYS = (
    *((number, f"The {ordinal(number)}") for number in range(1, 29)),
    (29, "The 29th, or the last day"),
    (30, "The 30th, or the last day"),
    (31, "The last day"),
)


class CadenceForm(Form):
    frequency = RadioField(
        "How often",
        choices=[(Frequency.MONTHLY.value, "Monthly"), (Frequency.QUARTERLY.value, "Quarterly")],
        validators=[InputRequired("Say how often you meet.")],
    )
    anchor_month = SelectField(
        "Month of the quarter", coerce=int, choices=[(1, "The first"), (2, "The second"), (3, "The third")]
    )
    day_rule = RadioField(
        "On which day",
        choices=[(DayRule.WEEKDAY.value, "A day of the week"), (DayRule.MONTH_DAY.value, "A day of the month")],
        validators=[InputRequired("Say on which day you meet.")],
    )
    nth = SelectField("Which one", coerce=int, choices=[(number, f"The {word}") for number, word in NTH.items()])
    weekday = SelectField("Day of the week", coerce=int, choices=list(enumerate(WEEKDAYS)))
    month_day = SelectField("Day of the month", coerce=int, choices=list(MONTH_DAYS))
    at = TimeField("Time", [InputRequired("Say at what time you meet.")])
    minutes = IntegerField(
        "Minutes",
        [
            InputRequired("Say how long it takes."),
            NumberRange(SHORTEST, LONGEST, f"Choose between {SHORTEST} and {LONGEST} minutes."),
        ],
    )
    place = StringField(
        "Place",
        [Optional(), Length(max=PLACE_LENGTH, message=f"Keep the place under {PLACE_LENGTH} letters.")],
        filters=[tidy],
    )
    since = DateField("From", [InputRequired("Say from which day.")])

    def rule(self) -> Rule:
        """What was chosen; of a valid form only."""
        return Rule(
            frequency=Frequency(self.frequency.data),
            anchor_month=self.anchor_month.data,
            day_rule=DayRule(self.day_rule.data),
            nth=self.nth.data,
            weekday=self.weekday.data,
            month_day=self.month_day.data,
            at=self.at.data or time(),
            minutes=self.minutes.data or 0,
        )


def opened(cadence: Cadence | None, today: date) -> CadenceForm:
    """The form as it opens: the rhythm there is, or the usual one, from today on."""
    if cadence is None:
        return CadenceForm(formdata=None, data={**USUAL, "since": today})
    chosen = {**vars(rule_of(cadence)), "place": cadence.place, "since": max(today, cadence.since)}
    return CadenceForm(formdata=None, data=chosen)
