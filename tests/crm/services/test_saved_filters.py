"""Filters are kept by name, for one person, and only what the list knows."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from crm.errors import Forbidden, Invalid, NotFound
from crm.policy import Actor
from crm.services import saved_filters
from tests.cast import Cast

OVERDUE = {"show": "overdue", "whose": "mine"}


@pytest.fixture
def rep(session: Session, cast: Cast) -> Actor:
    return cast.actor(session, cast.rep)


def save(session: Session, by: Actor, name: str, said: dict[str, str], list_name: str = "actions") -> None:
    saved_filters.save(session, by=by, list_name=list_name, name=name, said=said.items())


def kept(session: Session, by: Actor, list_name: str = "actions") -> list[tuple[str, str]]:
    return [(one.name, one.query) for one in saved_filters.of_list(session, by=by, list_name=list_name)]


def test_a_filter_is_kept_for_its_list_and_its_person(session: Session, cast: Cast, rep: Actor) -> None:
    save(session, rep, "Late ones", OVERDUE)
    assert kept(session, rep) == [("Late ones", "show=overdue&whose=mine")]
    assert kept(session, rep, "requests") == []
    assert kept(session, cast.actor(session, cast.colleague)) == []


def test_only_what_the_list_knows_is_kept(session: Session, rep: Actor) -> None:
    said = {
        "whose": "units",
        "page": "7",
        "back": "//evil.example",
        "_scheme": "javascript",
        "show": "",
        "unit": "3\n4",
    }
    save(session, rep, "Units", said)
    assert kept(session, rep) == [("Units", "whose=units")]


def test_a_file_is_no_filter(session: Session, rep: Actor) -> None:
    save(session, rep, "A", {"as": "csv", "text": "a"}, "units")
    save(session, rep, "B", {"as": "list"}, "units")
    assert kept(session, rep, "units") == [("A", "text=a"), ("B", "as=list")]


def test_a_name_used_again_takes_the_new_filter(session: Session, rep: Actor) -> None:
    save(session, rep, "Late ones", OVERDUE)
    save(session, rep, "late ones", {"show": "overdue"})
    assert kept(session, rep) == [("late ones", "show=overdue")]


def test_a_filter_saved_again_takes_the_new_name(session: Session, rep: Actor) -> None:
    save(session, rep, "Late ones", OVERDUE)
    save(session, rep, "Mine, late", OVERDUE)
    assert kept(session, rep) == [("Mine, late", "show=overdue&whose=mine")]


def test_fifty_are_enough(session: Session, rep: Actor) -> None:
    for number in range(saved_filters.MOST):
        save(session, rep, f"Unit {number}", {"unit": str(number)})
    with pytest.raises(Invalid, match="You keep 50 filters of this list"):
        save(session, rep, "One more", OVERDUE)
    save(session, rep, "Unit 7", OVERDUE)  # a name that is there stays possible
    assert len(kept(session, rep)) == saved_filters.MOST


@pytest.mark.parametrize(
    ("name", "said", "message"),
    [
        ("", OVERDUE, "Give it a name."),
        ("a" * 61, OVERDUE, "Keep it under 60 letters."),
        ("All", {}, "Nothing is narrowed here yet."),
        ("All", {"page": "2"}, "Nothing is narrowed here yet."),
    ],
)
def test_what_cannot_be_saved(session: Session, rep: Actor, name: str, said: dict[str, str], message: str) -> None:
    with pytest.raises(Invalid, match=message):
        save(session, rep, name, said)


def test_who_does_not_see_a_list_keeps_no_filter_of_it(session: Session, cast: Cast, rep: Actor) -> None:
    with pytest.raises(Forbidden):
        save(session, cast.actor(session, cast.head), "Low", {"only": "low"}, "ratings")
    with pytest.raises(NotFound):
        save(session, rep, "People", {"text": "a"}, "people")


def test_one_removes_only_the_own(session: Session, cast: Cast, rep: Actor) -> None:
    save(session, rep, "Late ones", OVERDUE)
    (mine,) = saved_filters.all_of(session, by=rep)
    with pytest.raises(NotFound):
        saved_filters.remove(session, by=cast.actor(session, cast.colleague), filter_id=mine.id)
    saved_filters.remove(session, by=rep, filter_id=mine.id)
    assert kept(session, rep) == []
