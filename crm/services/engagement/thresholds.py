"""From when on behaviour counts as a danger sign: choices of the house, with stated defaults."""

from __future__ import annotations

from dataclasses import dataclass, fields

from crm.services.organisation import Organisation

DAYS = range(30, 1096)
TIMES = range(1, 21)
PERIODS = range(1, 9)


@dataclass(frozen=True)
class Thresholds:
    """The names are those of the choices of the organisation."""

    #: So many refusals without an alternative, in so many days.
    danger_refusals: int = 1
    danger_refusal_days: int = 365
    #: So many own choices for which IT's usual way was bent, in so many days.
    danger_bendings: int = 1
    danger_bending_days: int = 365
    #: A partner in so many review periods without a talk of its own asking, or an offer.
    danger_silent_periods: int = 2
    #: A customer whose people sat in so many of IT's own meetings, in as many periods.
    danger_our_meetings: int = 2
    #: The model changed so often, in so many days.
    danger_switches: int = 2
    danger_switch_days: int = 365


NAMES = tuple(field.name for field in fields(Thresholds))


def of(house: Organisation) -> Thresholds:
    return Thresholds(**{name: int(getattr(house, name)) for name in NAMES})
