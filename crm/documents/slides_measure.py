"""How much room words take on a slide, without the font at hand: rather too much than too little. All in points."""

from __future__ import annotations

import math
import unicodedata
from functools import lru_cache

NARROW, WIDE = set("iljtfrI.,:;'’|!()[]{} -–/\\·"), set("mwMW@%—…")
#: Latin, Greek and Cyrillic lines; other scripts reach further up and down.
LEADING, TALL = 1.22, 1.7
FIRST_OTHER = "\u0590"


@lru_cache(maxsize=4096)
def _ems(letter: str) -> float:
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0.0
    if letter in NARROW:
        return 0.36
    if letter in WIDE:
        return 1.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.35 if letter > "\U0001f000" else 1.03
    if letter >= FIRST_OTHER:
        return 0.85
    return 0.76 if letter.isupper() else 0.6


def width(text: str, size: float) -> float:
    """Of one line."""
    return size * sum(map(_ems, text))


def lines(text: str, size: float, room: float, first: float = 0) -> int:
    """How many lines it takes; ``first``: what stands before it in its first line. A long word is broken."""
    return sum(_lines(part, size, room, first if at == 0 else 0) for at, part in enumerate(text.split("\n")))


def _lines(text: str, size: float, room: float, taken: float) -> int:
    count, space = 1, width(" ", size)
    for word in text.split():
        needed = width(word, size)
        if taken and taken + needed > room:
            count, taken = count + 1, 0
        if needed > room:
            more = math.ceil(needed / room) - 1
            count, needed = count + more, needed - more * room
        taken += needed + space
    return count


def leading(text: str) -> float:
    """The height of a line in font sizes."""
    return TALL if any(letter >= FIRST_OTHER and letter not in "–—’‘“”…•−→←↗↘☐☑◆■" for letter in text) else LEADING


def height(text: str, size: float, room: float) -> float:
    return lines(text, size, room) * size * leading(text)


def fitted(text: str, size: float, room: float, most_lines: int) -> str:
    """As much of it as fits into so many lines, with "…" where it was cut."""
    if lines(text, size, room) <= most_lines:
        return text
    least, most = 0, len(text)
    while least < most:
        middle = (least + most + 1) // 2
        if lines(f"{text[:middle]}…", size, room) <= most_lines:
            least = middle
        else:
            most = middle - 1
    return f"{text[:least].rstrip()}…"
