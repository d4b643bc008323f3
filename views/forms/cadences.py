"""The forms of a rhythm: a unit's own, and that of the house."""

from __future__ import annotations

from calendar import month_name
from datetime import date, time

from wtforms import DateField, IntegerField, RadioField, SelectField, StringField, TimeField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from crm.services.cadence_rules import MONTHS, NTH, NTH_WORKING, OFTEN, ORDINALS, WEEKDAYS, Rule, ordinal, rule_of
from crm.services.cadences import LONGEST, PLACE_LENGTH, SHORTEST
from crm.services.house_rhythm import HouseRhythm
from models.review import Cadence, DayRule, Frequency
from views.forms.base import Form, tidy

DATES_SHOWN = 6
#: Monthly, on the second Thursday at 10:00.
USUAL = Rule(
    frequency=Frequency.MONTHLY,
    anchor_month=1,
    day_rule=DayRule.WEEKDAY,
    nth=2,
    weekday=3,
    month_day=15,
    at=time(10),
    minutes=60,
)
MONTH_DAYS = (
    *((number, f"The {ordinal(number)}") for number in range(1, 29)),
    (29, "The 29th, or the last day"),
    (30, "The 30th, or the last day"),
    (31, "The last day"),
)
DAY_RULES = (
    (DayRule.WEEKDAY.value, "A weekday"),
    (DayRule.WORKING_DAY.value, "A working day"),
    (DayRule.MONTH_DAY.value, "A date"),
)


def _nth_choices(words: dict[int, str]) -> list[tuple[int, str]]:
    return [(number, f"The {word}") for number, word in words.items()]


def _months(frequency: Frequency) -> SelectField:
    """Which month of a period, each with the months of the year that this makes."""
    length = MONTHS[frequency]
    made = {number: [month_name[month][:3] for month in range(number, 13, length)] for number in range(1, length + 1)}
    choices = [(number, f"The {ORDINALS[number - 1]}: {', '.join(months)}") for number, months in made.items()]
    return SelectField("In which month", coerce=int, choices=choices, default=1)


class RuleForm(Form):
    """What every rhythm has. Each frequency has its own list of months; only that of the one chosen counts."""

    frequency = RadioField(
        "How often",
        choices=[(frequency.value, often) for frequency, often in OFTEN.items()],
        validators=[InputRequired("Say how often you meet.")],
    )
    month_two_monthly = _months(Frequency.TWO_MONTHLY)
    month_quarterly = _months(Frequency.QUARTERLY)
    month_half_yearly = _months(Frequency.HALF_YEARLY)
    month_yearly = SelectField("In which month", coerce=int, choices=list(enumerate(month_name))[1:], default=1)
    day_rule = RadioField("On which day", choices=DAY_RULES, validators=[InputRequired("Say on which day you meet.")])
    nth = SelectField("Which one", coerce=int, choices=_nth_choices(NTH))
    weekday = SelectField("Day of the week", coerce=int, choices=list(enumerate(WEEKDAYS)))
    nth_working = SelectField("Which working day of the month", coerce=int, choices=_nth_choices(NTH_WORKING))
    month_day = SelectField("Date in the month", coerce=int, choices=list(MONTH_DAYS))
    at = TimeField("Time", [InputRequired("Say at what time you meet.")])
    minutes = IntegerField(
        "Minutes",
        [
            InputRequired("Say how long it takes."),
            NumberRange(SHORTEST, LONGEST, f"Choose between {SHORTEST} and {LONGEST} minutes."),
        ],
    )
    place = StringField(
        "Place or call link",
        [Optional(), Length(max=PLACE_LENGTH, message=f"Keep the place under {PLACE_LENGTH} letters.")],
        filters=[tidy],
    )

    def rule(self) -> Rule:
        """What was chosen; of a valid form only."""
        frequency, day_rule = Frequency(self.frequency.data), DayRule(self.day_rule.data)
        months = self._fields.get(f"month_{frequency.value}")
        return Rule(
            frequency=frequency,
            anchor_month=months.data if months else 1,
            day_rule=day_rule,
            nth=self.nth_working.data if day_rule is DayRule.WORKING_DAY else self.nth.data,
            weekday=self.weekday.data,
            month_day=self.month_day.data,
            at=self.at.data or time(),
            minutes=self.minutes.data or 0,
        )


class CadenceForm(RuleForm):
    since = DateField("From", [InputRequired("Say from which day.")])


class HouseRhythmForm(RuleForm):
    reason = StringField(
        "Why the change?",
        [InputRequired("Say why; it is kept with the change."), Length(max=300)],
        filters=[tidy],
    )


def opened(cadence: Cadence | None, usual: HouseRhythm | None, today: date) -> CadenceForm:
    """The form as it opens: the rhythm there is, else that of the house, else the usual one; from today on."""
    if cadence is not None:
        since = max(today, cadence.since)
        return CadenceForm(formdata=None, data={**said(rule_of(cadence), cadence.place), "since": since})
    return CadenceForm(formdata=None, data={**_of_house(usual), "since": today})


def opened_for_house(house: HouseRhythm | None) -> HouseRhythmForm:
    return HouseRhythmForm(formdata=None, data=_of_house(house))


def _of_house(house: HouseRhythm | None) -> dict[str, object]:
    return said(house.rule, house.place) if house else said(USUAL, "")


def said(rule: Rule, place: str) -> dict[str, object]:
    """The rule as the fields of the form have it."""
    working = rule.day_rule is DayRule.WORKING_DAY
    return {
        **vars(rule),
        f"month_{rule.frequency.value}": rule.anchor_month,
        "nth": USUAL.nth if working else rule.nth,
        "nth_working": rule.nth if working else 1,
        "place": place,
    }
