"""A pack without what no document can hold: control characters, halves of letters, figures that are none."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

#: What XML 1.0 allows no document to hold.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Told = TypeVar("Told")


def plain(text: str) -> str:
    """The text, with a space for what no document may hold."""
    return _FORBIDDEN.sub(" ", text)


def cleaned(told: Told) -> Told:
    """A pack, or a part of one, in which every text is plain and every figure finite (else None)."""
    found: Any = _cleaned(told)
    return found  # type: ignore[no-any-return]


def _cleaned(told: Any) -> Any:
    if isinstance(told, str):
        return plain(told) if type(told) is str else told
    if isinstance(told, float):
        return told if math.isfinite(told) else None
    if isinstance(told, tuple):
        return tuple(_cleaned(part) for part in told)
    if is_dataclass(told) and not isinstance(told, type):
        return replace(told, **{field.name: _cleaned(getattr(told, field.name)) for field in fields(told)})
    return told


def runs_leftwards(text: str) -> bool:
    """Whether its first letter that has a direction is of Arabic, Hebrew and their like."""
    directions = (unicodedata.bidirectional(letter) for letter in text)
    return next((found in ("R", "AL") for found in directions if found in ("L", "R", "AL")), False)


def shortened(text: str, most: int) -> str:
    """At most so many letters, with "…" for what was cut."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
