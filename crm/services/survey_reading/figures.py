"""What a cell of a survey says: a figure, nothing, or something that cannot be."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from crm.services.organisation_import.cells import folded
from crm.stats import scale
from crm.stats.scale import Scale

#: "4", "3,5", "-1", "65 %", "4 - Well": a number, then perhaps a sign of per cent or what it means in words.
_NUMBER = re.compile(r"([-−+]?(?:\d+(?:[.,]\d+)?|[.,]\d+))\s*(%)?(?:\s*[-–—:=]\s*\D.*)?")


#: What is above is no figure on any scale, but a 999 or 9999 that stands for "unknown".
BELIEVABLE = 150
#: What stands for "unknown" in columns of two digits.
UNKNOWNS = frozenset({97.0, 98.0, 99.0})


class Given(StrEnum):
    """The scale on which a file gives its figures. A share of 1 is kept in per cent."""

    FIVE = "1-5"
    SEVEN = "1-7"
    NINE = "1-9"
    TEN = "0-10"
    PERCENT = "per cent"
    SHARE = "0-1"

    @property
    def scale(self) -> Scale:
        return SCALES[self]


SCALES = {
    Given.FIVE: scale.RATING,
    Given.SEVEN: scale.SEVEN,
    Given.NINE: scale.NINE,
    Given.TEN: scale.TEN,
    Given.PERCENT: scale.PERCENT,
    Given.SHARE: scale.PERCENT,
}


class Unreadable(ValueError):
    """Why a cell gives no figure."""


@dataclass(frozen=True, slots=True)
class Value:
    """``value`` on the scale of :class:`Given`, None where nothing is said. ``mark``: why it cannot be true, or ""."""

    value: float | None
    mark: str = ""


def value_of(text: str, given: Given, nulls: Collection[str]) -> Value:
    """What a cell says. ``nulls``: texts that say nothing, mapped by hand; an empty cell says nothing anyway.

    A figure beyond its scale is taken and marked. Raises Unreadable for what is no number.
    """
    if not text.strip() or is_null(text, nulls):
        return Value(None)
    found = _NUMBER.fullmatch(text.strip())
    if not found:
        raise Unreadable(f"“{text.strip()}” is no number. If it says nothing, name it among the empty ones.")
    value = _number(found[1])
    if found[2] and given.scale is not scale.PERCENT:
        raise Unreadable(f"“{text.strip()}” is a per cent, but the scale is {given}.")
    if given is Given.SHARE and not found[2]:
        value = round(100 * value, 6)
    return Value(value, _mark(value, given.scale))


def is_null(text: str, nulls: Collection[str]) -> bool:
    """Whether the text is one of these, however it is written: "N/D" is "n/d", 9999 is 9999.0."""
    if not nulls:
        return False
    words, numbers = _nothing(frozenset(nulls))
    return folded(text) in words or _plain(text) in numbers


def guess(texts: Collection[str]) -> Given | None:
    """The narrowest scale that holds these cells, 9999s aside; None where fewer than a quarter are numbers."""
    found = [match for text in texts if (match := _NUMBER.fullmatch(text.strip()))]
    if not found or 4 * len(found) < len([text for text in texts if text.strip()]):
        return None
    if any(match[2] for match in found):
        return Given.PERCENT
    values = _believable([_number(match[1]) for match in found])
    if not values:
        return None
    most = max(values)
    if most <= 1 and any(not value.is_integer() for value in values):
        return Given.SHARE
    fitting = (Given.FIVE, Given.SEVEN, Given.NINE, Given.TEN, Given.PERCENT)
    return next((given for given in fitting if most <= given.scale.most), Given.PERCENT)


def _believable(values: list[float]) -> list[float]:
    """Without 999 and 9999; and without 97 to 99 where everything else is 10 or less."""
    likely = [value for value in values if value <= BELIEVABLE]
    small = [value for value in likely if value not in UNKNOWNS]
    return small if max(small, default=Given.PERCENT.scale.most) <= Given.TEN.scale.most else likely


def _number(text: str) -> float:
    return float(text.replace(",", ".").replace("−", "-"))


@lru_cache(maxsize=64)
def _nothing(nulls: frozenset[str]) -> tuple[frozenset[str], frozenset[float | None]]:
    return frozenset(map(folded, nulls)), frozenset(map(_plain, nulls)) - {None}


def _plain(text: str) -> float | None:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None


def _mark(value: float, on: Scale) -> str:
    if on.holds(value):
        return ""
    is_more = value > on.most
    end = on.most if is_more else on.least
    return f"{_said(value, on)} is {'more' if is_more else 'less'} than {_said(end, on)}"


def _said(value: float, on: Scale) -> str:
    return f"{value:g} {on.unit}".rstrip()
