"""What a request of the demonstration is worth, costs and takes; what it is about; and what was done about it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from crm.services.demo.era import Era, working_day
from crm.services.demo.rows import Rows
from crm.services.demo.wording import Names, Wish, written
from models.request_part import RequestTheme

#: Themes, and the words by which a wish is one of them; what fits none is not sorted yet.
THEMES: dict[str, tuple[str, ...]] = {
    "Reports and figures": ("report", "figure", "dashboard", "statement", "list", "spend"),
    "Access and sign-in": ("access", "sign-in", "approver", "portal", "badge", "guest", "account"),
    "Devices and workplace": ("laptop", "tablet", "printer", "screen", "scanner", "phone", "terminal", "label"),
    "Documents and search": ("contract", "archive", "search", "document", "paper", "form", "picture", "sign"),
    "Networks and places": ("network", "radio", "wi-fi", "hall", "room"),
}
#: Shares of requests that say what they are worth, cost and take, and by when they are wished for.
IS_PRICED, IS_WISHED_BY = 0.65, 0.4
WORTH, COSTS, TAKES = (4, 60), (2, 45), (8, 160)
DELIVERED = (
    "It is in use. {a} showed it to the team.",
    "Done as asked; {it} watches it for the first month.",
    "In place since then. {b} keeps the list of small wishes.",
    "It works as {a} described it. The old way is switched off.",
)
OFFERED_INSTEAD = "We went through it with {a} and offered what can be had now."
NOTED = "We wrote the need down, and {it} looks at it again when plans are made."


#: Of what nobody weighs.
NOTHING: dict[str, Any] = {
    **dict.fromkeys(("value_low", "value_high", "cost_low", "cost_high", "hours_low", "hours_high")),
    "currency": "",
    "wished_for": None,
    "theme_id": None,
}


class Scales:
    """Keeps the themes, and weighs the requests of one unit after the other."""

    def __init__(self, rows: Rows, era: Era) -> None:
        self._era = era
        self._themes = {name: rows.add(RequestTheme, name=name, retired_on=None) for name in THEMES}

    def facts(self, rng: Random, wish: Wish, day: date) -> dict[str, Any]:
        """The columns of a request that say it."""
        return {**self._money(rng), **self._wished(rng, day), "theme_id": self._theme(wish)}

    def _money(self, rng: Random) -> dict[str, Any]:
        worth, costs, takes = (_range(rng, *ends) for ends in (WORTH, COSTS, TAKES))
        is_priced = rng.random() < IS_PRICED
        value, cost, hours = (pair if is_priced else (None, None) for pair in (worth, costs, takes))
        thousand = Decimal(1000)
        return {
            "value_low": value[0] and value[0] * thousand,
            "value_high": value[1] and value[1] * thousand,
            "cost_low": cost[0] and cost[0] * thousand,
            "cost_high": cost[1] and cost[1] * thousand,
            "hours_low": hours[0],
            "hours_high": hours[1],
            "currency": "EUR" if is_priced else "",
        }

    def _wished(self, rng: Random, day: date) -> dict[str, Any]:
        wished = working_day(day + timedelta(days=rng.randint(30, 150)))
        return {"wished_for": wished if rng.random() < IS_WISHED_BY else None}

    def _theme(self, wish: Wish) -> int | None:
        told = f"{wish.title} {wish.need}".casefold()
        return next((self._themes[name] for name, words in THEMES.items() if any(word in told for word in words)), None)


def _range(rng: Random, low: int, high: int) -> tuple[Decimal, Decimal]:
    """From and to; in one of three the same."""
    first = Decimal(rng.randint(low, high))
    return first, first if rng.random() < 1 / 3 else first + Decimal(rng.randint(1, max(2, int(first) // 2)))


def done(rng: Random, names: Names, *, is_delivered: bool, offered: bool) -> str:
    """ "You said, we did", as the unit reads it."""
    if is_delivered:
        return written(rng.choice(DELIVERED), names)
    return written(OFFERED_INSTEAD if offered else NOTED, names)
