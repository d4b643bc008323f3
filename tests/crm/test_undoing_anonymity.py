"""Tries to undo what was promised: from the rows of the database, from every page and file, and from readings of the
same figures again and again.

The attack on the rows is the strongest there is: the same group answers twice, with other people saying other things in
another order. If nothing in the database differs, then nothing in it tells who said what, whatever one computes.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise, product
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from crm import policy
from crm.services import answering, asking, confidentiality, forgetting, people, question_sets, ratings
from crm.services.reminders import ratings as reminders
from crm.services.survey import Given
from crm.stats.suppression import COMMENTS_FROM, SCORES_FROM
from models import (
    Base,
    Confidentiality,
    Instrument,
    Invitation,
    Membership,
    OutboxMessage,
    Part,
    Person,
    Question,
    Response,
    Round,
)
from models.total import OVERALL, PeriodTotal
from tests.cast import LONG_AGO, Cast
from tests.client import Client
from tests.factories.everything import Belongings, furnish
from tests.test_visibility import address, told

SIZES = (4, 5, 6, 9, 10, 11)
#: Where PostgreSQL may find room for rows written anew: left by the worlds before, which were taken back.
FREE_STRETCHES = 2
UNKNOWN = (Confidentiality.ANONYMOUS, Confidentiality.CONFIDENTIAL)
ANONYMOUS, CONFIDENTIAL = UNKNOWN
PULSE = Instrument.PULSE
NOW = datetime.now(UTC).replace(hour=9, minute=30, second=0, microsecond=0)
LATER = timedelta(days=20)


@dataclass(frozen=True)
class Said:
    """What one person says."""

    score: int
    comment: str
    understands: int | None


@dataclass
class Group:
    """A round without names, its people and their links; some of them never answer."""

    round: Round
    people: Sequence[Person]
    tokens: Sequence[str]


def group(
    session: Session,
    cast: Cast,
    many: int,
    how: Confidentiality,
    *,
    at: datetime = NOW,
    instrument: Instrument = Instrument.SURVEY,
) -> Group:
    known = session.scalar(select(func.count(Person.id))) or 0
    members = [
        Person(name=f"Zoe Marker{known + at}", email=f"z{known + at}@x.example", is_business=True) for at in range(many)
    ]
    session.add_all(members)
    session.flush()
    session.add_all(
        Membership(unit_id=cast.finance.id, person_id=one.id, part=Part.MEMBER, since=LONG_AGO) for one in members
    )
    session.flush()
    by = policy.actor_for(session, cast.rep, at.date())
    round_ = asking.ask(session, by=by, unit=cast.finance, now=at, instrument=instrument, confidentiality=how)
    asked = session.execute(
        select(Person, OutboxMessage.path)
        .join(Person, Person.id == OutboxMessage.to_person_id)
        .where(OutboxMessage.key.like(f"rating:{round_.id}:%"))
        .order_by(Person.id)
    ).all()
    return Group(round_, [row[0] for row in asked], [row[1].removeprefix("/r/") for row in asked])


def things_to_say(many: int) -> list[Said]:
    """Each different from every other."""
    return [Said(1 + number % 5, f"quoted-{number:02}-{number * 7919}", 1 + number % 3) for number in range(many)]


def answer(session: Session, one: Group, at: int, said: Said, now: datetime = NOW) -> None:
    asks = session.scalar(select(Question.id).where(Question.set_id == one.round.set_id, Question.key == "understands"))
    answers = {(asks, ""): Given(said.understands, 2)} if asks and said.understands else {}
    given = {"score": said.score, "comment": said.comment}
    answering.answer(session, token=one.tokens[at], answers=answers, now=now, **given)  # type: ignore[arg-type]


# ---- From the rows


def rows(session: Session) -> dict[str, Counter[Any]]:
    """Everything the database holds, but that drawn ids are named by what stands beside them."""
    dumped = {
        table.name: [dict(row) for row in session.execute(select(table)).mappings()]
        for table in Base.metadata.sorted_tables
    }
    names = {row["id"]: repr(sorted((k, repr(v)) for k, v in row.items() if k != "id")) for row in dumped["response"]}
    for row in dumped["response"]:
        row.pop("id")
    for row in (*dumped["audit_entry"], *dumped["round_total"], *dumped["period_total"]):
        row.pop("id", None)  # counted on by PostgreSQL though the world before was taken back
    for row in dumped["audit_entry"]:
        row.pop("at") if row["entity"] == "round" else None  # when the round was settled: long after the last answer
    for row in dumped["answer"]:
        row.pop("id")
        row["response_id"] = names[row["response_id"]]
    return {
        name: Counter(tuple(sorted((key, repr(value)) for key, value in row.items())) for row in found)
        for name, found in dumped.items()
    }


def lie(session: Session, table: str, round_id: int) -> list[tuple[Any, ...]]:
    """The rows as they lie, with what the database notes of each: place, and which transaction wrote it."""
    if session.get_bind().dialect.name == "postgresql":
        statement = f"SELECT id, xmin::text, xmax::text FROM {table} WHERE round_id = :id ORDER BY ctid"
    else:
        statement = f"SELECT id, 0, 0 FROM {table} WHERE round_id = :id ORDER BY rowid"
    return [tuple(row) for row in session.execute(text(statement), {"id": round_id})]


def runs(ids: list[int]) -> int:
    """How many times the rows begin anew from a smaller number. Rows written in the order of their drawn numbers give
    one run, and one more for each stretch of room PostgreSQL found free before it; rows that lie as they were answered
    give half as many as there are rows."""
    return 1 + sum(after < before for before, after in pairwise(ids))


@pytest.mark.parametrize("many", SIZES)
def test_the_rows_are_the_same_whoever_said_what_and_when(session: Session, cast: Cast, many: int) -> None:
    one = group(session, cast, many + 1, ANONYMOUS)
    used = random.Random(many).sample(range(len(one.tokens)), many)
    worlds = []
    for seed in range(3):
        chance = random.Random(seed)
        who, said = chance.sample(used, many), things_to_say(many)
        with session.begin_nested() as world:
            for step, (at, words) in enumerate(zip(who, said, strict=True)):
                answer(session, one, at, words, NOW + timedelta(hours=7 * step + seed))
            confidentiality.reveal_closed(session, now=NOW + LATER)
            session.flush()
            links, answers = lie(session, "invitation", one.round.id), lie(session, "response", one.round.id)
            worlds.append(rows(session))
            assert runs([row[0] for row in links]) <= FREE_STRETCHES + 1, "in the order of drawn ids"
            assert len({row[1] for row in links}) == len({row[1] for row in answers}) == 1, "one transaction for all"
            assert runs([row[0] for row in answers]) <= FREE_STRETCHES + 1, "in the order of drawn ids"
            world.rollback()
        session.expire_all()
    assert worlds[0] == worlds[1] == worlds[2]


@pytest.mark.parametrize("many", SIZES)
def test_no_row_leads_from_an_anonymous_answer_to_a_person(session: Session, cast: Cast, many: int) -> None:
    one = group(session, cast, many + 1, ANONYMOUS)
    for at, said in enumerate(things_to_say(many)):
        answer(session, one, at, said)
    confidentiality.reveal_closed(session, now=NOW + LATER)
    session.flush()
    answers = set(session.scalars(select(Response.id)))
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if any(key.column.table.name == "response" for key in column.foreign_keys) and table.name != "answer":
                assert not set(session.scalars(select(column))) & answers, f"{table.name} leads to an answer"
    assert set(session.execute(select(Response.invitation_id, Response.corrected_at)).all()) == {(None, None)}
    assert len(set(session.scalars(select(Response.answered_at)))) == 1, "of all the same day: the one it opened"
    paths = select(OutboxMessage.path).where(OutboxMessage.key.like("rating:%"))
    assert set(session.scalars(paths)) == {""}, "no link is left in a mail"


def test_who_was_reminded_by_when_does_not_match_the_days_of_answers(session: Session, cast: Cast) -> None:
    """Two answered before the first reminder, the rest after it: the answers do not know."""
    one = group(session, cast, 6, ANONYMOUS)
    for at, said in enumerate(things_to_say(6)):
        answer(session, one, at, said, NOW if at < 2 else NOW + reminders.AFTER[0] + timedelta(days=1))
    assert len(set(session.scalars(select(Response.answered_at)))) == 1


# ---- From what can be read


def roles(cast: Cast) -> list[Person]:
    """Of each role the one who sees most."""
    return [cast.rep, cast.cio, cast.administrator, cast.head]


#: Lists that can be had as a file.
LISTS = ("/ratings", "/comments", "/units", "/meetings", "/actions", "/requests", "/reviews")


#: What differs from one reading to the next of the same page.
FLEETING = re.compile(
    r'name="csrf_token"[^>]*value="[^"]*"|value="[0-9a-f]{32}"|[?&]v=\w+|\d\d:\d\d(:\d\d)?'
    r'|<div class="note[^>]*flash-note.*?</div></div>'
)


def readable(app: Flask, client: Client, things: Sequence[dict[str, int]], paths: Sequence[str] = ()) -> dict[str, str]:
    """Every page and file that this person may get, by its address."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and "end" not in rule.endpoint]
    every = paths or sorted({address(rule, one) for rule in rules for one in things})
    every = [path for path in every if not path.startswith("/me")]  # where one is signed in oneself
    found = {}
    for path in every:
        for variant in ("", "?as=csv") if path in LISTS else ("",):
            reply = client.get(path + variant)
            if reply.status_code == 200:
                found[path + variant] = " ".join(FLEETING.sub(" ", told(reply)).split())
    return found


