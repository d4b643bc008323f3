"""Changing what is asked: always as a new version, so that an old answer keeps the question it was given to.

A question is known to the charts by its key. Other words may ask the same, and whoever changes them says so; another
scale, or asking of something else, never does, and gets a new key.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Conflict, Invalid, NotFound
from crm.policy import Action, Actor
from crm.services import question_sets
from crm.services.clashes import told_as
from crm.services.question_changes import differences
from models.question import Instrument, Per, Question, QuestionKind, QuestionSet

#: A survey is to take four minutes.
MOST_QUESTIONS = 15
TEXT_LENGTH, REASON_LENGTH = 200, 300
#: Which name may stand in a question asked per what.
#: Of which nobody can say how much they matter.
_UNWEIGHED = (QuestionKind.CHANCE, QuestionKind.LEVEL)
PLACES = {"unit": tuple(Per), "service": (Per.SERVICE,), "person": (Per.PERSON,)}
#: What a chart of all of a round is called.
RESERVED = frozenset({"overall"})
KEY_WORDS = 4


class Meaning(StrEnum):
    """Whether other words ask the same."""

    SAME = "same"
    NEW = "new"


@dataclass(frozen=True)
class Wanted:
    """A question as somebody typed it. ``key``: of the question it was, "" for a new one."""

    key: str
    text: str
    kind: QuestionKind
    per: Per = Per.ONCE
    is_weighed: bool = False
    has_zone: bool = False
    meaning: Meaning | None = None

    @classmethod
    def of(cls, question: Question) -> Wanted:
        return cls(question.key, question.text, question.kind, question.per, question.is_weighed, question.has_zone)

    def at(self, position: int, key: str) -> Question:
        """It as a question, of no session."""
        return Question(
            position=position,
            key=key,
            text=self.text,
            kind=self.kind,
            per=self.per,
            is_weighed=self.is_weighed,
            has_zone=self.has_zone,
        )


@dataclass(frozen=True)
class Plan:
    """What saving would do. ``before``: the version in force; ``after``: of no session; ``reworded``: the places of
    those whose words changed, so that somebody has to say whether they ask the same."""

    before: QuestionSet
    after: Sequence[Question]
    reworded: Sequence[int]

    @property
    def changes(self) -> list[str]:
        return differences(self.before.questions, self.after)


def mistakes(wanted: Sequence[Wanted]) -> list[Invalid]:
    """What cannot be asked, each on its field: "questions-2-text"; on "questions" for the set as a whole."""
    found = [Invalid(f"questions-{place}-{field}", why) for place, one in enumerate(wanted) for field, why in _bad(one)]
    counted = Counter((one.text.casefold(), one.per) for one in wanted if one.text)
    for place, one in enumerate(wanted):
        if counted[one.text.casefold(), one.per] > 1:
            found.append(Invalid(f"questions-{place}-text", "This is asked twice. Change one, or take it away."))
    if not wanted:
        found.append(Invalid("questions", "Ask at least one question."))
    if len(wanted) > MOST_QUESTIONS:
        found.append(Invalid("questions", f"Ask at most {MOST_QUESTIONS}: a survey is to take four minutes."))
    return found


def _bad(one: Wanted) -> Iterator[tuple[str, str]]:
    if not one.text:
        yield "text", "Say what is asked."
    elif len(one.text) > TEXT_LENGTH:
        yield "text", f"Keep it under {TEXT_LENGTH} letters: it is read on a phone."
    elif why := _bad_places(one):
        yield "text", why
    if one.kind is QuestionKind.CHANCE and one.per is not Per.ONCE:
        yield "per", "How likely something is, is asked once."
    if one.kind is QuestionKind.LEVEL and one.per is not Per.ONCE:
        yield "per", "How far the relationship has come is asked once."
    if one.has_zone and one.kind is QuestionKind.CHANCE:
        yield "has_zone", "Of how likely something is there is no least that would do. Choose a scale of 1 to 5."
    if one.is_weighed and (one.kind in _UNWEIGHED or one.per is Per.PERSON):
        yield "is_weighed", "How much it matters is asked of things on a scale of 1 to 5, not of people or chances."
    if one.has_zone and one.kind is QuestionKind.LEVEL:
        yield "has_zone", "Of how far the relationship has come there is no least that would do."


def _bad_places(one: Wanted) -> str:
    """What is wrong with the names in braces; "" for nothing."""
    places = re.findall(r"\{([^{}]*)\}", one.text)
    if re.search(r"[{}]", re.sub(r"\{[^{}]*\}", "", one.text)):
        return "A brace stands alone. A name is written like {unit}."
    for place in places:
        if place not in PLACES:
            return f"Nobody knows what {{{place}}} stands for. There are {{unit}}, {{service}} and {{person}}."
        if one.per not in PLACES[place]:
            return f"{{{place}}} has a name only where it is asked about each {place}."
    wanted = {Per.SERVICE: "service", Per.PERSON: "person"}.get(one.per)
    if wanted and wanted not in places:
        return f"Say which with {{{wanted}}}, or the same question stands there again and again."
    return ""


def plan(session: Session, *, by: Actor, instrument: Instrument, wanted: Sequence[Wanted], now: datetime) -> Plan:
    """What saving this would do; ``wanted`` has no mistakes. Raises NotFound for the pulse. Three statements."""
    policy.require(by, Action.MANAGE_ASKING)
    return _planned(session, question_sets.in_force(session, instrument=instrument, now=now), wanted)


def _planned(session: Session, before: QuestionSet, wanted: Sequence[Wanted]) -> Plan:
    ever, others = _ever(session, before)
    keys = _keys(wanted, ever, others)
    after = [one.at(place, key) for place, (one, key) in enumerate(zip(wanted, keys, strict=True), start=1)]
    return Plan(before, after, [place for place, one in enumerate(wanted) if _is_reworded(one, ever)])


def _ever(session: Session, before: QuestionSet) -> tuple[dict[str, Question], set[str]]:
    """The newest question of each key this instrument ever asked, and the keys of the others."""
    rows = session.execute(
        select(Question, QuestionSet.instrument).join(Question.question_set).order_by(QuestionSet.version, Question.id)
    ).all()
    own = {question.key: question for question, instrument in rows if instrument is before.instrument}
    others = {question.key for question, instrument in rows if instrument is not before.instrument}
    return own | {question.key: question for question in before.questions}, others


def _keys(wanted: Sequence[Wanted], ever: Mapping[str, Question], others: Collection[str]) -> list[str]:
    """One for each: the one it had while it asks the same, else one that nobody ever had."""
    kept = [one.key if _asks_the_same(one, ever) else "" for one in wanted]
    taken, found = set(kept), list[str]()
    for one, key in zip(wanted, kept, strict=True):
        is_first = bool(key) and key not in found
        own = key if is_first else _again(one, ever, taken) or _new_key(one.text, {*ever, *others, *taken})
        taken.add(own)
        found.append(own)
    return found


def _is_known(one: Wanted, ever: Mapping[str, Question]) -> bool:
    """Whether it was asked before on the same scale, of the same."""
    was = ever.get(one.key)
    return was is not None and (was.kind, was.per) == (one.kind, one.per)


def _is_reworded(one: Wanted, ever: Mapping[str, Question]) -> bool:
    return _is_known(one, ever) and ever[one.key].text != one.text


def _asks_the_same(one: Wanted, ever: Mapping[str, Question]) -> bool:
    return _is_known(one, ever) and not (_is_reworded(one, ever) and one.meaning is Meaning.NEW)


def _again(one: Wanted, ever: Mapping[str, Question], taken: Collection[str]) -> str:
    """The key of a question that was asked before in these very words, and is not asked now."""
    same = (one.text, one.kind, one.per)
    return next((key for key, was in ever.items() if key not in taken and (was.text, was.kind, was.per) == same), "")


def _new_key(text: str, taken: Collection[str]) -> str:
    """ "meeting-rooms-work", "meeting-rooms-work-2"."""
    words = re.findall(r"\w+", re.sub(r"\{\w*\}", " ", text.lower()))[:KEY_WORDS]
    stem = "-".join(words) or "question"
    used = {*taken, *RESERVED}
    numbered = (f"{stem}-{number}" for number in range(2, len(used) + 3))
    return next(key for key in (stem, *numbered) if key not in used)


def save(
    session: Session,
    *,
    by: Actor,
    instrument: Instrument,
    base: int,
    wanted: Sequence[Wanted],
    reason: str,
    now: datetime,
) -> QuestionSet:
    """Make this the next version; ``base`` is the one it was made from. Rounds that are open keep theirs.

    Raises the first of :func:`mistakes`; Invalid("questions-2-meaning") when nobody said whether other words ask the
    same; Invalid("reason"), Invalid("questions") when nothing is different; Conflict("") when somebody was faster.
    """
    policy.require(by, Action.MANAGE_ASKING)
    for mistake in mistakes(wanted):
        raise mistake
    before = question_sets.current(session, instrument=instrument, now=now)
    if before is None:
        raise NotFound("A pulse is one question and a comment.")
    if before.version != base:
        raise Conflict("", _faster(before))
    planned = _planned(session, before, wanted)
    for place in planned.reworded:
        if wanted[place].meaning is None:
            raise Invalid(f"questions-{place}-meaning", "Say whether it still asks the same.")
    if not planned.changes:
        raise Invalid("questions", f"Nothing is different from version {base}.")
    _refuse_bad_reason(reason)
    made = QuestionSet(instrument=instrument, version=base + 1, made_at=now, made_by_id=by.id, reason=reason)
    made.questions = list(planned.after)
    with told_as(session, Conflict("", _faster(None))):
        session.add(made)
    return made


def _faster(newest: QuestionSet | None) -> str:
    """What the second of two editors is told."""
    who = newest.made_by.name if newest and newest.made_by else "Somebody"
    return f"{who} was faster and saved another version. What you typed is kept; look at both before you save."


def _refuse_bad_reason(reason: str) -> None:
    if not reason:
        raise Invalid("reason", "Say why; it stays with the version.")
    if len(reason) > REASON_LENGTH:
        raise Invalid("reason", f"Keep it under {REASON_LENGTH} letters.")
