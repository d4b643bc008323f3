"""Who reports to whom: finding what cannot be, and how far from the top each post stands. Pure."""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping
from dataclasses import dataclass


class Fault(enum.StrEnum):
    """Why a place in the hierarchy cannot be."""

    ITSELF = "itself"
    UNKNOWN = "unknown"
    CYCLE = "cycle"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a post stands once the posts that are not taken are left out.

    ``superior``: the nearest post above that is taken. ``depth`` counts from 0 at the top. ``reaches_top``: False when
    the way up ends at a fault. ``below``: how many taken posts stand below, at any depth.
    """

    superior: str | None
    depth: int
    reaches_top: bool
    below: int = 0


def faults(superiors: Mapping[str, str | None]) -> dict[str, Fault]:
    """The faulty ones among child -> parent: those that name themselves, nobody known, or lie on a cycle."""
    found: dict[str, Fault] = {}
    for post, superior in superiors.items():
        if superior == post:
            found[post] = Fault.ITSELF
        elif superior is not None and superior not in superiors:
            found[post] = Fault.UNKNOWN
    return found | dict.fromkeys(on_cycles(superiors) - found.keys(), Fault.CYCLE)


def on_cycles(superiors: Mapping[str, str | None]) -> set[str]:
    """Everything that is, in the end, its own superior."""
    done: set[str] = set()
    cyclic: set[str] = set()
    for start in superiors:
        way: dict[str, int] = {}
        post: str | None = start
        while post is not None and post in superiors and post not in done and post not in way:
            way[post] = len(way)
            post = superiors[post]
        if post is not None and post in way:
            cyclic.update(list(way)[way[post] :])
        done.update(way)
    return cyclic


def places(superiors: Mapping[str, str | None], faulty: Collection[str], taken: Collection[str]) -> dict[str, Place]:
    """The place of each taken post. Posts that are not taken only pass on what is above them."""
    top, broken = Place(None, -1, True), Place(None, -1, False)
    above: dict[str, Place] = {}
    found: dict[str, Place] = {}
    for post in _from_the_top(superiors, faulty):
        superior = superiors[post]
        over = broken if post in faulty else top if superior is None else above[superior]
        if post in taken and post not in faulty:
            found[post] = Place(over.superior, over.depth + 1, over.reaches_top)
            above[post] = Place(post, over.depth + 1, over.reaches_top)
        else:
            above[post] = over
    return _with_sizes(found)


def _from_the_top(superiors: Mapping[str, str | None], faulty: Collection[str]) -> list[str]:
    """Every post after its superior; a faulty one begins anew."""
    ordered: dict[str, None] = {}
    for start in superiors:
        way: list[str] = []
        post: str | None = start
        while post is not None and post not in ordered:
            way.append(post)
            post = None if post in faulty else superiors[post]
        ordered.update(dict.fromkeys(reversed(way)))
    return list(ordered)


def _with_sizes(found: dict[str, Place]) -> dict[str, Place]:
    below = dict.fromkeys(found, 0)
    for post in sorted(found, key=lambda post: found[post].depth, reverse=True):
        superior = found[post].superior
        if superior is not None:
            below[superior] += below[post] + 1
    return {post: Place(place.superior, place.depth, place.reaches_top, below[post]) for post, place in found.items()}