@pytest.fixture
def belongings(session: Session, cast: Cast) -> Belongings:
    return furnish(session, cast, now=NOW - timedelta(minutes=1))


def things_of(one: Group, belongings: Belongings) -> dict[str, int]:
    return belongings.of_finance | {"round_id": one.round.id}


def settle(session: Session, one: Group) -> None:
    one.round.opened_at -= LATER
    one.round.closes_at -= LATER
    session.flush()
    confidentiality.reveal_closed(session, now=NOW)
    session.commit()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True, scope="session")
def test_every_page_of_every_role_reads_the_same_whoever_said_what(
    app: Flask, client: Client, session: Session, cast: Cast, belongings: Belongings
) -> None:
    """A confidential answer knows its link. Give every answer to somebody else, and read everything again."""
    one = group(session, cast, 11, CONFIDENTIAL)
    for at, said in enumerate(things_to_say(11)):
        answer(session, one, at, said)
    settle(session, one)
    before = {who.name: readable(app, client.sign_in(who), [things_of(one, belongings)]) for who in roles(cast)}
    links = session.execute(select(Response.id, Response.invitation_id).where(Response.round_id == one.round.id)).all()
    session.execute(update(Response).where(Response.round_id == one.round.id).values(invitation_id=None))
    for (number, _), (_, other) in zip(links, [*links[1:], links[0]], strict=True):
        session.execute(update(Response).where(Response.id == number).values(invitation_id=other))
    session.commit()
    shown, differing = 0, list[str]()
    for who in roles(cast):
        after = readable(
            app, client.sign_in(who), [], list(dict.fromkeys(path.split("?")[0] for path in before[who.name]))
        )
        for path, page in before[who.name].items():
            differing += [f"{who.name} reads on {path} who said what"] if after[path] != page else []
            shown += "quoted-00" in page
            for name in (person.name for person in one.people if person is not cast.key_user):
                assert not ("quoted-" in page and name in page), f"{path} has a name on the page of the comments"
    assert differing == []
    assert shown, "the comments are there to read"


