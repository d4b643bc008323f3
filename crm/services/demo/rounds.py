"""A unit's rounds of ratings: who was asked, what was answered, and the links that still wait."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from crm.services import asking, clock, rating_mail
from crm.services.demo.deck import Deck
from crm.services.demo.era import Era, office_hour, working_day
from crm.services.demo.heard import Ear
from crm.services.demo.people import Known
from crm.services.demo.remarks import COMMENTS
from crm.services.demo.round_rows import add_invitation, add_response, add_round, row_of
from crm.services.demo.rows import Rows
from crm.services.demo.survey import Voice, is_kept, is_of_new_quarter
from crm.services.demo.units import Unit
from crm.services.languages import ENGLISH, Language
from crm.services.ratings import LOW
from crm.services.secrets import hashed
from models.follow_up import FollowUp, FollowUpCause, FollowUpState
from models.mail import MailKind
from models.outbox import OutboxMessage, OutboxState
from models.person import Person
from models.question import Instrument

#: The last round that has closed opened at least so many days ago: two weeks, the closing day, and a weekend.
SETTLED = 18
#: Rounds begin so many days after the first review.
BEGIN = 45
ANSWERS, HEAD_COMMENTS, USER_COMMENTS, CORRECTED = 0.82, 0.6, 0.35, 0.04
OPENS_AT = time(9, 30)
TOKEN_BYTES = 32
#: Low ratings of rounds opened within so many days still wait for a reply.
OWED = 45
REPLY = "Thank you for saying so plainly. We looked into it together with your team, and agreed on what changes."


def write(rows: Rows, unit: Unit, era: Era, voice: Voice, sets: dict[Instrument, int]) -> None:
    """All rounds of the unit, oldest first; the last one may still be open. The first of a quarter is its survey."""
    rng = unit.chance("rounds")
    office = Office(rows, unit, era, rng, voice, sets)
    days = _days(unit, era, rng)
    for place, (before, day) in enumerate(zip([None, *days], days, strict=False)):
        is_survey = is_of_new_quarter(day, before) and is_kept(unit, day, era)
        instrument = Instrument.SURVEY if is_survey else Instrument.PULSE
        office.settled(day, instrument, rounds_after=len(days) - 1 - place)
    if unit.story.asked_days_ago is not None:
        office.open(era.ago(unit.story.asked_days_ago))


def _days(unit: Unit, era: Era, rng: Random) -> list[date]:
    """When the rounds that have closed were opened: evenly, reckoned back from today."""
    every = unit.story.asks_every
    last = era.ago(SETTLED + rng.randrange(every - 2 * SETTLED))
    many = ((last - era.start).days - BEGIN) // every
    days = [working_day(last - timedelta(days=every * back)) for back in reversed(range(many))]
    return [day for day in days if unit.lead(day)]


class Office:
    def __init__(
        self, rows: Rows, unit: Unit, era: Era, rng: Random, voice: Voice, sets: dict[Instrument, int]
    ) -> None:
        self._rows, self._unit, self._era, self._rng = rows, unit, era, rng
        self._voice, self._sets, self._ear = voice, sets, Ear(rows, unit, era)
        self._comments = {
            score: Deck(rng, (*unit.theme.comments.get(score, ()), *COMMENTS[score])) for score in COMMENTS
        }

    def settled(self, day: date, instrument: Instrument, *, rounds_after: int) -> None:
        """A round that has closed, with its answers."""
        asked = self._asked(day)
        opened_at = self._era.instant(day, OPENS_AT, self._unit.zone)
        round_id = self._round(day, opened_at, asked, instrument)
        scores = self._scores(asked, rounds_after)
        self._ear.expects(round_id, day, opened_at, scores)
        for place, (who, score) in enumerate(zip(asked, scores, strict=True)):
            invitation_id = self._invite(round_id, who, self._rng.randbytes(TOKEN_BYTES).hex())
            if score is not None:
                comment = self._comment(score, place, rounds_after)
                response_id, answered_at = self._answer(round_id, invitation_id, day, opened_at, score, comment)
                if instrument is Instrument.SURVEY:
                    self._voice.answer(instrument, response_id, score, day)
                self._ear.hears(response_id, comment, answered_at)
                if score <= LOW:
                    self._follow_up(response_id, who, score, day, answered_at)

    def open(self, day: date) -> None:
        """A round that still waits for every answer, with the mails in the outbox."""
        asked = self._asked(day)
        opened_at = self._era.instant(day, OPENS_AT, self._unit.zone)
        round_id = self._round(day, opened_at, asked, Instrument.PULSE)
        for who in asked:
            token = self._rng.randbytes(TOKEN_BYTES).hex()
            self._invite(round_id, who, token)
            self._mail(round_id, who, token, opened_at)

    def _asked(self, day: date) -> list[Known]:
        """The head and the first key users, as far as they can be written to."""
        users = [who for who in self._unit.users if who.email][: self._unit.character.asked]
        return [self._unit.head(day), *users]

    def _round(self, day: date, opened_at: datetime, asked: Sequence[Known], instrument: Instrument) -> int:
        lead = self._unit.lead(day)
        return add_round(
            self._rows,
            self._unit,
            opened_at,
            asked=len(asked),
            asked_by_id=lead.id if lead else None,
            instrument=instrument,
            set_id=self._sets.get(instrument),
        )

    def _scores(self, asked: Sequence[Known], rounds_after: int) -> list[int | None]:
        by_chance = [self._score() for _ in asked]
        told = self._unit.story.scores
        if rounds_after < len(told):
            return list(told[len(told) - 1 - rounds_after][: len(asked)])
        if rounds_after < self._unit.story.silent:
            return [None] * len(asked)
        return by_chance if any(by_chance) else [self._unit.character.usual, *by_chance[1:]]

    def _score(self) -> int | None:
        luck, answers = self._rng.random(), self._rng.random() < ANSWERS
        score = self._unit.character.usual + (luck > 0.86) - (luck < 0.12)
        return min(5, max(1, score)) if answers else None

    def _comment(self, score: int, place: int, rounds_after: int) -> str:
        told = self._unit.story.comments
        comments = self._rng.random() < (USER_COMMENTS if place else HEAD_COMMENTS)
        if place == 0 and rounds_after < len(told):
            return told[len(told) - 1 - rounds_after]
        return self._comments[score].draw() if comments else ""

    def _answer(
        self, round_id: int, invitation_id: int, day: date, opened_at: datetime, score: int, comment: str
    ) -> tuple[int, datetime]:
        """The id of the answer, and when it came."""
        later = timedelta(days=self._rng.choice((0, 0, 0, 1, 1, 2, 3, 5, 8)))
        hour = office_hour(self._rng)
        answered_at = max(
            self._era.instant(day + later, hour, self._unit.zone), opened_at + timedelta(minutes=hour.hour)
        )
        corrected = self._rng.random() < CORRECTED
        response_id = add_response(
            self._rows,
            self._unit,
            round_id,
            invitation_id=invitation_id,
            score=score,
            comment=comment,
            answered_at=answered_at,
            corrected_at=answered_at + timedelta(hours=3) if corrected else None,
        )
        return response_id, answered_at

    def _follow_up(self, response_id: int, who: Known, score: int, day: date, answered_at: datetime) -> None:
        """Every low rating had its reply, but for those of late: they are owed still."""
        lead, had = self._unit.lead(day), day < self._era.ago(OWED)
        replied_at = answered_at + timedelta(days=1)
        self._rows.add(
            FollowUp,
            unit_id=self._unit.id,
            response_id=response_id,
            person_id=who.id,
            cause=FollowUpCause.LOW,
            score=score,
            owner_id=lead.id if lead else None,
            opened_at=answered_at,
            due_on=working_day((answered_at + timedelta(days=2)).date()),
            state=FollowUpState.CLOSED if had else FollowUpState.OPEN,
            reply=REPLY if had else "",
            replied_at=replied_at if had else None,
            closed_at=replied_at + timedelta(days=1) if had else None,
        )

    def _invite(self, round_id: int, who: Known, token: str) -> int:
        return add_invitation(self._rows, round_id, who, hashed(token))

    def _mail(self, round_id: int, who: Known, token: str, opened_at: datetime) -> None:
        unit, to = row_of(self._unit), Person(name=who.name, email=who.email)
        lead = self._unit.lead(clock.local_date(opened_at, unit.time_zone))
        told = rating_mail.write(
            Language(ENGLISH),
            unit=unit,
            to=to,
            asked_by=Person(name=lead.name) if lead else None,
            closes_at=asking.closing(unit, opened_at),
            now=opened_at,
        )
        self._rows.add(
            OutboxMessage,
            key=f"rating:{round_id}:{who.id}",
            to_person_id=who.id,
            to_address=who.email,
            kind=MailKind.RATING,
            subject=told.subject,
            body=told.body,
            path=f"/r/{token}",
            button=told.button,
            queued_at=opened_at,
            due_at=opened_at,
            message_id=f"<rating.{round_id}.{who.id}@rapport>",
            state=OutboxState.QUEUED,
        )
