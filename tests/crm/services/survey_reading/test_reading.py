"""Past surveys as people keep them: wide and long, in any encoding, with holes and figures that cannot be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.errors import Invalid
from crm.services.organisation_import import reading
from crm.services.organisation_import.tables import Refusal, Table
from crm.services.survey_reading.figures import Given, Unreadable, guess, value_of
from crm.services.survey_reading.mapping import Meanings, guessed, units_by_name
from crm.services.survey_reading.periods import Length, Period, period_of, without_holes
from crm.services.survey_reading.reading import Survey, read, series

WIDE = """Organisation,Organisation_Code,Year,Response rate,B01,B34. I have the tools I need
Zürich Büro,ZUR,2016,65%,90%,70%
Legal,LEG,2016,102%,.,55%
Legal,LEG,2018,60%,n<10,57%
"""
LONG = """year;org_code;organisation;measure;value;n;asked
2009;;Legal;Tools;3,5;4;6
2011;LEG;Legal;Tools;3,9;5;6
2011;LEG;Legal;Helps;9999;5;6
2011;FIN;Finance;Tools;?;0;9
soon;FIN;Finance;Tools;4;;
2011;;;Tools;4;;
2011;FIN;Finance;;4;;
2011;LEG;Legal;Tools;4,0;5;6
"""


def table(text: str) -> Table:
    return reading.read(text.encode(), "survey.csv")


def found(survey: Survey) -> list[tuple[str, str, str, float]]:
    return [(figure.unit, figure.question, figure.period.name, figure.value) for figure in survey.figures]


def test_a_wide_file_has_a_column_for_each_question() -> None:
    survey = read(WIDE.encode(), "survey.csv")
    assert found(survey)[:3] == [
        ("ZUR", "Response rate", "2016", 65),
        ("ZUR", "B01", "2016", 90),
        ("ZUR", "B34. I have the tools I need", "2016", 70),
    ]
    assert {figure.scale for figure in survey.figures} == {Given.PERCENT.scale}


def test_an_impossible_figure_is_taken_with_a_mark() -> None:
    marked = read(WIDE.encode(), "survey.csv").marked
    assert [(figure.line, figure.value, figure.mark) for figure in marked] == [(3, 102, "102 % is more than 100 %")]


def test_a_cell_that_is_no_number_is_listed_and_the_rest_of_its_row_taken() -> None:
    survey = read(WIDE.encode(), "survey.csv")
    assert survey.refused == (
        Refusal(3, "B01: “.” is no number. If it says nothing, name it among the empty ones."),
        Refusal(4, "B01: “n<10” is no number. If it says nothing, name it among the empty ones."),
    )
    assert len(survey.figures) == 7


def test_what_says_nothing_is_named_by_hand() -> None:
    meanings = replace(guessed(table(WIDE)), nulls=frozenset({".", "N<10"}))
    survey = read(WIDE.encode(), "survey.csv", meanings)
    assert (survey.refused, survey.empty) == ((), 2)


def test_a_long_file_has_a_line_for_each_figure() -> None:
    survey = read(LONG.encode(), "survey.csv", replace(guessed(table(LONG)), nulls=frozenset({"?", "9999"})))
    assert found(survey) == [("Legal", "Tools", "2009", 3.5), ("LEG", "Tools", "2011", 3.9)]
    assert [(figure.answers, figure.asked) for figure in survey.figures] == [(4, 6), (5, 6)]
    assert [(refusal.line, refusal.reason) for refusal in survey.refused] == [
        (6, "“soon” is no period."),
        (7, "It names no unit."),
        (8, "It names no question."),
        (9, "Tools: line 3 says 3.9 of LEG in 2011, this one 4."),
    ]


def test_units_and_questions_are_mapped_to_ours() -> None:
    meanings = replace(guessed(table(LONG)), units=units_by_name(table(LONG), guessed(table(LONG))))
    assert meanings.units == {"Legal": "LEG", "Finance": "FIN"}
    named = replace(meanings, nulls=frozenset({"?", "9999"}), questions={"Tools": "I have the tools", "Helps": ""})
    survey = read(LONG.encode(), "survey.csv", named)
    assert found(survey) == [("LEG", "I have the tools", "2009", 3.5), ("LEG", "I have the tools", "2011", 3.9)]
    assert series(survey.figures, "LEG", "I have the tools") == [
        (Period(date(2009, 1, 1), Length.YEAR), 3.5),
        (Period(date(2010, 1, 1), Length.YEAR), None),
        (Period(date(2011, 1, 1), Length.YEAR), 3.9),
    ]


def test_a_sentinel_nobody_named_is_marked_and_never_part_of_a_series() -> None:
    survey = read(LONG.encode(), "survey.csv", replace(guessed(table(LONG)), nulls=frozenset({"?"})))
    assert [figure.mark for figure in survey.marked] == ["9999 is more than 5"]
    assert series(survey.figures, "LEG", "Helps") == []


def test_answers_of_single_people_are_averaged_in_the_series() -> None:
    text = "Unit,Date,Overall\nFinance,3/4/2016,4\nFinance,3/4/2016,5\n"
    meanings = replace(guessed(table(text)), is_per_person=True)
    assert [value for _, value in series(read(text.encode(), "s.csv", meanings).figures, "Finance", "Overall")] == [4.5]


def test_one_period_may_be_said_for_the_whole_file() -> None:
    text = "Unit,Overall\nFinance,4\n"
    with pytest.raises(Invalid, match="period"):
        read(text.encode(), "s.csv")
    survey = read(text.encode(), "s.csv", replace(guessed(table(text)), one_period="Q2 2016"))
    assert found(survey) == [("Finance", "Overall", "Q2 2016", 4)]


def test_a_meaning_names_a_column_that_is_there() -> None:
    with pytest.raises(Invalid, match="no column “Team”"):
        read(LONG.encode(), "s.csv", Meanings(unit="Team", period="year"))
    with pytest.raises(Invalid, match="which column names the unit"):
        guessed(table("a,b\n1,2\n"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_way_to_save_a_sheet_reads_the_same(encoding: str, line_break: str, separator: str) -> None:
    text = WIDE.replace("ZUR,", "Zürich,").replace(",", separator).replace("\n", line_break)
    assert found(read(text.encode(encoding), "survey.csv"))[0] == ("Zürich", "Response rate", "2016", 65)


@pytest.mark.parametrize(
    ("text", "given_on", "value", "mark"),
    [
        ("4", Given.FIVE, 4, ""),
        (" 3,5 ", Given.FIVE, 3.5, ""),
        ("4 - Well", Given.FIVE, 4, ""),
        ("0 - Unknown", Given.FIVE, 0, "0 is less than 1"),
        ("9", Given.SEVEN, 9, "9 is more than 7"),
        ("9", Given.NINE, 9, ""),
        ("0", Given.TEN, 0, ""),
        ("65 %", Given.PERCENT, 65, ""),
        ("65", Given.PERCENT, 65, ""),
        ("0.94", Given.SHARE, 94, ""),
        ("94%", Given.SHARE, 94, ""),
        ("1.02", Given.SHARE, 102, "102 % is more than 100 %"),
        ("-1", Given.TEN, -1, "-1 is less than 0"),
        ("", Given.FIVE, None, ""),
    ],
)
def test_a_cell_on_its_scale(text: str, given_on: Given, value: float | None, mark: str) -> None:
    read_value = value_of(text, given_on, frozenset())
    assert (read_value.value, read_value.mark) == (value, mark)


@pytest.mark.parametrize("text", ["?", "N/D", "n/d", "9999", "9999.0", "0 - Unknown"])
def test_sentinels_say_nothing_once_they_are_named(text: str) -> None:
    assert value_of(text, Given.FIVE, {"?", "N/D", "9999", "0 - unknown"}).value is None


@pytest.mark.parametrize("text", ["?", "good", "1.2.3", "nan", "inf", "1e9", "4 5", "65%"])
def test_what_is_no_figure_is_never_guessed(text: str) -> None:
    with pytest.raises(Unreadable):
        value_of(text, Given.FIVE, frozenset())


@pytest.mark.parametrize(
    ("texts", "scale"),
    [
        (["1", "5", "3"], Given.FIVE),
        (["1", "7"], Given.SEVEN),
        (["8", "9"], Given.NINE),
        (["0", "10"], Given.TEN),
        (["58", "72"], Given.PERCENT),
        (["58%", "."], Given.PERCENT),
        (["0.94", "0.58"], Given.SHARE),
        (["1", "5", *["4"] * 98, "9999"], Given.FIVE),
        (["yes", "no", "so", "so", "4"], None),
    ],
)
def test_the_scale_is_guessed_from_the_cells(texts: list[str], scale: Given | None) -> None:
    assert guess(texts) is scale


@pytest.mark.parametrize(
    ("text", "name"),
    [
        *(
            ("2016", "2016"),
            ("2016-17", "2016"),
            ("2011/12", "2011"),
            ("2011-12", "December 2011"),
            ("2016.0", "2016"),
            ("Q2 2016", "Q2 2016"),
            ("2016-Q2", "Q2 2016"),
        ),
        *(("2016-05", "May 2016"), ("05/2016", "May 2016"), ("May 2016", "May 2016"), ("Mai", None)),
        *(("2016-05-14", "14 May 2016"), ("14.05.2016", "14 May 2016"), ("3/4/2016", "3 April 2016")),
        *(("2016-05-14T10:00:00", "14 May 2016"), ("31/31/2016", None), ("", None), ("1016", None)),
    ],
)
def test_periods_as_people_write_them(text: str, name: str | None) -> None:
    period = period_of(text)
    assert (period.name if period else None) == name


def test_the_order_of_day_and_month_is_said_by_hand() -> None:
    american = period_of("3/4/2016", is_day_first=False)
    assert american == Period(date(2016, 3, 4), Length.DAY)


@given(st.lists(st.tuples(st.integers(2000, 2030), st.integers(1, 4)), min_size=1, max_size=8))
def test_the_periods_between_are_all_there(quarters: list[tuple[int, int]]) -> None:
    periods = [Period(date(year, 3 * quarter - 2, 1), Length.QUARTER) for year, quarter in quarters]
    filled = without_holes(periods)
    assert set(periods) <= set(filled)
    assert all(later == sooner.next for sooner, later in pairwise(filled))


def test_days_have_no_rhythm() -> None:
    days = [Period(date(2016, 5, 14), Length.DAY), Period(date(2016, 1, 1), Length.DAY)]
    assert without_holes(days) == sorted(days)
    with pytest.raises(ValueError, match="rhythm"):
        days[0].next  # noqa: B018
