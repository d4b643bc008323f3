"""Drawing by lot from a large group, so that each unit and role is there in proportion; and so that whoever doubts it
can draw again and get the same people.

The share of each stratum is its part of the sample, rounded by largest remainder. Within it the people stand in the
order of the SHA-256 of "seed:id", and the first ones are drawn: nothing but the seed decides.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from crm.stats.apportionment import rounded_to_sum
from models.base import Json
from models.unit import Part


@dataclass(frozen=True)
class Able:
    """Somebody who could be asked, and the stratum: as what, and of which unit."""

    person_id: int
    unit_id: int
    part: Part


@dataclass(frozen=True)
class Drawn:
    """Who is asked; ``record`` says how they were drawn, None when everybody was taken."""

    person_ids: Sequence[int]
    record: Json | None


def drawn(group: Sequence[Able], *, size: int, seed: str) -> Drawn:
    """At most ``size`` of the group. Each person has to stand in it once."""
    if len(group) <= size:
        return Drawn([able.person_id for able in group], None)
    strata: dict[tuple[int, Part], list[int]] = defaultdict(list)
    for able in group:
        strata[able.unit_id, able.part].append(able.person_id)
    keys = sorted(strata)
    shares = rounded_to_sum([size * len(strata[key]) / len(group) for key in keys], size)
    told = [
        {"unit_id": unit_id, "part": part.value, "of": sorted(strata[unit_id, part]), "take": share}
        for (unit_id, part), share in zip(keys, shares, strict=True)
    ]
    record = {"seed": seed, "size": size, "strata": told}
    return Drawn(again(record), record)


def again(record: Json) -> list[int]:
    """The people that a record of a draw gives, by stratum."""
    return [
        person_id
        for stratum in record["strata"]
        for person_id in sorted(stratum["of"], key=lambda person_id: _lot(record["seed"], person_id))[: stratum["take"]]
    ]


def _lot(seed: str, person_id: int) -> str:
    return hashlib.sha256(f"{seed}:{person_id}".encode()).hexdigest()
