"""Which topics a unit's meetings come back to, and in what order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from crm.services.demo.themes import anywhere, workplace
from crm.services.demo.units import Unit
from crm.services.demo.wording import MANY, Skill, Step, Topic, few

#: So many topics are under way at a time.
AT_ONCE = 3
#: How far apart two neighbouring units begin in what any unit talks about.
STRIDE = 5


@dataclass
class Thread:
    """A topic under way, with the figures it keeps."""

    topic: Topic
    #: "four": a small number in words.
    few: str
    many: int
    next_step: int = 0

    @property
    def is_done(self) -> bool:
        return self.next_step >= len(self.topic.steps)


@dataclass(frozen=True)
class Point:
    """What a meeting has to say about one topic."""

    title: str
    skill: Skill
    step: Step
    few: str
    many: int


class Agenda:
    """Hands out points: the unit's own topics, mixed with what any unit has to talk about."""

    def __init__(self, unit: Unit, rng: Random) -> None:
        self._rng = rng
        self._waiting = _topics(unit, rng)
        self._urgent = [topic for topic in self._waiting if topic.urgent]
        self._waiting = [topic for topic in self._waiting if not topic.urgent]
        self._under_way: list[Thread] = []
        self._again = [topic for topic in self._waiting if len(topic.steps) > 1]

    @property
    def has_urgent(self) -> bool:
        return bool(self._urgent)

    def points(self, many: int) -> list[Point]:
        """The next points, of different topics."""
        while len(self._under_way) < max(many, AT_ONCE):
            self._start(self._next_topic())
        chosen = self._rng.sample(self._under_way, many)
        return [self._go_on(thread) for thread in sorted(chosen, key=lambda thread: -thread.next_step)]

    def urgent(self) -> Point:
        """Something broke."""
        self._start(self._urgent.pop())
        return self._go_on(self._under_way[-1])

    def _next_topic(self) -> Topic:
        if not self._waiting:
            self._waiting = self._rng.sample(self._again, len(self._again))
        return self._waiting.pop(0)

    def _start(self, topic: Topic) -> None:
        self._under_way.append(Thread(topic, few(self._rng), self._rng.randint(*MANY)))

    def _go_on(self, thread: Thread) -> Point:
        step = thread.topic.steps[thread.next_step]
        thread.next_step += 1
        if thread.is_done:
            self._under_way.remove(thread)
        return Point(thread.topic.title, thread.topic.skill, step, thread.few, thread.many)


def finale(unit: Unit, reviews_left: int) -> Point | None:
    """What the last reviews were about in a story; ``reviews_left``: how many follow."""
    story = unit.story
    if reviews_left >= len(story.finale):
        return None
    step = story.finale[len(story.finale) - 1 - reviews_left]
    return Point(story.finale_title, story.finale_skill, step, "five", 40)


def _topics(unit: Unit, rng: Random) -> list[Topic]:
    """Two of the unit's own, one of the others, as long as there are. Neighbours begin at different ones."""
    own = list(unit.theme.topics)
    first = rng.randrange(len(own))
    own = own[first:] + own[:first]
    common = (*anywhere.TOPICS, *workplace.TOPICS)
    other = unit.id * STRIDE % len(common)
    return list(_mixed(own, [*common[other:], *common[:other]]))


def _mixed(own: list[Topic], others: list[Topic]) -> Iterator[Topic]:
    while own or others:
        yield from own[:2]
        yield from others[:1]
        own, others = own[2:], others[1:]
