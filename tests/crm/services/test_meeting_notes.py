"""Notes and fields together: each thing once, nothing guessed, nothing lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from crm.errors import Invalid
from crm.services import meeting_notes
from crm.services.attendees import Candidate
from crm.services.meeting_notes import Gathered, replaced
from crm.services.new_meetings import NewAction, NewDecision, NewMeeting, NewPraise, NewRequest
from models import MeetingKind, Part, Person

ON = date(2026, 11, 10)
PEOPLE = ((1, "Ines Carvalho"), (2, "Olu Adeyemi"), (3, "Mara Klein"), (4, "Marek Nowak"))


def candidates() -> list[Candidate]:
    people = [Person(id=id_, name=name, job_title="") for id_, name in PEOPLE]
    return [Candidate(person, Part.MEMBER, None, None, False, True) for person in people]


def gather(minutes: str, *, as_it_stands: tuple[str, ...] = (), **fields: object) -> Gathered:
    told = replace(NewMeeting(kind=MeetingKind.TOUCHPOINT, held_on=ON), minutes=minutes, **fields)  # type: ignore[arg-type]
    return meeting_notes.gather(told, candidates=candidates(), me=1, as_it_stands=as_it_stands)


def test_marks_become_what_is_kept() -> None:
    found = gather(
        "We talked.\n- [ ] send the logs @olu by 13 Nov\n- [x] call them @me\n! checks -- need: sleep\n"
        "> decision: wait\n+ Mara: thanks for the list"
    )
    assert found.new.actions == [
        NewAction("send the logs", 2, date(2026, 11, 13)),
        NewAction("call them", 1, None, done=True),
    ]
    assert found.new.requests == [NewRequest("checks", "sleep")]
    assert found.new.decisions == [NewDecision("wait")]
    assert found.new.praises == [NewPraise("thanks for the list", 3)]
    assert found.lines_of_prose == 1
    assert found.asked == []


def test_what_is_not_clear_is_asked_first_and_not_among_what_is_kept() -> None:
    found = gather("- [ ] send the logs @olu\n- [ ] pick a tester @mar\n! a dashboard")
    assert [thing.text for thing in found.asked] == ["pick a tester @mar", "a dashboard"]
    assert found.new.actions == [NewAction("send the logs", 2)]
    assert found.new.requests == []
    assert [thing.text for thing in found.things][2:] == ["send the logs"]


def test_left_as_it_stands_the_owner_stays_open_and_it_says_so() -> None:
    found = gather("- [ ] pick a tester @mar by Monday", as_it_stands=("- [ ] pick a tester @mar by Monday",))
    assert found.asked == []
    assert [(told.owner_id, told.due_on) for told in found.new.actions] == [(None, date(2026, 11, 16))]
    assert found.things[0].is_as_it_stands


def test_a_request_without_its_need_stays_in_the_notes_only() -> None:
    found = gather("! a dashboard", as_it_stands=("! a dashboard",))
    assert found.asked == []
    assert found.new.requests == []
    assert [thing.is_kept for thing in found.things] == [False]


def test_what_stands_in_notes_and_in_fields_is_kept_once_with_what_both_say() -> None:
    found = gather(
        "- [ ] Send the logs by 13 Nov\n! Checks -- need: sleep\n> decision: wait\n+ Mara: thanks\n- [ ] send the logs",
        actions=[NewAction("send the logs", 2)],
        requests=[NewRequest("checks", "sleep", 3)],
        decisions=[NewDecision("Wait", date(2027, 1, 1))],
        praises=[NewPraise("thanks", None)],
    )
    assert found.new.actions == [NewAction("send the logs", 2, date(2026, 11, 13))]
    assert found.new.requests == [NewRequest("checks", "sleep", 3)]
    assert found.new.decisions == [NewDecision("Wait", date(2027, 1, 1))]
    assert found.new.praises == [NewPraise("thanks", 3)]
    assert len(found.things) == 4


def test_the_same_words_for_two_people_are_two_things() -> None:
    assert len(gather("- [ ] send the figures @olu\n- [ ] send the figures @mara").new.actions) == 2


def test_blank_rows_keep_their_places_so_that_mistakes_find_them() -> None:
    found = gather("- [ ] think", actions=[NewAction(), NewAction("send")])
    assert found.new.actions == [NewAction(), NewAction("send"), NewAction("think")]
    beside_the_row = Invalid("actions-1-text", "Hm.")
    assert found.in_notes(beside_the_row) is beside_the_row
    moved = found.in_notes(Invalid("actions-2-owner_id", "Hm."))
    assert (moved.field, str(moved)) == ("minutes", "“think”: Hm.")


def test_the_line_meant_is_replaced_also_after_it_moved() -> None:
    assert replaced("a\nb\nc", 2, "b", "B") == "a\nB\nc"
    assert replaced("new\na\nb", 1, "b", "B") == "new\na\nB"
    assert replaced("b\nx\nb", 3, "b", "B") == "b\nx\nB"
    assert replaced("b\nx\nb", 1, "b", "B") == "B\nx\nb"
    assert replaced("a\n- [ ] one\n  two\nb", 2, "- [ ] one\n  two", "- [ ] one two") == "a\n- [ ] one two\nb"
    assert replaced("a\nb", 1, "gone", "B") == "a\nb"


@given(st.text(max_size=300), st.lists(st.text(max_size=20), max_size=3))
def test_whatever_is_typed_the_notes_stay_as_they_are(notes: str, stands: list[str]) -> None:
    found = gather(notes, as_it_stands=tuple(stands))
    assert found.captured.text == notes
    assert found.new.minutes == notes


MARKED = st.lists(
    st.sampled_from(
        [
            "- [ ] send the logs @olu",
            "- [ ] pick @mar by Monday",
            "- [ ] do",
            "! a dashboard",
            "! checks -- need: sleep",
            "> decision: wait",
            "+ Mara: thanks",
            "+ mar: thanks",
            "talk",
            "",
        ]
    ),
    max_size=12,
)


@given(MARKED)
def test_answering_every_question_with_any_choice_ends_with_none(lines: list[str]) -> None:
    notes = "\n".join(lines)
    for _ in range(60):
        found = gather(notes)
        open_ = [(thing, asked) for thing in found.asked for asked in thing.questions]
        if not open_:
            return
        thing, asked = open_[0]
        assert thing.line is not None
        answer = asked.choices[0].replacement if asked.choices else f"{thing.line.raw} -- need: to know"
        notes = replaced(notes, thing.line.number, thing.line.raw, answer)
    raise AssertionError(f"questions without end: {notes}")


@given(MARKED)
def test_each_thing_is_kept_once(lines: list[str]) -> None:
    found = gather("\n".join([*lines, *lines]))
    for kind in ("actions", "requests", "decisions", "praises"):
        told = getattr(found.new, kind)
        assert len(told) == len(set(told))