RATINGS = (
    "/",
    "/ratings",
    "/ratings?only=waiting",
    "/ratings?only=low",
    "/ratings/{round}",
    "/ratings/expected",
    "/units/{unit}",
    "/units/{unit}/timeline",
    "/units/{unit}/satisfaction",
    "/ratings?unit={unit}",
    "/comments",
    "/comments?only=all",
    "/follow-ups",
    "/portfolio",
    "/portfolio/list",
    "/compliance",
    "/audit",
    "/outbox",
    "/reviews",
)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True, scope="session")
@pytest.mark.parametrize("how", UNKNOWN)
def test_while_a_round_is_open_no_reading_tells_that_somebody_has_answered(
    app: Flask, client: Client, session: Session, cast: Cast, how: Confidentiality
) -> None:
    one = group(session, cast, 6, how)
    session.commit()
    paths = [path.format(round=one.round.id, unit=cast.finance.id) for path in RATINGS]
    watchers = [cast.rep, cast.cio, cast.administrator]
    before = {who.name: readable(app, client.sign_in(who), [], paths) for who in watchers}
    for at, said in enumerate(things_to_say(6)):
        answer(session, one, at, said)
        session.commit()
        who = watchers[at % len(watchers)]
        assert readable(app, client.sign_in(who), [], paths) == before[who.name], "it differs by one answer"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True, scope="session")
@pytest.mark.parametrize(("many", "how"), list(product(SIZES, UNKNOWN)))
def test_below_the_threshold_no_page_and_no_file_has_the_figure_or_a_word(
    app: Flask, client: Client, session: Session, cast: Cast, many: int, how: Confidentiality
) -> None:
    one = group(session, cast, 12, how)
    for at in range(many):
        answer(session, one, at, Said(5 if at else 1, f"quoted-{at}", 5))
    settle(session, one)
    paths = [path.format(round=one.round.id, unit=cast.finance.id) for path in RATINGS]
    mean = f"{(1 + 5 * (many - 1)) / many:.1f}"
    for who in (cast.cio, cast.administrator):
        pages = readable(app, client.sign_in(who), [], paths)
        shown = [
            path for path, page in pages.items() if re.search(rf"\b{re.escape(mean)}\b", page) and "/ratings/" in path
        ]
        assert bool(shown) is (many >= SCORES_FROM and who is cast.cio), (who.name, mean, shown)
        said = [path for path, page in pages.items() if "quoted-" in page]
        assert bool(said) is (many >= COMMENTS_FROM and who is cast.cio), (who.name, said)


