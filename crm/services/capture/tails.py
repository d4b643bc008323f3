"""The end of an action's line: `@person by date`, in either order, and people at its beginning."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from crm.services.capture.characters import EDGES, HIDDEN
from crm.services.capture.days import LONGEST, read_day
from crm.services.capture.names import Mention, Names
from crm.services.capture.said import Said

#: What may stand between the words and the person, or the person and the day.
BETWEEN = EDGES + HIDDEN + ",;"
_BEHIND = BETWEEN + ".:"
_INTRODUCES_A_DAY = re.compile(r"(?<!\w)(?:by|(?:with)?in)(?!\w)", re.IGNORECASE)
_BY = re.compile(r"(?<!\w)by\s+(?=\S)", re.IGNORECASE)
_WORD = re.compile(r"\S+")
_AFTER_A_NAME = re.compile(rf"[:,;\-–—\s{HIDDEN}]*")
_MOST_NAMES = 6
_MOST_TRIES = 8
_MOST_WORDS = 4


@dataclass(frozen=True)
class SaidAt:
    """A day said, from its "by" or "in" to its end."""

    said: Said
    start: int
    end: int


@dataclass
class Edges:
    """What stands at the two ends of a line; the words in between go from ``start`` to ``end``."""

    start: int
    end: int
    first: list[Mention] = field(default_factory=list)
    last: list[Mention] = field(default_factory=list)
    day: SaidAt | None = None

    @property
    def mentions(self) -> list[Mention]:
        return [*self.first, *self.last]


def read_edges(folded: str, start: int, names: Names, on: date) -> Edges:
    """``folded`` is a line after :func:`characters.fold`, its words beginning at ``start``."""
    edges = Edges(start, len(folded))
    while _take_last(folded, edges, names) or _take_day(folded, edges, on):
        pass
    while _take_first(folded, edges, names):
        pass
    return edges


def _take_last(folded: str, edges: Edges, names: Names) -> bool:
    at = folded.rfind("@", edges.start, edges.end)
    if at < 0 or len(edges.last) == _MOST_NAMES or not _begins_a_word(folded, at, edges.start):
        return False
    mention = names.at(folded, at, edges.end)
    if mention is None or folded[mention.end : edges.end].strip(_BEHIND):
        return False
    edges.last.insert(0, mention)
    edges.end = at
    return True


def _take_day(folded: str, edges: Edges, on: date) -> bool:
    if edges.day is not None:
        return False
    end = _end_of_words(folded, edges)
    for found in _introductions(folded, max(edges.start, end - LONGEST - 4), end):
        start = found.end() if found[0].lower() == "by" else found.start()
        said = read_day(folded[start:end].strip(), on)
        if said is not None:
            edges.day = SaidAt(said, found.start(), end)
            edges.end = found.start()
            return True
    return False


def _end_of_words(folded: str, edges: Edges) -> int:
    end = edges.end
    while end > edges.start and folded[end - 1] in _BEHIND:
        end -= 1
    return end


def _introductions(folded: str, start: int, end: int) -> list[re.Match[str]]:
    return list(_INTRODUCES_A_DAY.finditer(folded, start, end))[-_MOST_TRIES:]


def _take_first(folded: str, edges: Edges, names: Names) -> bool:
    start = edges.start
    while start < edges.end and (folded[start].isspace() or folded[start] == HIDDEN):
        start += 1
    if start >= edges.end or folded[start] != "@" or len(edges.first) == _MOST_NAMES:
        return False
    mention = names.at(folded, start, edges.end)
    if mention is None or _may_go_on(folded, mention):
        return False
    edges.first.append(mention)
    behind = _AFTER_A_NAME.match(folded, mention.end, edges.end)
    edges.start = behind.end() if behind else mention.end
    return True


def _may_go_on(folded: str, mention: Mention) -> bool:
    """Whether the next word may be the family name of somebody unknown: "@Mara Kern calls"."""
    name = folded[mention.start + 1 : mention.end]
    behind = folded[mention.end : mention.end + 2]
    return name[:1].isupper() and " " not in name and behind[:1] == " " and behind[1:].isupper()


def _begins_a_word(folded: str, at: int, start: int) -> bool:
    """That of an address does not."""
    return at == start or folded[at - 1].isspace() or folded[at - 1] in "(,;:" + HIDDEN


def within(folded: str, edges: Edges, names: Names) -> list[Mention]:
    """The first few people named among the words."""
    found: list[Mention] = []
    at = folded.find("@", edges.start, edges.end)
    while at >= 0 and len(found) < _MOST_NAMES:
        if _begins_a_word(folded, at, edges.start) and (mention := names.at(folded, at, edges.end)):
            found.append(mention)
        at = folded.find("@", at + 1, edges.end)
    return found


def day_within(folded: str, edges: Edges, on: date) -> Said | None:
    """The first day said among the words: "by Friday call the vendor"."""
    for count, found in enumerate(_BY.finditer(folded, edges.start, edges.end)):
        if count == _MOST_TRIES:
            break
        for phrase in _beginnings(folded[found.end() : min(edges.end, found.end() + LONGEST)]):
            said = read_day(phrase, on)
            if said is not None and said.days:
                return said
    return None


def _beginnings(text: str) -> Iterator[str]:
    """The longest first."""
    ends = [word.end() for word in _WORD.finditer(text)]
    yield from (text[:end] for end in reversed(ends[:_MOST_WORDS]))
