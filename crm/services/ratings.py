"""Reading ratings: the latest of each unit, the history of one, the list of rounds. A score is never alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ScalarSelect, Select, exists, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm import policy
from crm.errors import NotFound
from crm.policy import Action, Actor
from crm.services import pages
from crm.services.confidentiality import may_show
from crm.services.leads import Leads
from crm.services.search import contains
from crm.stats.scores import Score, score_of
from models.person import Person
from models.rating import Invitation, Response, Round
from models.unit import BusinessUnit

#: "Poorly" and "very poorly".
LOW = 2
ROUNDS_OF_HISTORY = 40


class Only(StrEnum):
    """Which rounds a list shows."""

    ALL = ""
    LOW = "low"
    WAITING = "waiting"


@dataclass(frozen=True)
class Latest:
    """A unit's newest score: of the latest round that has an answer, or of the latest round while none has."""

    round: Round
    score: Score


@dataclass(frozen=True)
class Answer:
    """What one person said with their name, and who was lead rep on that day (None: nobody was)."""

    response: Response
    person: Person
    lead: Person | None


@dataclass(frozen=True)
class RoundLine:
    """A round (with its unit) and what came of it. ``answers``: those with a name beside them, oldest first.

    ``commented``: those whose comment may be read without a name, in the order of the alphabet: any other would
    say who wrote when, and beside which score. ``score.n`` counts the answers once that may be known, and is 0 before.
    """

    round: Round
    answers: Sequence[Answer]
    commented: Sequence[Response]
    score: Score
    #: The lead rep on the day the round opened.
    lead: Person | None

    @property
    def is_withheld(self) -> bool:
        """Scores of a round without names that has not closed, or that too few answered."""
        return not self.round.scores_shown

    @property
    def lowest(self) -> int | None:
        return min((answer.response.score for answer in self.answers), default=None)

    def is_open(self, now: datetime) -> bool:
        return self.round.closes_at > now

    def waits(self, now: datetime) -> bool:
        """Whether answers may still come, as far as that may be known."""
        return self.is_open(now) and (not self.round.is_counted or self.score.n < self.round.asked)


@dataclass(frozen=True)
class RoundDetail:
    """One round, and the links of those who have not answered (with their persons), withdrawn ones included."""

    line: RoundLine
    silent: Sequence[Invitation]
    #: Links of those who have answered, by response id.
    links: dict[int, Invitation]


def latest(session: Session, *, by: Actor, unit_ids: Collection[int]) -> dict[int, Latest]:
    """The newest score of each of these units, by unit id; a unit never asked is absent. Two statements."""
    policy.require(by, Action.SEE_RATINGS)
    newest = select(func.coalesce(_newest_round(answered=True), _newest_round(answered=False))).where(
        BusinessUnit.id.in_(unit_ids), policy.visible_units(by)
    )
    rounds = session.scalars(select(Round).where(Round.id.in_(newest))).all()
    scores: dict[int, list[int]] = defaultdict(list)
    ids = [round_.id for round_ in rounds]
    shown = (Response.round_id.in_(ids), Round.id == Response.round_id, Round.scores_shown)
    for round_id, score in session.execute(select(Response.round_id, Response.score).where(*shown)):
        scores[round_id].append(score)
    return {round_.unit_id: Latest(round_, score_of(scores[round_.id], round_.asked)) for round_ in rounds}


def _newest_round(*, answered: bool) -> ScalarSelect[int]:
    of_unit = select(Round.id).where(Round.unit_id == BusinessUnit.id, Round.speaks_for_unit)
    if answered:
        of_unit = of_unit.where(Round.scores_shown, exists().where(Response.round_id == Round.id).correlate(Round))
    newest = of_unit.order_by(Round.opened_at.desc(), Round.id.desc()).limit(1)
    return newest.correlate(BusinessUnit).scalar_subquery()


def history(session: Session, *, by: Actor, unit: BusinessUnit, limit: int = ROUNDS_OF_HISTORY) -> list[RoundLine]:
    """The unit's rounds, newest first, each with who was lead rep when a score was given. Three statements."""
    policy.require(by, Action.SEE_RATINGS, unit)
    mine = _rounds().where(Round.unit_id == unit.id).limit(limit)
    return _lines(session, session.scalars(mine).all())


