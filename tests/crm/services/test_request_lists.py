"""Which requests a list shows, in what order, and how they are counted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from crm.errors import Forbidden
from crm.services import request_board, request_groups, request_lists, stretches
from crm.services.request_groups import By
from crm.services.request_lists import Wanted
from models import Origin, Request, RequestKind, RequestState, RequestTheme
from models.request import UNDECIDED
from tests.cast import Cast
from tests.november import TODAY, acting

YESTERDAY = TODAY - timedelta(days=1)


def wish(session: Session, cast: Cast, title: str, **columns: Any) -> Request:
    told = {"unit_id": cast.finance.id, "business_need": "To see spend in time", "logged_on": TODAY, **columns}
    request = Request(title=title, **told)
    session.add(request)
    session.flush()
    return request


def titles(session: Session, cast: Cast, name: str = "rep", **wanted: Any) -> list[str]:
    page = request_lists.listed(session, by=acting(session, getattr(cast, name)), wanted=Wanted(**wanted))
    return [request.title for request in page.rows]


def test_a_list_holds_only_visible_units(session: Session, cast: Cast) -> None:
    wish(session, cast, "Ours")
    for name in ("rep", "colleague", "head", "cio"):
        assert titles(session, cast, name) == ["Ours"]
    assert titles(session, cast, "outsider", unit_id=cast.finance.id) == []
    with pytest.raises(Forbidden):
        titles(session, cast, "administrator")


def test_each_filter_leaves_out_what_it_says(session: Session, cast: Cast) -> None:
    theme = RequestTheme(name="Reporting")
    session.add(theme)
    session.flush()
    wish(session, cast, "Plain")
    wish(session, cast, "Late", due_on=YESTERDAY, owner_id=cast.rep.id)
    wish(session, cast, "Legal’s", unit_id=cast.legal.id, theme_id=theme.id, logged_on=date(2025, 1, 2))
    wish(session, cast, "Bad", kind=RequestKind.COMPLAINT, state=RequestState.ACCEPTED)
    wish(session, cast, "Offer", origin=Origin.OFFERED, state=RequestState.DELIVERED, due_on=YESTERDAY)
    wish(session, cast, "Over", state=RequestState.CONFIRMED, due_on=YESTERDAY)

    def shown(**wanted: Any) -> set[str]:
        return set(titles(session, cast, **wanted))

    assert shown(states=UNDECIDED) == {"Plain", "Late", "Legal’s"}
    assert shown(kinds=(RequestKind.COMPLAINT,)) == {"Bad"}
    assert shown(origin=Origin.OFFERED) == {"Offer"}
    assert shown(unit_id=cast.legal.id) == shown(theme_id=theme.id) == shown(rep_id=cast.colleague.id) == {"Legal’s"}
    assert "Legal’s" not in shown(covered=True)
    assert shown(owner_id=cast.rep.id) == {"Late"}
    assert "Late" not in shown(has_no_owner=True)
    assert shown(is_late=True) == {"Late", "Offer"}
    assert shown(text="legal") == {"Legal’s"}
    assert shown(stretch=stretches.year(2025)) == {"Legal’s"}


def test_what_waits_comes_oldest_first_and_all_else_newest_first(session: Session, cast: Cast) -> None:
    wish(session, cast, "New", due_on=YESTERDAY)
    wish(session, cast, "Old", logged_on=YESTERDAY, due_on=YESTERDAY - timedelta(days=1))
    wish(session, cast, "Newer", due_on=YESTERDAY)
    assert titles(session, cast, states=UNDECIDED) == ["Old", "New", "Newer"]
    assert titles(session, cast) == ["Newer", "New", "Old"]
    assert titles(session, cast, is_late=True) == ["Old", "New", "Newer"]


def test_pages_follow_one_another(session: Session, cast: Cast) -> None:
    for number in range(5):
        wish(session, cast, f"{number}")
    by = acting(session, cast.rep)
    pages = [request_lists.listed(session, by=by, wanted=Wanted(), number=number, size=2) for number in (1, 2, 3)]
    assert [[one.title for one in page.rows] for page in pages] == [["4", "3"], ["2", "1"], ["0"]]
    assert [page.has_next for page in pages] == [True, True, False]
    assert request_lists.count(session, by=by, wanted=Wanted()) == 5


def test_groups_count_what_is_shown(session: Session, cast: Cast) -> None:
    wish(session, cast, "One", due_on=YESTERDAY)
    wish(session, cast, "Two", state=RequestState.ACCEPTED, logged_on=YESTERDAY)
    wish(session, cast, "Three", unit_id=cast.legal.id)
    wish(session, cast, "Four", unit_id=cast.corporate.id)
    wish(session, cast, "Five", unit_id=cast.corporate.id)
    wish(session, cast, "Six", unit_id=cast.corporate.id)

    def groups(by: By, name: str = "rep", **wanted: Any) -> list[tuple[Any, ...]]:
        actor = acting(session, getattr(cast, name))
        found = request_groups.of(session, by=actor, wanted=Wanted(**wanted), group=by)
        return [(one.name, one.count, one.late, one.oldest) for one in found]

    assert groups(By.UNIT) == [
        ("Corporate services", 3, 0, TODAY),
        ("Finance", 2, 1, YESTERDAY),
        ("Legal", 1, 0, TODAY),
    ]
    assert groups(By.REP) == [("", 3, 0, TODAY), ("Ines Carvalho", 2, 1, YESTERDAY), ("Tom Okafor", 1, 0, TODAY)]
    assert groups(By.STATE) == [("logged", 5, 1, TODAY), ("accepted", 1, 0, YESTERDAY)]
    assert groups(By.UNIT, name="head") == [("Finance", 2, 1, YESTERDAY)]
    assert groups(By.UNIT, states=(RequestState.ACCEPTED,)) == [("Finance", 1, 0, YESTERDAY)]


def test_the_board_shows_the_soonest_due_and_counts_all(session: Session, cast: Cast) -> None:
    for number in range(request_board.SHOWN):
        wish(session, cast, f"{number}", due_on=TODAY)
    wish(session, cast, "never due", logged_on=YESTERDAY)
    wish(session, cast, "late", due_on=YESTERDAY)
    wish(session, cast, "over", state=RequestState.CONFIRMED)
    wish(session, cast, "not mine", unit_id=cast.legal.id)
    columns = request_board.of(session, by=acting(session, cast.rep), wanted=Wanted(covered=True))
    first, last = columns[0], columns[-1]
    assert (first.state, first.count, len(first.cards)) == (RequestState.LOGGED, 22, 20)
    assert [card.request.title for card in first.cards[:2]] == ["late", "0"]
    assert (last.state, last.count, list(last.cards)) == (RequestState.CONFIRMED, 1, [])


def test_a_card_offers_only_the_ways_of_who_looks(session: Session, cast: Cast) -> None:
    wish(session, cast, "asked back", state=RequestState.WAITING)
    wish(session, cast, "there", state=RequestState.DELIVERED)

    def ways(name: str) -> dict[str, list[str]]:
        columns = request_board.of(session, by=acting(session, getattr(cast, name)), wanted=Wanted())
        return {card.request.title: [way.to.value for way in card.ways] for column in columns for card in column.cards}

    assert ways("rep") == {"asked back": ["looking", "accepted", "declined"], "there": []}
    assert ways("head") == {"asked back": ["looking"], "there": ["confirmed", "delivering"]}
    assert ways("colleague") == {"asked back": [], "there": []}
