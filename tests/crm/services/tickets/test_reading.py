"""How a service desk's file is read: days, states, columns, private notes, rows that cannot be."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crm.errors import Invalid
from crm.services.organisation_import.reading import read
from crm.services.tickets import dates, kinds, standings
from crm.services.tickets.choices import Choices, first_choices, guessed_columns
from crm.services.tickets.dates import DateForm, NoDate
from crm.services.tickets.folding import Folded, fold
from crm.services.tickets.reading import read_rows
from crm.services.tickets.standings import Standing
from models.request import RequestKind

DAY, MONTH, ISO = DateForm.DAY_FIRST, DateForm.MONTH_FIRST, DateForm.ISO


@pytest.mark.parametrize(
    ("text", "form", "zone", "is_"),
    [
        ("3/4/2016 10:00", DAY, "UTC", datetime(2016, 4, 3, 10, tzinfo=UTC)),
        ("3/4/2016 10:00", MONTH, "UTC", datetime(2016, 3, 4, 10, tzinfo=UTC)),
        ("03.04.2016", DAY, "UTC", datetime(2016, 4, 3, tzinfo=UTC)),
        ("3/4/16 1:05 PM", MONTH, "UTC", datetime(2016, 3, 4, 13, 5, tzinfo=UTC)),
        ("12/Mar/24 12:41 AM", DAY, "UTC", datetime(2024, 3, 12, 0, 41, tzinfo=UTC)),
        ("2016-04-03T10:00:00", DAY, "Europe/Lisbon", datetime(2016, 4, 3, 9, tzinfo=UTC)),
        ("2016-04-03 10:00:00+02:00", ISO, "Europe/Lisbon", datetime(2016, 4, 3, 8, tzinfo=UTC)),
        ("2022-01-02T11:12:51.000+0000", ISO, "Asia/Tokyo", datetime(2022, 1, 2, 11, 12, 51, tzinfo=UTC)),
        ("2016-04-03T10:00Z", MONTH, "Asia/Tokyo", datetime(2016, 4, 3, 10, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_in_its_form_and_on_its_clock(text: str, form: DateForm, zone: str, is_: datetime) -> None:
    assert dates.instant(text, form, zone) == is_


@pytest.mark.parametrize("text", ["29/2/2015", "soon", "31/4/2016 10:00", "1/1/2016 25:00", "13:00", "0/0/2016"])
def test_what_is_no_day_is_not_guessed(text: str) -> None:
    with pytest.raises(NoDate):
        dates.instant(text, DAY, "UTC")


def test_a_day_beyond_twelve_rules_out_the_other_order_and_rubbish_rules_out_none() -> None:
    assert dates.impossible({"29/2/2016", "1/3/2016", "rubbish"}) == {MONTH: "29/2/2016", ISO: "1/3/2016"}
    assert dates.guess({"29/2/2016"}) is DAY
    assert dates.guess({"9/22/2020"}) is MONTH
    assert dates.guess({"2016-02-29"}) is ISO
    assert (dates.has_no_zone("29/2/2016 10:00"), dates.has_no_zone("2016-02-29T10:00Z")) == (True, False)


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (
            "Issue key,Summary,Status,Issue Type,Reporter,Created,Resolved",
            {"number": "Issue key", "title": "Summary", "state": "Status", "kind": "Issue Type", "opened": "Created"},
        ),
        (
            "ID,Title,Entity,Status,Opening date,Last update,Category,Requester",
            {"number": "ID", "title": "Title", "unit": "Entity", "at": "Last update", "caller": "Requester"},
        ),
        (
            "Ticket ID,Subject,Requester organization,Status,Created at,Solved at",
            {"number": "Ticket ID", "title": "Subject", "unit": "Requester organization", "resolved": "Solved at"},
        ),
        (
            "issueid,id,comment_seq,utr_seq,author,created,is_private,actionbody",
            {"number": "issueid", "order": "comment_seq", "line": "utr_seq", "private": "is_private", "at": "created"},
        ),
    ],
)
def test_headings_of_known_desks_are_guessed(header: str, found: dict[str, str]) -> None:
    assert found.items() <= guessed_columns(header.split(",")).items()


def test_states_and_kinds_are_guessed_by_their_words() -> None:
    said = {"New": Standing.NEW, "Awaiting User Info": Standing.WAITING, "Closed - No Action": Standing.CLOSED}
    said |= {"Unresolved": Standing.WORKING, "Solved": Standing.RESOLVED, "-100": Standing.WORKING}
    assert standings.all_of(said, {}) == said
    assert kinds.all_of(["Complaint", "Service Request"], {"Complaint": RequestKind.QUESTION}) == {
        "Complaint": RequestKind.QUESTION,
        "Service Request": RequestKind.STANDARD,
    }


def folded(text: str, **said: object) -> list[Folded]:
    found = read(text.encode(), "t.csv")
    chosen = first_choices(found, Choices(**said), is_known=False)  # type: ignore[arg-type]
    return fold(read_rows(found, chosen)[0], chosen)


CONVERSATION = """issueid,comment_seq,utr_seq,author,created,is_private,actionbody
7.0,1,1,bo,2022-01-02 11:13:02+00:00,0.0,all of us.
7.0,0,0,desk,2022-01-02 11:12:51+00:00,1.0,they never pay
7.0,1,0,bo,2022-01-02 11:13:02+00:00,0.0,good morning to
"""


def test_lines_of_one_comment_are_joined_in_order_and_a_private_one_is_nowhere_else() -> None:
    (ticket,) = folded(CONVERSATION)
    assert [(one.words, one.is_private) for one in ticket.events] == [
        ("they never pay", True),
        ("good morning to\nall of us.", False),
    ]
    assert (ticket.number, ticket.texts["title"]) == ("7", "good morning to all of us.")


def test_no_title_is_made_of_private_words() -> None:
    only_private = "".join(line for line in CONVERSATION.splitlines(keepends=True) if ",0.0," not in line)
    assert folded(only_private)[0].texts["title"] == ""
    as_title = {**guessed_columns(CONVERSATION.splitlines()[0].split(",")), "title": "actionbody"}
    found = read(CONVERSATION.encode(), "t.csv")
    chosen = Choices(columns=as_title, form=ISO)
    assert "pay" not in fold(read_rows(found, chosen)[0], chosen)[0].texts["title"]


@pytest.mark.parametrize(
    ("flag", "is_private"), [("1", True), ("1.0", True), ("TRUE", True), ("?", True), ("maybe", True), ("no", False)]
)
def test_in_doubt_a_note_is_private(flag: str, is_private: bool) -> None:
    (ticket,) = folded(f"number,comments,is_private\n1,hello,{flag}\n")
    assert ticket.events[0].is_private is is_private


def test_where_no_column_tells_what_was_said_is_for_it_alone_until_somebody_says_otherwise() -> None:
    text = "number,comments\n1,hello\n"
    assert folded(text)[0].events[0].is_private
    assert not folded(text, is_shared=True)[0].events[0].is_private
    public = "number,comments,public\n1,hello,true\n1,psst,false\n"
    assert {one.words: one.is_private for one in folded(public)[0].events} == {"hello": False, "psst": True}


def test_a_row_that_cannot_be_read_is_told_by_line_and_the_others_are_taken() -> None:
    found = read(b"number,state,opened\n1,New,29/2/2016\n,New,1/3/2016\n3,New,soon\n4,New\n5,?,?\n", "t.csv")
    chosen = first_choices(found, Choices(), is_known=False)
    sayings, refused = read_rows(found, chosen)
    assert [one.number for one in sayings] == ["1", "5"]
    assert {one.line: one.reason for one in refused if one.line != 5} == {
        3: "It has no ticket number.",
        4: "“soon”, when it was opened, is no d/m/Y date.",
    }
    assert {one.line for one in refused} == {3, 4, 5}


def test_a_column_that_is_not_there_is_asked_for() -> None:
    found = read(b"a,b\n1,2\n", "t.csv")
    with pytest.raises(Invalid, match="ticket’s number"):
        read_rows(found, Choices())
    with pytest.raises(Invalid, match="no column “c”"):
        read_rows(found, Choices(columns={"number": "c"}))
