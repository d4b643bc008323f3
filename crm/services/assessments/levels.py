"""How far a relationship has come, on five levels, each with a plain description."""

from __future__ import annotations

from dataclasses import dataclass

from crm.services.question_sets import SCALES
from models.question import QuestionKind


@dataclass(frozen=True)
class Level:
    step: int
    name: str
    means: str


#: By step, 1 to 5: the words the survey asks with.
LEVELS = {step: Level(step, *words.split(": ", maxsplit=1)) for step, words in SCALES[QuestionKind.LEVEL].items()}


def nearest(mean: float) -> Level:
    """The level a mean of answers lies nearest to; of two as near, the lower: nobody is flattered."""
    return LEVELS[min(LEVELS, key=lambda step: (abs(step - mean), step))]