def listed(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    text: str = "",
    unit_id: int | None = None,
    only: Only = Only.ALL,
    number: int = 1,
    size: int = pages.SIZE,
) -> pages.Page[RoundLine]:
    """Rounds of the units the actor sees, or of one of them, newest first. Three statements a page.

    LOW: somebody answered "poorly" or worse, with their name. WAITING: still open, and not everyone has answered, as
    far as that may be known.
    """
    policy.require(by, Action.SEE_RATINGS)
    wanted = _rounds().where(policy.in_visible_units(by, Round.unit_id.expression))
    if unit_id is not None:
        wanted = wanted.where(Round.unit_id == unit_id)
    if text:
        wanted = wanted.where(contains(text, BusinessUnit.name, BusinessUnit.code))
    if only is Only.LOW:
        low = exists().where(Response.round_id == Round.id, Response.score <= LOW)
        wanted = wanted.where(Round.bears_names, low)
    if only is Only.WAITING:
        answers = select(func.count(Response.id)).where(Response.round_id == Round.id).scalar_subquery()
        wanted = wanted.where(Round.closes_at > now, ~Round.is_counted | (answers < Round.asked))
    found = pages.of_objects(session, wanted, number, size)
    return pages.Page(_lines(session, found.rows), found.number, found.has_next)


def read(session: Session, *, by: Actor, round_id: int) -> RoundDetail:
    """One round with its answers and the links still out. Raises NotFound, Forbidden."""
    found = session.scalar(_rounds().where(Round.id == round_id))
    if found is None or not policy.can(by, Action.SEE_UNIT, found):
        raise NotFound("There is no such round.")
    policy.require(by, Action.SEE_RATINGS, found)
    (line,) = _lines(session, [found])
    invitations = session.scalars(
        select(Invitation)
        .join(Invitation.person)
        .where(Invitation.round_id == found.id)
        .options(contains_eager(Invitation.person))
        .order_by(func.lower(Person.name), Invitation.id)
    ).all()
    answered = {answer.response.invitation_id: answer.response.id for answer in line.answers}
    is_named = found.bears_names  # otherwise who is silent says who is not
    return RoundDetail(
        line=line,
        silent=[invitation for invitation in invitations if is_named and invitation.id not in answered],
        links={answered[invitation.id]: invitation for invitation in invitations if invitation.id in answered},
    )


def _rounds() -> Select[Round]:
    return (
        select(Round)
        .join(Round.unit)
        .options(contains_eager(Round.unit), joinedload(Round.asked_by))
        .order_by(Round.opened_at.desc(), Round.id.desc())
    )


def _lines(session: Session, rounds: Sequence[Round]) -> list[RoundLine]:
    responses = session.execute(
        select(Response, Person)
        .outerjoin(Invitation, Invitation.id == Response.invitation_id)
        .outerjoin(Person, Person.id == Invitation.person_id)
        .where(Response.round_id.in_([round_.id for round_ in rounds]))
        .order_by(Response.answered_at, Response.id)
    ).all()
    leads = Leads(session, {round_.unit_id for round_ in rounds})
    said: dict[int, list[tuple[Response, Person | None]]] = defaultdict(list)
    for response, person in responses:
        said[response.round_id].append((response, person))
    return [_line(round_, said[round_.id], leads) for round_ in rounds]


def _line(round_: Round, said: Sequence[tuple[Response, Person | None]], leads: Leads) -> RoundLine:
    """Beside a name: all of it; without names only what may be known of them together."""
    responses = [response for response, _ in said]
    scores = [response.score for response in responses if may_show(round_, len(said))]
    counted = len(said) if round_.is_counted else 0
    answers = [
        Answer(response, person, leads.on(round_.unit, response.answered_at))
        for response, person in said
        if person is not None and round_.bears_names
    ]
    return RoundLine(
        round_,
        answers,
        commented=[] if round_.bears_names else _commented(round_, responses),
        score=score_of(scores, round_.asked) if scores else Score(None, counted, round_.asked),
        lead=leads.on(round_.unit, round_.opened_at),
    )


def _commented(round_: Round, responses: Sequence[Response]) -> list[Response]:
    if not may_show(round_, len(responses), comments=True):
        return []
    return sorted((one for one in responses if one.comment), key=lambda one: (one.comment.casefold(), one.id))
