"""Small numbers in words."""

from __future__ import annotations

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def number(count: int) -> str:
    """ "no", "two", "twelve", "13"."""
    return NUMBERS[count] if 0 <= count < len(NUMBERS) else str(count)
