"""Which column means what: guessed when it is clear, asked when it is not."""

from __future__ import annotations

import pytest

from crm.errors import Invalid
from crm.services.organisation_import.columns import Kind, kind_of, misspelt, resolve, words

ORGANOGRAM = ("date", "id", "parentId", "level", "name", "grade", "jobTitle", "unit", "salaryCostOfReports")


@pytest.mark.parametrize("header", ["parentId", "PARENT_ID", "Parent-ID", " parent  id ", "Parent Id:"])
def test_a_header_is_known_however_it_is_spelt(header: str) -> None:
    assert words(header) == "parent id"


def test_the_columns_of_an_organogram_are_guessed_and_the_rest_is_named_as_unused() -> None:
    assert kind_of(ORGANOGRAM) is Kind.PERSONNEL
    columns, unused = resolve(ORGANOGRAM, Kind.PERSONNEL, {})
    assert columns.places == {"id": 1, "superior": 2, "unit": 7, "job_title": 6, "name": 4}
    assert unused == ["date", "level", "grade", "salaryCostOfReports"]


def test_the_columns_of_a_list_of_units_are_guessed() -> None:
    header = ("Unit name", "Code", "Parent", "Head", "Head’s e-mail", "Time zone")
    assert kind_of(header) is Kind.UNITS
    columns, unused = resolve(header, Kind.UNITS, {})
    assert columns.places == {"name": 0, "code": 1, "parent": 2, "head": 3, "head_email": 4, "time_zone": 5}
    assert unused == []


def test_a_misspelt_header_is_not_used_and_nothing_takes_its_place() -> None:
    columns, unused = resolve(("code", "name", "parnet", "haed"), Kind.UNITS, {})
    assert unused == ["parnet", "haed"]
    assert not columns.has("parent")
    with pytest.raises(Invalid) as asked:
        resolve(("id", "reprots to", "unit", "name"), Kind.PERSONNEL, {})
    assert (asked.value.field, str(asked.value)) == ("superior", "Say which column holds this: reports to (id).")


def test_a_header_that_is_nearly_a_known_word_is_told_unless_that_meaning_is_found() -> None:
    columns, unused = resolve(("code", "name", "Parnt", "haed", "colour", "naem"), Kind.UNITS, {})
    assert misspelt(columns, unused) == {"Parnt": "parent", "haed": "head"}
    columns, unused = resolve(("code", "name", "parent"), Kind.UNITS, {"parent": ""})
    assert misspelt(columns, unused) == {}
    columns, unused = resolve(ORGANOGRAM, Kind.PERSONNEL, {})
    assert misspelt(columns, unused) == {}


def test_two_headers_that_could_mean_the_same_are_asked_and_never_guessed() -> None:
    header = ("id", "manager id", "department", "team", "name")
    with pytest.raises(Invalid) as asked:
        resolve(header, Kind.PERSONNEL, {})
    assert (asked.value.field, str(asked.value)) == ("unit", "“department” and “team” could each be this. Say which.")
    columns, unused = resolve(header, Kind.PERSONNEL, {"unit": "Team"})
    assert (columns.places["unit"], unused) == (3, ["department"])


def test_what_is_said_wins_over_what_is_guessed() -> None:
    columns, unused = resolve(("id", "name", "label", "parent"), Kind.UNITS, {"name": "label", "parent": ""})
    assert columns.places == {"name": 2, "code": 0}
    assert unused == ["name", "parent"]
    columns, _ = resolve(("code", "name"), Kind.UNITS, {"code": "name", "name": "code"})
    assert columns.places == {"code": 1, "name": 0}


def test_a_mapping_to_what_is_not_there_is_refused() -> None:
    for said, field in (
        ({"name": "label"}, "name"),
        ({"nmae": "name"}, "columns"),
        ({"head": "code", "code": "code"}, "code"),
    ):
        with pytest.raises(Invalid) as refused:
            resolve(("code", "name"), Kind.UNITS, said)
        assert refused.value.field == field
