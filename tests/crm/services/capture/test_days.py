"""Days in words, said on Tuesday 10 November 2026: told where they can mean one day, asked where two."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.services.capture.days import read_day
from crm.services.capture.found import FoundAction
from tests.crm.services.capture.notes import ON, answer, asked, find, labels

FRIDAY = date(2026, 11, 13)
SATURDAY = date(2026, 11, 14)


def day(year: int, month: int, day: int) -> date:
    return date(year, month, day)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("today", ON),
        ("end of day", ON),
        ("tomorrow", day(2026, 11, 11)),
        ("the day after tomorrow", day(2026, 11, 12)),
        ("Friday", FRIDAY),
        ("FRIDAY.", FRIDAY),
        ("fri", FRIDAY),
        ("this Friday", FRIDAY),
        ("Friday noon", FRIDAY),
        ("Monday", day(2026, 11, 16)),
        ("next Monday", day(2026, 11, 16)),
        ("in 2 weeks", day(2026, 11, 24)),
        ("in two weeks’ time", day(2026, 11, 24)),
        ("in a fortnight", day(2026, 11, 24)),
        ("in 3 days", FRIDAY),
        ("in a month", day(2026, 12, 10)),
        ("in 3 months", day(2027, 2, 10)),
        ("in a year", day(2027, 11, 10)),
        ("end of week", FRIDAY),
        ("end of next week", day(2026, 11, 20)),
        ("end of month", day(2026, 11, 30)),
        ("the end of the month", day(2026, 11, 30)),
        ("EOM", day(2026, 11, 30)),
        ("month end", day(2026, 11, 30)),
        ("end of next month", day(2026, 12, 31)),
        ("end of quarter", day(2026, 12, 31)),
        ("end of next quarter", day(2027, 3, 31)),
        ("end of year", day(2026, 12, 31)),
        ("end of January", day(2027, 1, 31)),
        ("end of Feb 2028", day(2028, 2, 29)),
        ("31 Jan", day(2027, 1, 31)),
        ("31st of January", day(2027, 1, 31)),
        ("Jan 31st", day(2027, 1, 31)),
        ("January 31, 2028", day(2028, 1, 31)),
        ("31 January 2027", day(2027, 1, 31)),
        ("13 Nov.", FRIDAY),
        ("Fri 13 November", FRIDAY),
        ("Friday, 13 November 2026", FRIDAY),
        ("10 November", ON),
        ("the 20th", day(2026, 11, 20)),
        ("the 5th", day(2026, 12, 5)),
        ("2026-12-01", day(2026, 12, 1)),
        ("2026/12/1", day(2026, 12, 1)),
        ("13/2", day(2027, 2, 13)),
        ("2/13", day(2027, 2, 13)),
        ("12/12", day(2026, 12, 12)),
        ("13/2/2027", day(2027, 2, 13)),
        ("13.2.2027", day(2027, 2, 13)),
        ("1.2.2027", day(2027, 2, 1)),
        ("13/2/27", day(2027, 2, 13)),
        ("３１　Ｊａｎ", day(2027, 1, 31)),
    ],
)
def test_a_day_that_can_only_be_one(said: str, expected: date) -> None:
    found = find(f"- [ ] call them by {said}")
    assert isinstance(found, FoundAction)
    assert (found.text, found.due_on, found.questions) == ("call them", expected, ())


@pytest.mark.parametrize(
    ("said", "on", "days"),
    [
        ("Friday", FRIDAY, ["Fri 13 November", "Fri 20 November"]),
        ("this Friday", FRIDAY, ["Fri 13 November", "Fri 20 November"]),
        ("next Friday", ON, ["Fri 13 November", "Fri 20 November"]),
        ("this Monday", ON, ["Mon 16 November"]),
        ("12/11", ON, ["Thu 12 November", "Fri 11 December"]),
        ("1/2", ON, ["Sat 2 January 2027", "Mon 1 February 2027"]),
        ("12/11/2026", ON, ["Thu 12 November", "Fri 11 December"]),
        ("13.2", ON, ["Sat 13 February 2027"]),
        ("12 October", ON, ["Tue 12 October 2027"]),
        ("2026-01-05", ON, ["Tue 5 January 2027"]),
        ("5 January 2026", ON, ["Tue 5 January 2027"]),
        ("9 November", ON, ["Tue 9 November 2027"]),
        ("yesterday", ON, ["Tue 9 November 2027"]),
        ("Thursday 13 November", ON, ["Fri 13 November", "Thu 19 November"]),
        ("29 February", ON, ["Tue 29 February 2028"]),
        ("31 February", ON, []),
        ("31/31", ON, []),
        ("2026-13-45", ON, []),
        ("the 31st", ON, ["Mon 30 November", "Thu 31 December"]),
        ("March", ON, ["Mon 1 March 2027", "Wed 31 March 2027"]),
        ("next month", ON, ["Tue 1 December", "Thu 31 December"]),
        ("next week", ON, ["Mon 16 November", "Fri 20 November"]),
        ("end of week", FRIDAY, ["Fri 13 November", "Fri 20 November"]),
        ("in 3 working days", ON, ["Fri 13 November"]),
        ("Fridya", ON, ["Fri 13 November"]),
        ("tomorow", ON, ["Wed 11 November"]),
        ("31 Januray", ON, ["Sun 31 January 2027"]),
    ],
)
def test_a_day_that_is_asked_about(said: str, on: date, days: list[str]) -> None:
    found = find(f"- [ ] call them by {said}", on=on)
    assert isinstance(found, FoundAction)
    assert (found.text, found.due_on) == (f"call them by {said}", None)
    assert labels(found, "due") == [*days, "No date yet"]


@pytest.mark.parametrize(
    ("said", "ask"),
    [
        ("12/11", "Which day is 12/11?"),
        ("next Friday", "Which day is next Friday?"),
        ("5 January 2026", "5 January is before the meeting. Which day?"),
        ("31 Feb", "There is no such day as 31 Feb. Which day?"),
    ],
)
def test_the_question_says_what_is_not_clear(said: str, ask: str) -> None:
    assert asked(find(f"- [ ] call them by {said}")) == {"due": ask}


def test_each_choice_answers_the_question() -> None:
    found = find("- [ ] call them by 12/11 @olu")
    told = answer(found, "due", "Fri 11 December")
    assert isinstance(told, FoundAction)
    assert (told.text, told.due_on, told.questions) == ("call them", day(2026, 12, 11), ())
    open_ = answer(found, "due", "No date yet")
    assert isinstance(open_, FoundAction)
    assert (open_.text, open_.due_on, open_.questions) == ("call them by 12/11", None, ())


@pytest.mark.parametrize(
    "text",
    ["call them by Friday @olu", "call them @olu by Friday.", "call them @olu, BY  Friday", "call them @olu in 3 days"],
)
def test_person_and_day_stand_in_either_order(text: str) -> None:
    found = find(f"- [ ] {text}")
    assert isinstance(found, FoundAction)
    assert (found.text, found.due_on) == ("call them", FRIDAY)
    assert found.owner_id is not None


@pytest.mark.parametrize(
    "text",
    ["send it by courier", "cut it by 5", "cut it by 5%", "stand by", "sign it by Marco", "in time", "win by match"],
)
def test_not_every_by_leads_to_a_day(text: str) -> None:
    found = find(f"- [ ] {text}")
    assert isinstance(found, FoundAction)
    assert (found.text, found.due_on, found.questions) == (text, None, ())


def test_a_day_within_the_words_is_asked_about() -> None:
    found = find("- [ ] by Friday call the vendor")
    assert isinstance(found, FoundAction)
    assert asked(found) == {"due": "By when?"}
    told = answer(found, "due", "Fri 13 November")
    assert isinstance(told, FoundAction)
    assert (told.text, told.due_on, told.questions) == ("by Friday call the vendor", FRIDAY, ())


def test_what_is_done_is_not_asked_about_days_gone_by() -> None:
    found = find("- [x] sent the logs by 1 November")
    assert isinstance(found, FoundAction)
    assert (found.text, found.due_on, found.questions) == ("sent the logs by 1 November", None, ())


@given(st.text(max_size=45), st.dates())
def test_no_phrase_on_no_day_breaks_the_reading(phrase: str, on: date) -> None:
    read_day(phrase, on)


PARTS = (
    "next this end of in a 2 12 31 999 1/2 31/12 29 feb february march friday fri week month quarter year working days "
    "weeks 0001-01-01 9999-12-31 2026 9999 5th today yesterday"
)


@given(st.lists(st.sampled_from(PARTS.split()), max_size=4), st.dates())
def test_a_day_that_is_sure_is_never_before_the_meeting(parts: list[str], on: date) -> None:
    said = read_day(" ".join(parts), on)
    assert said is None or all(day >= on for day in said.days)
