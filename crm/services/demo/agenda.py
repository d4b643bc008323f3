"""Which topics a unit's meetings come back to, and in what order."""

from __future__ import annotations

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

    def __init__(self, unit: Unit, rng: Random, points: int) -> None:
        """``points``: about how many there will be."""
        self._rng = rng
        self._waiting = _topics(unit, points)
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


def _topics(unit: Unit, points: int) -> list[Topic]:
    """The unit's own topics spread over all of its time, the last ones latest, and others in between."""
    common = (*anywhere.TOPICS, *workplace.TOPICS)
    first = unit.id * STRIDE % len(common)
    others = [*common[first:], *common[:first]]
    own = unit.theme.topics
    between = _first_with(others, points - sum(len(topic.steps) for topic in own))
    places = [(place / max(1, len(between)), topic) for place, topic in enumerate(between)]
    places += [((place + 0.5) / len(own), topic) for place, topic in enumerate(own)]
    return [topic for _, topic in sorted(places, key=lambda place: place[0])] + others[len(between) :]


def _first_with(topics: list[Topic], steps: int) -> list[Topic]:
    """As many topics as it takes to have so many steps."""
    taken: list[Topic] = []
    while len(taken) < len(topics) and sum(len(topic.steps) for topic in taken) < steps:
        taken.append(topics[len(taken)])
    return taken
