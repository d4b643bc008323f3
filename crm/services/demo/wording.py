"""What the stock of sentences is made of, and how a sentence gets its names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from random import Random

#: What a line may name: people, the unit, figures.
Names = Mapping[str, object]

MANY = (14, 48)
_FEW = ("three", "four", "five", "six")
_SENTENCE = re.compile(r"(?:^|(?<=[.?] ))[a-z]")


class Side(StrEnum):
    """Whose promise it is, by the part in the meeting."""

    REP = "rep"
    SPECIALIST = "it"
    HEAD = "head"
    FIRST_USER = "a"
    SECOND_USER = "b"
    NOBODY = "nobody"


class Skill(StrEnum):
    """Which specialist knows about a topic."""

    HELP_DESK = "help desk"
    APPLICATIONS = "applications"
    NETWORK = "network"
    SECURITY = "security"
    DEVICES = "devices"
    DATA = "data"


@dataclass(frozen=True)
class Promise:
    side: Side
    #: Days after the meeting; None: no date yet.
    days: int | None
    text: str


@dataclass(frozen=True)
class Step:
    """What one meeting had to say about a topic."""

    said: str
    promises: tuple[Promise, ...] = ()
    #: For IT only.
    note: str = ""


@dataclass(frozen=True)
class Topic:
    """A matter that several meetings come back to, in order."""

    title: str
    skill: Skill
    steps: tuple[Step, ...]
    #: It began with a call for help between two reviews.
    urgent: bool = False


@dataclass(frozen=True)
class Wish:
    """A request and how it may end: granted for a reason, or refused for one, with or without something instead."""

    title: str
    need: str
    yes: str = ""
    no: str = ""
    instead: str = ""
    offered: bool = False


@dataclass(frozen=True)
class Theme:
    """What there is to talk about with one kind of unit."""

    topics: tuple[Topic, ...]
    wishes: tuple[Wish, ...]
    #: Score to what people wrote beside it.
    comments: Mapping[int, tuple[str, ...]]
    #: Of key users, in the order of "a", "b" and the others.
    job_titles: tuple[str, ...]
    #: What generated units of this kind are called, before their place.
    functions: tuple[str, ...]


def step(said: str, *promises: str, note: str = "") -> Step:
    """Promises are written "who days: what", "it 14: Send the logs to {a}"; "-" for days: no date yet."""
    return Step(said, tuple(_promise(line) for line in promises), note)


def topic(title: str, skill: Skill, *steps: Step, urgent: bool = False) -> Topic:
    return Topic(title, skill, steps, urgent)


def _promise(line: str) -> Promise:
    who_and_when, _, text = line.partition(": ")
    who, days = who_and_when.split()
    return Promise(Side(who), None if days == "-" else int(days), text)


def few(rng: Random) -> str:
    """A small number in words."""
    return rng.choice(_FEW)


def written(line: str, names: Names) -> str:
    """Names and figures put into a line; a sentence that begins with a number gets its capital."""
    return _SENTENCE.sub(lambda letter: letter[0].upper(), line.format_map(names))
