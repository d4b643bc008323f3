"""Two texts compared word by word, and two people's changes to one text put together line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

WORDS = re.compile(r"\s+|\w+|[^\w\s]")
#: Longer passages are shown as replaced whole: comparing their words would take long and say little.
LONGEST_PASSAGE = 2000


class Kind(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Piece:
    kind: Kind
    text: str


def difference(old: str, new: str) -> list[Piece]:
    """What became of a text: the pieces without the added ones are the old text, without the removed ones the new."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    pieces: list[Piece] = []
    for tag, a, b, c, d in _matcher(before, after).get_opcodes():
        passage, instead = "".join(before[a:b]), "".join(after[c:d])
        pieces += [Piece(Kind.SAME, passage)] if tag == "equal" else _words(passage, instead)
    return _joined(pieces)


def _words(old: str, new: str) -> list[Piece]:
    before, after = WORDS.findall(old), WORDS.findall(new)
    if max(len(before), len(after)) > LONGEST_PASSAGE:
        return [Piece(Kind.REMOVED, old), Piece(Kind.ADDED, new)]
    found: list[Piece] = []
    for tag, a, b, c, d in _matcher(before, after).get_opcodes():
        if tag == "equal":
            found.append(Piece(Kind.SAME, "".join(before[a:b])))
        else:
            found += [Piece(Kind.REMOVED, "".join(before[a:b])), Piece(Kind.ADDED, "".join(after[c:d]))]
    return found


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Neighbours of one kind as one, and none that is empty."""
    found: list[Piece] = []
    for piece in pieces:
        if found and found[-1].kind is piece.kind:
            found[-1] = Piece(piece.kind, found[-1].text + piece.text)
        elif piece.text:
            found.append(piece)
    return found


def _matcher(old: Sequence[str], new: Sequence[str]) -> SequenceMatcher[str]:
    # Of thousands of lines or words the commonest are no landmarks; to follow each would take for ever.
    return SequenceMatcher(None, old, new, autojunk=len(new) > LONGEST_PASSAGE)


# ---- Two changes to one text


@dataclass(frozen=True)
class Merged:
    """The text with both changes; ``conflicts``: in how many places both stand between marks, to be settled by hand."""

    text: str
    conflicts: int


@dataclass(frozen=True)
class Marks:
    """The lines that stand around what two people wrote in the same place."""

    theirs: str
    mine: str
    end: str


def merge(base: str, theirs: str, mine: str, marks: Marks) -> Merged:
    """Both changes to ``base`` in one text, line by line. Where only one changed something, that holds; where both
    only added something, both stand, theirs first; otherwise both stand between the marks. No line of either is lost.
    """
    lines: list[str] = []
    conflicts = 0
    for before, one, other in _regions(base.split("\n"), theirs.split("\n"), mine.split("\n")):
        settled = _settled(before, one, other)
        conflicts += settled is None
        lines += settled if settled is not None else [marks.theirs, *one, marks.mine, *other, marks.end]
    return Merged("\n".join(lines), conflicts)


Lines = list[str]


def _settled(before: Lines, theirs: Lines, mine: Lines) -> Lines | None:
    if theirs == mine or mine == before:
        return theirs
    if theirs == before:
        return mine
    return theirs + mine if not any(before) else None


def _regions(base: Lines, theirs: Lines, mine: Lines) -> Iterator[tuple[Lines, Lines, Lines]]:
    """The text in passages: where all three agree, and what lies between (base, theirs, mine)."""
    done = (0, 0, 0)
    for start, length in _agreements(base, theirs, mine):
        between = tuple(text[a:b] for text, a, b in zip((base, theirs, mine), done, start, strict=True))
        if any(between):
            yield between[0], between[1], between[2]
        agreed = base[start[0] : start[0] + length]
        if agreed:
            yield agreed, agreed, agreed
        done = (start[0] + length, start[1] + length, start[2] + length)


def _agreements(base: Lines, theirs: Lines, mine: Lines) -> Iterator[tuple[tuple[int, int, int], int]]:
    """Where all three have the same lines: the first line in each, and how many; last the ends of all, with none."""
    one, other = (list(_matcher(base, text).get_matching_blocks()) for text in (theirs, mine))
    i = j = 0
    while i < len(one) and j < len(other):
        since = max(one[i].a, other[j].a)
        until = min(one[i].a + one[i].size, other[j].a + other[j].size)
        if since < until:
            yield (since, since - one[i].a + one[i].b, since - other[j].a + other[j].b), until - since
        if one[i].a + one[i].size < other[j].a + other[j].size:
            i += 1
        else:
            j += 1
    yield (len(base), len(theirs), len(mine)), 0