# ---- From figures read again and again

#: The answers a figure is about, and their sum.
Figure = tuple[frozenset[int], int]


def figures(session: Session, cast: Cast) -> Iterator[Figure]:
    """What can be read now: of each round, of each question, and of all rounds of a month together."""
    by = policy.actor_for(session, cast.cio, NOW.date())
    of_round = {
        line.round.id: frozenset(session.scalars(select(Response.id).where(Response.round_id == line.round.id)))
        for line in ratings.listed(session, by=by, now=NOW, size=500).rows
        if line.score.value is not None
    }
    scores = {row.id: row.score for row in session.execute(select(Response.id, Response.score))}
    for ids in of_round.values():
        yield ids, sum(scores[id_] for id_ in ids)
    everything: frozenset[int] = frozenset().union(*of_round.values())
    sums = select(func.sum(PeriodTotal.n), func.sum(PeriodTotal.total)).where(PeriodTotal.measure == OVERALL)
    n, total = session.execute(sums).one()
    assert (n or 0) == len(everything), "a total counts what is shown itself, and nothing else"
    if everything:
        yield everything, int(total)


def undone(found: Sequence[Figure]) -> list[frozenset[int]]:
    """Groups that are too small, computed by adding and subtracting up to four of the figures, each way."""
    known = list(dict.fromkeys(found))
    small = []
    for many in range(1, 5):
        for chosen in combinations(known, many):
            for signs in product((1, -1), repeat=many):
                net: Counter[int] = Counter()
                for sign, (ids, _) in zip(signs, chosen, strict=True):
                    for id_ in ids:
                        net[id_] += sign
                about = frozenset(id_ for id_, times in net.items() if times)
                if 0 < len(about) < SCORES_FROM:
                    small.append(about)
    return small


@pytest.mark.parametrize("how", UNKNOWN)
def test_no_sum_or_difference_of_readings_is_about_fewer_than_five(
    session: Session, cast: Cast, how: Confidentiality
) -> None:
    """Groups of every size in one unit and month, read after every answer, after each closing, a withdrawal, a leaving
    and a forgetting."""
    seen: list[Figure] = []
    opened = [NOW - timedelta(days=40 * step) for step in range(6, 0, -1)]
    rounds = [group(session, cast, 0 if at else 11, how, at=day, instrument=PULSE) for at, day in enumerate(opened)]
    for many, one in zip(SIZES, rounds, strict=True):
        for at, said in enumerate(things_to_say(many)):
            answer(session, one, at, said, one.round.opened_at + timedelta(hours=at))
            seen += figures(session, cast)
        confidentiality.reveal_closed(session, now=one.round.closes_at)
        session.flush()
        session.expire_all()
        seen += figures(session, cast)
    gone = rounds[-1].people[0]
    people.close_account(session, person=gone, on=NOW.date(), now=NOW)
    session.flush()
    seen += figures(session, cast)
    by = policy.actor_for(session, cast.administrator, NOW.date())
    forgetting.forget(session, by=by, person=gone, typed=gone.name, answers_too=True, now=NOW)
    session.expire_all()
    seen += figures(session, cast)
    assert {len(ids) for ids, _ in seen} >= {5, 6, 9, 10, 11}
    assert undone(seen) == []


def test_the_attack_finds_what_is_to_be_found() -> None:
    """It would notice: five, then six of the same."""
    five, six = frozenset(range(5)), frozenset(range(6))
    assert undone([(five, 20), (six, 25)]) == [six - five] * 2


def test_a_weight_or_question_that_few_answered_is_in_no_total(session: Session, cast: Cast) -> None:
    one = group(session, cast, 8, ANONYMOUS)
    for at, said in enumerate(things_to_say(8)):
        answer(session, one, at, Said(said.score, "", said.understands if at < 4 else None))
    confidentiality.reveal_closed(session, now=NOW + LATER)
    measures = set(session.scalars(select(PeriodTotal.measure)))
    assert measures == {OVERALL}
    assert question_sets.current(session, instrument=Instrument.SURVEY, now=NOW) is not None
    assert session.scalar(select(func.count(Invitation.id)).where(Invitation.round_id == one.round.id)) == 9
