"""Who is meant: told by the beginning of a name, asked where several may be, never guessed."""

from __future__ import annotations

import pytest

from crm.services.capture.found import FoundAction
from tests.crm.services.capture.notes import (
    AMARA,
    INES,
    JO,
    MARA,
    OLU,
    OTHER_JO,
    SEAN,
    ZOE,
    answer,
    asked,
    find,
    labels,
)


def action(text: str) -> FoundAction:
    found = find(f"- [ ] {text}")
    assert isinstance(found, FoundAction)
    return found


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("mara", MARA),
        ("MARA", MARA),
        ("kle", MARA),
        ("mara.klein", MARA),
        ("m.klein", MARA),
        ("Mara Klein", MARA),
        ("mara klein", MARA),
        ("Mara\tKlein", MARA),
        ("amara", AMARA),
        ("ines", INES),
        ("Inés", INES),
        ("Ine\u0301s", INES),
        ("me", INES),
        ("obrien", SEAN),
        ("O'Brien", SEAN),
        ("sean.luk", SEAN),
        ("Seán O’Brien-Łuk", SEAN),
        ("zoe", ZOE),
        ("olu.", OLU),
        ("\u200folu\u200f", OLU),
        ("ｏｌｕ", OLU),
        ("jo.lindt#7", OTHER_JO),
    ],
)
def test_a_name_that_means_one_person(name: str, person: object) -> None:
    found = action(f"call the vendor @{name} by 13 Nov")
    assert (found.text, found.questions) == ("call the vendor", ())
    assert found.owner_id == getattr(person, "id", None)


@pytest.mark.parametrize(
    "text",
    [
        "call the vendor @olu",
        "call the vendor, @olu.",
        "call the vendor ＠olu",
        "@olu call the vendor",
        "@olu: call the vendor",
        "@Olu Adeyemi – call the vendor",
        "call the vendor\n  @olu",
        "@olu call the vendor @Olu Adeyemi",
    ],
)
def test_the_owner_stands_last_or_first(text: str) -> None:
    found = action(text)
    assert (found.text, found.owner_id, found.questions) == ("call the vendor", OLU.id, ())


def test_several_who_may_be_meant_are_asked_about() -> None:
    found = action("call the vendor @mar by 13 Nov")
    assert found.owner_id is None
    assert found.text == "call the vendor @mar"
    assert asked(found) == {"owner": "Who is @mar?"}
    assert labels(found, "owner") == ["Mara Klein, Controller", "Marek Nowak", "Nobody yet"]
    told = answer(found, "owner", "Mara Klein, Controller")
    assert isinstance(told, FoundAction)
    assert (told.text, told.owner_id, told.due_on) == ("call the vendor", MARA.id, found.due_on)


def test_nobody_yet_is_an_answer() -> None:
    told = answer(action("call the vendor @mar"), "owner", "Nobody yet")
    assert isinstance(told, FoundAction)
    assert (told.text, told.owner_id, told.questions) == ("call the vendor", None, ())


def test_namesakes_are_told_apart_by_number() -> None:
    found = action("call @Jo Lindt")
    assert labels(found, "owner") == ["Jo Lindt", "Jo Lindt, Buyer", "Nobody yet"]
    told = answer(found, "owner", "Jo Lindt")
    assert isinstance(told, FoundAction)
    assert told.owner_id == JO.id


def test_a_name_nobody_has_is_asked_about_with_the_nearest() -> None:
    found = action("call the vendor @adeyami")
    assert asked(found) == {"owner": "Who is @adeyami? Nobody here is called that."}
    assert labels(found, "owner")[0] == "Olu Adeyemi"
    assert labels(found, "owner")[-1] == "Nobody yet"


def test_somebody_within_the_words_is_not_taken_for_the_owner() -> None:
    found = action("ask @olu about the ledger")
    assert (found.text, found.owner_id) == ("ask @olu about the ledger", None)
    assert asked(found) == {"owner": "Who does it?"}
    told = answer(found, "owner", "Olu Adeyemi")
    assert isinstance(told, FoundAction)
    assert (told.text, told.owner_id, told.questions) == ("ask @olu about the ledger", OLU.id, ())


def test_somebody_within_the_words_is_no_question_where_the_owner_stands_at_the_end() -> None:
    found = action("ask @olu about the ledger @me")
    assert (found.text, found.owner_id, found.questions) == ("ask @olu about the ledger", INES.id, ())


@pytest.mark.parametrize(
    "text", ["call them @olu @ines", "@olu call @ines", "@olu @ines call them", "@olu call them @nobody"]
)
def test_an_action_has_one_owner(text: str) -> None:
    found = action(text)
    assert (found.text, found.owner_id) == (text, None)
    told = answer(found, "owner", "Olu Adeyemi")
    assert isinstance(told, FoundAction)
    assert (told.owner_id, told.questions) == (OLU.id, ())


def test_a_family_name_nobody_has_is_not_overlooked() -> None:
    assert asked(action("@Mara Kern calls them")) == {"owner": "Who does it?"}
    assert asked(action("call them @Mara Kern")) == {"owner": "Who does it?"}


@pytest.mark.parametrize("text", ["mail mara@example.com", "meet at @ 5", "the @@ sign"])
def test_an_at_sign_alone_names_nobody(text: str) -> None:
    assert (action(text).text, action(text).questions) == (text, ())
