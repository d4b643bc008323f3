"""Two units have many people besides head and key users: they are asked each quarter, and stay unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from crm.services.demo.deck import Deck
from crm.services.demo.era import Era, working_day
from crm.services.demo.people import Crowd, Known
from crm.services.demo.remarks import COMMENTS
from crm.services.demo.round_rows import add_invitation, add_response, add_round
from crm.services.demo.rows import Rows
from crm.services.demo.units import Unit
from crm.services.secrets import hashed
from crm.stats.suppression import COMMENTS_FROM, SCORES_FROM
from models.rating import Audience, Confidentiality
from models.unit import Membership, Part


@dataclass(frozen=True)
class Group:
    many: int
    kept: Confidentiality


#: By unit code.
GROUPS: Mapping[str, Group] = {
    "CARE": Group(14, Confidentiality.ANONYMOUS),
    "MFG": Group(8, Confidentiality.CONFIDENTIAL),
}
QUARTERS, SINCE_QUARTER_START = 8, 40
ASKED_AT = time(9, 50)
CLOSED = 17
ANSWERS, SAYS_WHY = 0.84, 0.5
LONGEST_ID = 2**31 - 1


def write(rows: Rows, unit: Unit, era: Era, crowd: Crowd) -> None:
    """Members of the unit, and what they answered in the quarters that are over."""
    group = GROUPS.get(unit.code)
    if group is None:
        return
    rng = unit.chance("end users")
    members = [_member(rows, unit, era, crowd, rng.choice(unit.theme.job_titles)) for _ in range(group.many)]
    comments = {score: Deck(rng, lines) for score, lines in COMMENTS.items()}
    for back in range(QUARTERS, -1, -1):
        day = working_day(era.quarter_start(back) + timedelta(days=SINCE_QUARTER_START))
        if day <= era.ago(CLOSED):
            _round(rows, unit, era, group, day, members, rng, comments)


def _member(rows: Rows, unit: Unit, era: Era, crowd: Crowd, title: str) -> Known:
    who = crowd.invent(title)
    common = {"access": "", "since": era.start, "until": None}
    rows.add(Membership, unit_id=unit.id, person_id=who.id, part=Part.MEMBER, **common)
    return who


def _round(
    rows: Rows,
    unit: Unit,
    era: Era,
    group: Group,
    day: date,
    members: Sequence[Known],
    rng: Random,
    comments: Mapping[int, Deck],
) -> None:
    answering = [rng.random() < ANSWERS for _ in members]
    many = sum(answering)
    round_id = add_round(
        rows,
        unit,
        era.instant(day, ASKED_AT, unit.zone),
        asked=len(members),
        audience=Audience.END_USERS,
        confidentiality=group.kept,
        scores_shown=many >= SCORES_FROM,
        comments_shown=many >= COMMENTS_FROM,
        is_settled=True,
        scores_from=SCORES_FROM,
        comments_from=COMMENTS_FROM,
    )
    for who, answers in zip(members, answering, strict=True):
        is_unknown = group.kept is Confidentiality.ANONYMOUS
        link = hashed(rng.randbytes(32).hex())
        invitation_id = add_invitation(rows, round_id, who, link, is_used=answers and is_unknown)
        if answers:
            score = min(5, max(1, unit.character.usual + rng.choice((-2, -1, -1, 0, 0, 0, 1))))
            told = {"score": score, "comment": comments[score].draw() if rng.random() < SAYS_WHY else ""}
            kept = _unknown(unit, day, rng) if is_unknown else _confidential(unit, era, day, invitation_id)
            add_response(rows, unit, round_id, **told, **kept)


def _unknown(unit: Unit, day: date, rng: Random) -> dict[str, object]:
    """As crm.services.anonymous_answers writes it: a drawn id, no link, the day alone."""
    on = day + timedelta(days=rng.choice((0, 0, 1, 3)))
    return {"id": -1 - rng.randrange(LONGEST_ID), "answered_at": datetime.combine(on, time(), unit.zone)}


def _confidential(unit: Unit, era: Era, day: date, invitation_id: int) -> dict[str, object]:
    return {"invitation_id": invitation_id, "answered_at": era.instant(day, time(10, 15), unit.zone)}
