"""Very many requests, fast: ten years of them, most of them long settled, in words that are spread like words are."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Table, insert, text
from sqlalchemy.orm import Session

from crm import request_words
from models import Request

MANY = 200_000
DAYS = 3650
AT_ONCE = 20_000
#: Of those asked within the last year, what stands where; all before that are settled.
RECENT = ("logged", "looking", "waiting", "accepted", "delivering", "delivered", "confirmed", "declined")
SETTLED = ("confirmed",) * 7 + ("declined",) * 2 + ("delivered",)
KINDS = ("standard",) * 6 + ("non_standard",) * 2 + ("question", "complaint")
WANTS = (
    "Access to",
    "A report on",
    "An export of",
    "A shared view of",
    "Training for",
    "Zugriff auf",
    "Auswertung für",
)
THINGS = (
    "the order book", "supplier invoices", "travel expenses", "the customer register", "warehouse stock", "contracts",
    "the shift plan", "machine maintenance", "meeting rooms", "signed documents", "Rechnungen", "Lieferscheine",
    "the phone list", "project budgets", "board papers", "quality complaints", "price lists", "holiday requests",
)  # fmt: skip
NEEDS = (
    "Copying it by hand takes two days at the end of every month, and mistakes are found by the auditors.",
    "Colleagues abroad wait for an answer until somebody here is back, so customers are told late.",
    "Nobody knows which of three lists is the newest one, and the wrong one was used twice this year.",
    "Am Monatsende warten vier Leute auf Zahlen, die erst am dritten Tag da sind.",
    "New people need a week until they can work, because nobody is told that they come.",
)
#: One need in so many says one of these; all others say it in words of their own.
ALIKE = 20
SYLLABLES = ("ka", "re", "mo", "ti", "lu", "san", "vel", "dor", "pin", "gra", "hol", "zem", "qui", "far", "bel", "nox")


@dataclass(frozen=True)
class People:
    """Who asked, and who in IT sees to it: ids, taken in turn. None of either is fine."""

    requesters: Sequence[int | None] = (None,)
    owners: Sequence[int | None] = (None,)


def add_many(
    session: Session, *, unit_ids: Sequence[int], today: date, many: int = MANY, people: People | None = None
) -> None:
    """So many requests of those units in turn, the newest of today. Same words each time; half a minute for 200,000."""
    connection = session.connection()
    request_words.stop(connection)  # read at the end at once
    rows = _rows(unit_ids, today, many, people or People())
    while batch := [row for row, _ in zip(rows, range(AT_ONCE), strict=False)]:
        _write(session, batch)
    request_words.mend(connection)
    if connection.dialect.name == "postgresql":
        # What is still to be sorted in makes the index look dear, until the database gets round to it.
        session.execute(text("SELECT gin_clean_pending_list('ix_request_words')"))
    session.execute(text("ANALYZE"))


def _rows(unit_ids: Sequence[int], today: date, many: int, people: People) -> Iterator[dict[str, Any]]:
    chance = random.Random(6)
    rare = ["".join(chance.choices(SYLLABLES, k=3)) for _ in range(4000)]
    for number in range(many):
        asked = today - timedelta(days=number * DAYS // many)
        states = RECENT if asked > today - timedelta(days=300) and number % 3 == 0 else SETTLED
        yield {
            "unit_id": unit_ids[number % len(unit_ids)],
            "title": f"{chance.choice(WANTS)} {chance.choice(THINGS)} in {_rare(chance, rare)}",
            "business_need": _need(chance, rare, number),
            "requester_id": people.requesters[number % len(people.requesters)],
            "owner_id": people.owners[number % len(people.owners)],
            "origin": "offered" if number % 6 == 0 else "asked",
            "kind": chance.choice(KINDS),
            "logged_on": asked,
            **_standing(chance.choice(states), asked, today),
        }


def _need(chance: random.Random, words: Sequence[str], number: int) -> str:
    if number % ALIKE == 0:
        return chance.choice(NEEDS)
    return f"{chance.choice(THINGS)} {' '.join(_rare(chance, words) for _ in range(10))}"


def _rare(chance: random.Random, words: Sequence[str]) -> str:
    """Few words are frequent, many are rare."""
    return words[int(len(words) * chance.random() ** 3)]


def _standing(state: str, asked: date, today: date) -> dict[str, Any]:
    """Where it stands, and all that the database knows of the way there."""
    decided = _moment(asked, 20, today) if state not in RECENT[:3] else None
    delivered = _moment(asked, 60, today) if state in ("delivered", "confirmed") else None
    confirmed = _moment(asked, 65, today) if state == "confirmed" else None
    since = confirmed or delivered or decided or _moment(asked, 0, today)
    return {
        "state": state,
        "decided_at": decided,
        "delivered_at": delivered,
        "confirmed_at": confirmed,
        "stands_since": since,
        "due_on": asked + timedelta(days=14) if state in RECENT[:5] else None,
        "reason": "It saves more than it costs." if decided else "",
        "alternative": "A monthly extract" if state == "declined" and asked.day % 4 else "",
        "no_alternative": state == "declined" and not asked.day % 4,
    }


def _moment(asked: date, days: int, today: date) -> datetime:
    return datetime.combine(min(asked + timedelta(days=days), today), time(7, 30), UTC)


def _write(session: Session, rows: list[dict[str, Any]]) -> None:
    table = Request.__table__
    assert isinstance(table, Table)
    if session.get_bind().dialect.name == "sqlite":
        session.execute(insert(table), rows)
        return
    cursor = session.connection().connection.cursor()  # COPY is ten times as fast as INSERT
    names = ", ".join(rows[0])
    with cursor.copy(f"COPY request ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(list(row.values()))
