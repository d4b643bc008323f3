"""The roster: who is embedded or deputised, for how long, and which specialists met a unit."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Conflict, Forbidden, Invalid, NotFound
from crm.policy import Action
from crm.services import roster, specialists
from crm.services.roster import Show, Told
from models import Attendance, Meeting, MeetingKind, Membership, Part, Person, Presence
from tests.cast import Cast
from tests.november import NOW, TODAY, acting

LATER = TODAY + timedelta(days=90)


def lend(session: Session, cast: Cast, by: Person | None = None, **told: Any) -> Membership:
    usual = {"person": cast.specialist, "part": Part.EMBEDDED, "since": TODAY, "until": LATER, "access": "Reads"}
    return roster.lend(session, by=acting(session, by or cast.rep), unit=cast.finance, told=Told(**{**usual, **told}))


def test_who_looks_after_the_unit_puts_people_on_its_roster(session: Session, cast: Cast) -> None:
    lent = lend(session, cast)
    assert list(roster.of_unit(session, by=acting(session, cast.cio), unit=cast.finance)) == [lent]
    with pytest.raises(Forbidden):
        lend(session, cast, by=cast.colleague)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"until": TODAY}, "until"),
        ({"until": TODAY + relativedelta(months=12) + timedelta(1)}, "until"),
        ({"part": Part.KEY_USER}, "part"),
        ({"person": "outsider"}, "person_id"),
        ({"person": "rep", "part": Part.DEPUTISED}, "person_id"),
        ({"access": ""}, "access"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    session: Session, cast: Cast, told: dict[str, Any], field: str
) -> None:
    if isinstance(told.get("person"), str):
        told = {**told, "person": getattr(cast, str(told["person"]))}
    with pytest.raises(Invalid) as refused:
        lend(session, cast, **told)
    assert refused.value.field == field


def test_twelve_months_are_allowed_and_twice_at_once_is_not(session: Session, cast: Cast) -> None:
    lend(session, cast, until=TODAY + relativedelta(months=12))
    with pytest.raises(Conflict, match="is on this roster then already"):
        lend(session, cast, since=LATER, until=LATER + timedelta(1))


def test_it_is_extended_within_twelve_months_from_today_and_ended_now(session: Session, cast: Cast) -> None:
    lent, rep = lend(session, cast), acting(session, cast.rep)
    for impossible in (LATER, TODAY + relativedelta(months=12) + timedelta(1)):
        with pytest.raises(Invalid):
            roster.extend(session, by=rep, lent=lent, until=impossible)
    roster.extend(session, by=rep, lent=lent, until=LATER + timedelta(30))
    assert lent.until == LATER + timedelta(30)
    roster.end(session, by=rep, lent=lent)
    assert lent.until == TODAY
    assert not policy.can(acting(session, cast.specialist), Action.SEE_UNIT, cast.finance)
    with pytest.raises(Conflict):
        roster.extend(session, by=rep, lent=lent, until=LATER)


def test_it_is_flagged_in_the_last_two_weeks(session: Session, cast: Cast) -> None:
    lent = lend(session, cast)
    last = LATER - timedelta(1)
    flagged = [roster.ends_soon(lent, day) for day in (LATER - timedelta(15), LATER - timedelta(14), last, LATER)]
    assert flagged == [False, True, True, False]


def test_the_whole_roster_by_part_and_by_words(session: Session, cast: Cast) -> None:
    lent = lend(session, cast)
    ended = lend(
        session, cast, person=cast.key_user, part=Part.DEPUTISED, since=date(2026, 1, 1), until=TODAY + timedelta(1)
    )
    roster.end(session, by=acting(session, cast.rep), lent=ended)

    def found(**wanted: Any) -> list[Membership]:
        return list(roster.listed(session, by=acting(session, cast.administrator), **wanted).rows)

    assert found() == [lent]
    assert found(show=Show.ENDED) == [ended]
    assert found(text="finan") == found(text="olu") == found(part=Part.EMBEDDED) == [lent]
    assert found(text="legal") == found(part=Part.DEPUTISED) == []


def test_only_lent_people_are_found_there(session: Session, cast: Cast) -> None:
    head = session.query(Membership).filter_by(unit_id=cast.finance.id, part=Part.HEAD).one()
    with pytest.raises(NotFound):
        roster.find(session, by=acting(session, cast.rep), unit=cast.finance, lent_id=head.id)


def meet(session: Session, cast: Cast, on: date, *people: Person, presence: Presence = Presence.PRESENT) -> None:
    meeting = Meeting(unit_id=cast.finance.id, kind=MeetingKind.REVIEW, held_on=on, logged_at=NOW)
    session.add(meeting)
    session.flush()
    session.add_all(Attendance(meeting_id=meeting.id, person_id=person.id, presence=presence) for person in people)
    session.flush()


def finding(session: Session, cast: Cast) -> str:
    return specialists.of_unit(session, by=acting(session, cast.rep), unit=cast.finance).finding(TODAY)


def test_whoever_from_it_was_there_besides_the_reps_met_the_unit(session: Session, cast: Cast) -> None:
    assert finding(session, cast) == "Nobody but the account reps has ever met Finance."
    meet(session, cast, date(2025, 3, 4), cast.rep, cast.specialist)
    meet(session, cast, date(2026, 10, 1), cast.rep, cast.colleague, cast.head)
    meet(session, cast, date(2026, 10, 2), cast.cio, presence=Presence.EXCUSED)
    assert finding(session, cast) == "Nobody but the account reps has met Finance since 4 March 2025."
    meet(session, cast, date(2026, 10, 8), cast.rep, cast.specialist)
    assert finding(session, cast) == "One specialist met Finance in the last twelve months."
    met = specialists.of_unit(session, by=acting(session, cast.rep), unit=cast.finance).met
    assert [(one.person.name, one.meetings, one.last_on) for one in met] == [("Olu Adeyemi", 1, date(2026, 10, 8))]
