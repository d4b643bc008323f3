"""Which figures of an anonymous group may be shown, so that none can be worked out from the others.

A figure is the sum (mean, count of each mark) over some answers. Sums can be added and subtracted: one report less
another leaves a third, and a yes less a yes may leave one person. So it is not enough to hide what is small; what would
reveal it by arithmetic is hidden too, across subgroups, crossed groupings, earlier reports and later answers.
docs/statistics.md, section 8.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import TypeVar

K = TypeVar("K", bound=Hashable)

#: Answers from which a score, and comments, are shown; a round keeps those it opened with.
SCORES_FROM = 5
COMMENTS_FROM = 10
#: More tiny remainders than this are not searched through: what would make them is hidden unsearched.
MOST_SEARCHED = 12
#: Arithmetic is done modulo this prime. What is independent there is independent; the reverse fails on the safe side.
PRIME = 2**61 - 1


def suppressed(
    groups: Mapping[K, Collection[Hashable]],
    *,
    shown_before: Iterable[Collection[Hashable]] = (),
    least: int = SCORES_FROM,
) -> set[K]:
    """The groups whose figures have to be hidden. ``groups``: key -> the answers in it, by any id of an answer.

    The total is one of the groups. ``shown_before``: the answers of each figure that was ever shown, as they were: a
    deleted answer stays in it, a corrected one counts as another answer. Large groups are shown before small ones, of
    equal ones those already shown, then the first. Groups of nobody are not hidden: "not rated yet" reveals nothing.
    """
    shown = {frozenset(answers) for answers in shown_before}
    hidden = set()
    for key, answers in sorted(_told_first(groups, shown), key=lambda group: -len(group[1])):
        if len(answers) < least or (answers not in shown and reveals([*shown, answers], least)):
            hidden.add(key)
        else:
            shown.add(answers)
    return hidden


def blocks(sizes: Sequence[tuple[K, int]], least: int = SCORES_FROM) -> list[list[K]]:
    """What grows over time, in blocks that may be shown: each of the next few keys with ``least`` answers together.

    ``sizes``: key and how many answers, in the order in which they came to an end; nobody may be added to one later. A
    block never changes again, so two readings differ by whole blocks; what does not fill one yet is left out.
    """
    filled: list[list[K]] = []
    block: list[K] = []
    room = least
    for key, size in sizes:
        block.append(key)
        room -= size
        if room <= 0:
            filled.append(block)
            block, room = [], least
    return filled


def reveals(shown: Collection[Collection[Hashable]], least: int = SCORES_FROM) -> bool:
    """Whether adding and subtracting these figures can give one about fewer than ``least`` answers.

    True also where that would take too long to find out (more than 12 tiny remainders).
    """
    cells = _cells(shown)
    tiny = [at for at, size in enumerate(cells.values()) if size < least]
    if len(tiny) > MOST_SEARCHED:
        return True
    sizes = list(cells.values())
    rows = [[int(figure in cell) for cell in cells] for figure in range(len(shown))]
    rank = _rank(rows)
    return any(_rank(_without(rows, taken)) < rank for taken in _subsets(tiny, sizes, least))


def _told_first(
    groups: Mapping[K, Collection[Hashable]], shown: Collection[frozenset[Hashable]]
) -> list[tuple[K, frozenset[Hashable]]]:
    known = [(key, frozenset(answers)) for key, answers in groups.items() if answers]
    return sorted(known, key=lambda group: group[1] not in shown)


def _cells(shown: Collection[Collection[Hashable]]) -> dict[frozenset[int], int]:
    """How many answers are in exactly these figures: what arithmetic cannot tell apart."""
    figures: dict[Hashable, set[int]] = defaultdict(set)
    for at, answers in enumerate(shown):
        for answer in answers:
            figures[answer].add(at)
    sizes: dict[frozenset[int], int] = defaultdict(int)
    for membership in figures.values():
        sizes[frozenset(membership)] += 1
    return sizes


def _subsets(tiny: Sequence[int], sizes: Sequence[int], least: int) -> Iterable[tuple[int, ...]]:
    """The largest sets of cells with fewer answers together than ``least``: what they hide, smaller ones hide too."""
    for many in range(1, least):
        for taken in combinations(tiny, many):
            room = least - 1 - sum(sizes[at] for at in taken)
            if room >= 0 and all(sizes[at] > room for at in tiny if at not in taken):
                yield taken


def _without(rows: list[list[int]], taken: tuple[int, ...]) -> list[list[int]]:
    return [[entry for at, entry in enumerate(row) if at not in taken] for row in rows]


def _rank(rows: list[list[int]]) -> int:
    """If leaving some cells out lowers the rank, some sum of the figures is about these cells alone."""
    left, rank = [row[:] for row in rows], 0
    for column in range(len(left[0]) if left else 0):
        pivot = next((at for at in range(rank, len(left)) if left[at][column] % PRIME), None)
        if pivot is None:
            continue
        left[rank], left[pivot] = left[pivot], left[rank]
        _eliminate(left, rank, column)
        rank += 1
    return rank


def _eliminate(rows: list[list[int]], pivot: int, column: int) -> None:
    """Clear the column below the pivot's row."""
    inverse = pow(rows[pivot][column], -1, PRIME)
    for row in rows[pivot + 1 :]:
        factor = row[column] * inverse % PRIME
        if factor:
            row[:] = [(entry - factor * above) % PRIME for entry, above in zip(row, rows[pivot], strict=True)]
