"""The same need is found in other words, on both databases; what is typed is never more than words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from crm import schema
from crm.db import Database
from crm.errors import Forbidden
from crm.policy import Actor
from crm.services import similar
from crm.services.telling_words import telling
from models import BusinessUnit, Request, RequestState
from tests.cast import Cast, assemble

TODAY = date(2026, 11, 20)
HOSTILE = (
    "",
    "   ",
    '"',
    "'",
    "invoices' | 'x':* --",
    'report" OR "x',
    "report AND NOT (invoices) NEAR/2 title:x ^ * + -",
    "a & b | !c <-> d :* \\",
    "🧾📈",
    "發票報告",
    "نحتاج تقرير",
    "x" * 10_000,
    "report " * 2_000,
    "re\x00port",
    "\ud800 report",
    "%_%",
    "ﬁ ² ½ İ ß Ⅷ",
    "e\u0301\u0301\u0301",
)


def asked(
    session: Session, unit: BusinessUnit, title: str, need: str = "On time", *, days_ago: int = 30, **more: Any
) -> Request:
    request = Request(
        unit_id=unit.id, title=title, business_need=need, logged_on=TODAY - timedelta(days=days_ago), **more
    )
    session.add(request)
    session.flush()
    return request


def titles(found: Sequence[similar.Similar]) -> list[str]:
    return [one.title for one in found]


@pytest.fixture
def rep(session: Session, cast: Cast) -> Actor:
    return cast.actor(session, cast.rep, TODAY)


def test_the_same_need_is_found_in_other_forms_of_its_words(session: Session, cast: Cast, rep: Actor) -> None:
    asked(session, cast.legal, "Reporting on supplier invoices", "Auditors find mistakes. Invoices are copied by hand.")
    asked(session, cast.legal, "A coffee machine")
    found = similar.to(session, by=rep, text="We need a report about the invoice of each supplier")
    assert titles(found) == ["Reporting on supplier invoices"]
    assert (found[0].unit_name, found[0].state) == ("Legal", RequestState.LOGGED)
    assert found[0].snippet == "Invoices are copied by hand."


def test_german_forms_and_marks_do_not_matter(session: Session, cast: Cast, rep: Actor) -> None:
    asked(session, cast.legal, "Auswertungen für Überstunden")
    for typed in ("Wir brauchen eine Auswertung der Uberstunden", "auswertung (überstunde)", "ÜBERSTUNDEN"):
        assert titles(similar.to(session, by=rep, text=typed)) == ["Auswertungen für Überstunden"]
    assert similar.to(session, by=rep, text="Wir brauchen Unterstützung") == []


def test_what_shares_more_words_comes_first_and_the_title_weighs_more(session: Session, cast: Cast, rep: Actor) -> None:
    asked(session, cast.legal, "Phones", "The order book is missing on phones")
    asked(session, cast.legal, "Order book on phones", "For the shop floor")
    asked(session, cast.legal, "The order book", "For visitors")
    found = similar.to(session, by=rep, text="order book phones")
    assert titles(found) == ["Order book on phones", "Phones", "The order book"]


def test_one_shared_word_of_many_is_chance(session: Session, cast: Cast, rep: Actor) -> None:
    asked(session, cast.legal, "A monthly lunch", "To meet each other")
    assert similar.to(session, by=rep, text="Monthly report on machine downtime in Porto") == []
    assert similar.to(session, by=rep, text="We would like to have this and that for the work") == []


def test_what_was_settled_more_than_a_year_ago_is_not_shown(session: Session, cast: Cast, rep: Actor) -> None:
    now = datetime(2026, 11, 20, 9, tzinfo=UTC)
    done: dict[str, Any] = {"state": RequestState.CONFIRMED, "days_ago": 900}
    asked(session, cast.legal, "Order book, long ago", decided_at=now - timedelta(days=380), **done)
    asked(session, cast.legal, "Order book, lately", decided_at=now - timedelta(days=300), **done)
    asked(session, cast.legal, "Order book, open for years", days_ago=900)
    found = similar.to(session, by=rep, text="order book")
    assert sorted(titles(found)) == ["Order book, lately", "Order book, open for years"]


def test_a_unit_or_a_request_can_be_left_out(session: Session, cast: Cast, rep: Actor) -> None:
    ours = asked(session, cast.finance, "Order book in Finance")
    theirs = asked(session, cast.legal, "Order book in Legal")
    assert titles(similar.to(session, by=rep, text="order book", beyond=cast.finance.id)) == [theirs.title]
    assert titles(similar.to(session, by=rep, text="order book", but=theirs.id)) == [ours.title]
    assert len(similar.to(session, by=rep, text="order book", limit=1)) == 1


def test_a_business_user_is_shown_the_own_units_requests_only(session: Session, cast: Cast) -> None:
    asked(session, cast.finance, "Order book in Finance")
    asked(session, cast.legal, "Order book in Legal")
    for person, seen in ((cast.head, "Finance"), (cast.key_user, "Finance"), (cast.outsider, "Legal")):
        found = similar.to(session, by=cast.actor(session, person, TODAY), text="order book")
        assert titles(found) == [f"Order book in {seen}"]


@pytest.mark.parametrize("typed", HOSTILE, ids=lambda typed: ascii(typed)[:20])
def test_whatever_is_typed_is_words(session: Session, cast: Cast, rep: Actor, typed: str) -> None:
    asked(session, cast.legal, "A coffee machine")
    assert similar.to(session, by=rep, text=typed) == []
    if "\x00" not in typed and "\ud800" not in typed:
        held = session.scalars(select(Request.title).join(Request.unit).where(similar.matching(session, typed)))
        assert list(held) == (["A coffee machine"] if not typed else [])


def holding(session: Session, typed: str) -> list[str]:
    found = select(Request.title).join(Request.unit).where(similar.matching(session, typed))
    return sorted(session.scalars(found))


def test_a_search_wants_every_word_and_knows_the_unit(session: Session, cast: Cast) -> None:
    asked(session, cast.legal, "Signed contracts", "Abroad they wait")
    asked(session, cast.finance, "Contracts of suppliers: C# and 50 %")
    assert holding(session, "contract sign") == ["Signed contracts"]
    assert holding(session, "CONTRACT") == ["Contracts of suppliers: C# and 50 %", "Signed contracts"]
    assert holding(session, "contract abroad nowhere") == []
    assert holding(session, "legal") == ["Signed contracts"]
    assert holding(session, "%") == ["Contracts of suppliers: C# and 50 %"]


def test_the_index_knows_what_changed_and_what_is_gone(session: Session, cast: Cast) -> None:
    request = asked(session, cast.legal, "Order book")
    request.title = "Phone list"
    session.flush()
    assert (holding(session, "order"), holding(session, "phone")) == ([], ["Phone list"])
    session.delete(request)
    session.flush()
    assert holding(session, "phone") == []


def test_the_index_outlives_a_table_that_is_made_anew(own_database: Database) -> None:
    """As later migrations do on SQLite: the triggers go with the old table, and the house makes them again."""
    with own_database.session(writes=True) as session:
        cast = assemble(session)
        asked(session, cast.legal, "Order book")
        for name in ("added", "gone", "changed") if own_database.is_sqlite else ():
            session.execute(text(f"DROP TRIGGER request_words_{name}"))
        asked(session, cast.legal, "Phone list")
        session.commit()
    schema.upgrade(own_database.engine)
    with own_database.session(writes=True) as session:
        asked(session, session.scalars(select(BusinessUnit).limit(1)).one(), "Shift plan")
        assert [holding(session, word) for word in ("book", "phone", "shift")] == [
            ["Order book"],
            ["Phone list"],
            ["Shift plan"],
        ]


def test_telling_words_leave_out_what_every_text_holds() -> None:
    assert telling("We would need a report about the reports, please") == ["report"]
    assert telling("Wir brauchen bitte Auswertungen für die Lieferscheine") == ["auswert", "lieferschein"]
    assert len(telling(" ".join(f"word{number}" for number in range(50)))) == 12


def test_nobody_without_a_right_to_requests_is_told(session: Session, cast: Cast) -> None:
    with pytest.raises(Forbidden):
        similar.to(session, by=cast.actor(session, cast.administrator, TODAY), text="order book")
