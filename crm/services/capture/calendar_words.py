"""The words of the calendar: weekdays, months and counts, and words that are one slip away from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HALF = ("january", "february", "march", "april", "may", "june")
_MONTHS = (*_HALF, "july", "august", "september", "october", "november", "december")
_COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_SHORT = 3

#: Word to number, Monday being 0.
WEEKDAYS = {name: at for at, name in enumerate(_WEEKDAYS)} | {name[:_SHORT]: at for at, name in enumerate(_WEEKDAYS)}
WEEKDAYS |= {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
#: Word to number, January being 1.
MONTHS = {name: at for at, name in enumerate(_MONTHS, 1)} | {name[:_SHORT]: at for at, name in enumerate(_MONTHS, 1)}
MONTHS |= {"sept": 9}
COUNTS = {name: at for at, name in enumerate(_COUNTS, 1)} | {"a": 1, "an": 1}

#: Shorter words are too near to ordinary ones: "match" is no "March".
_LONG = 6


def either(names: Iterable[str]) -> str:
    """For a regular expression: any of the words, the longest first."""
    return "|".join(sorted(names, key=len, reverse=True))


def meant(word: str) -> str | None:
    """The word of the calendar that is one slip away: "fridya" is "friday", "wensday" nothing."""
    near = {name for short in _shorter(word) for name in _SLIPS.get(short, ())}
    return near.pop() if len(near) == 1 and word not in near else None


def _shorter(word: str) -> Iterator[str]:
    yield word
    for at in range(min(len(word), 2 * _LONG)):
        yield word[:at] + word[at + 1 :]


def _slips() -> dict[str, set[str]]:
    slips = defaultdict(set)
    for name in (*_WEEKDAYS, *_MONTHS, "tomorrow"):
        for short in _shorter(name) if len(name) >= _LONG else ():
            slips[short].add(name)
    return dict(slips)


_SLIPS = _slips()
