"""Notes, read line by line. What is not recognised stays prose; nothing typed is ever dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from crm.services.capture.characters import BLANK, EDGES, HIDDEN, fold
from crm.services.capture.found import Captured, Find, Line, Named, Prose
from crm.services.capture.names import Names
from crm.services.capture.promises import read_action
from crm.services.capture.remarks import read_decision, read_praise, read_request

_ENDING = re.compile(r"(\r\n|\n|\r)")
_BULLET = r"(?:[-*+•–—]|[0-9]{1,9}[.)])"
_IN_A_LIST = rf"{BLANK}*(?:{_BULLET}{BLANK}+)?"
_ACTION = re.compile(rf"{BLANK}*{_BULLET}{BLANK}*\[{BLANK}?([xX✓✔]?){BLANK}?\](?![(\[:]){BLANK}*(?=\S)")
_REQUEST = re.compile(rf"{_IN_A_LIST}!{BLANK}+(?=\S)")
_DECISION = re.compile(rf"{_IN_A_LIST}>{BLANK}*decision{BLANK}*:", re.IGNORECASE)
_PRAISE = re.compile(rf"{_IN_A_LIST}\+{BLANK}+(?=\S)")
_MARKED = re.compile(rf"[\s{re.escape(EDGES)}]*[-*+•–—!>0-9＋！＞－０-９]")
#: A line that goes on with the one above: indented, and neither a list, a heading, a quote nor a table of its own.
_GOES_ON = re.compile(rf"(?:  |\t){BLANK}*(?!{_BULLET}{BLANK}|[>|]|[#!]+{BLANK}|```|~~~)[^\s{HIDDEN}]")
_FENCE = re.compile(r"\s*(```+)([^`]*)$")
_Typed = tuple[str, str]


def read(text: str, *, people: Sequence[Named], on: date, me: int | None = None) -> Captured:
    """What stands in notes of a meeting held ``on`` that day. ``people``: who may be meant; ``me``: who "@me" is.

    Never raises, whatever was typed; ``read(text).text == text``.
    """
    names = Names(people, me)
    return Captured(list(_lines(_typed(text), names, on)))


def _typed(text: str) -> list[_Typed]:
    """Lines with their endings."""
    parts = _ENDING.split(text)
    lines = list(zip(parts[::2], [*parts[1::2], ""], strict=True))
    return lines if lines[-1][0] else lines[:-1]


def _lines(typed: list[_Typed], names: Names, on: date) -> Iterator[Line]:
    fence = ""
    at = 0
    while at < len(typed):
        raw, ending = typed[at]
        many = 1
        found: Find | None = None
        opened = fence
        fence = _fence_after(raw, fence)
        if not opened and not fence and _MARKED.match(raw):
            found, many = _find(typed, at, names, on)
        if found:
            raw, ending = _joined(typed[at : at + many])
            yield replace(found, number=at + 1, raw=raw, ending=ending)
        else:
            yield Prose(raw, number=at + 1, raw=raw, ending=ending)
        at += many


def _fence_after(raw: str, fence: str) -> str:
    """The fence of a block of code that is open after this line, or nothing."""
    mark = _FENCE.match(raw) if "```" in raw else None
    if not fence:
        return mark[1] if mark else ""
    return "" if mark and len(mark[1]) >= len(fence) and not mark[2].strip() else fence


def _find(typed: list[_Typed], at: int, names: Names, on: date) -> tuple[Find | None, int]:
    """What the line at ``at`` says, and over how many lines."""
    if not _is_marked(typed[at][0]):
        return None, 1
    many = 1
    while at + many < len(typed) and _GOES_ON.match(typed[at + many][0]):
        many += 1
    found = _read_mark(_joined(typed[at : at + many])[0], names, on)
    return found, many if found else 1


def _is_marked(raw: str) -> bool:
    folded = fold(raw)
    return any(mark.match(folded) for mark in (_ACTION, _REQUEST, _DECISION, _PRAISE))


def _joined(typed: list[_Typed]) -> _Typed:
    """Several lines as one, its ending being that of the last."""
    return "".join(map("".join, typed[:-1])) + typed[-1][0], typed[-1][1]


def _read_mark(raw: str, names: Names, on: date) -> Find | None:
    folded = fold(raw)
    if mark := _ACTION.match(folded):
        return read_action(raw, mark.end(), names, on, done=bool(mark[1]))
    if mark := _REQUEST.match(folded):
        return read_request(raw, mark.end())
    if mark := _DECISION.match(folded):
        return read_decision(raw, mark.end())
    if mark := _PRAISE.match(folded):
        return read_praise(raw, mark.end(), names)
    return None
