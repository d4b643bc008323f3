"""Past surveys from upload to figures: matched, marked, never doubled, and taken out again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.db import Database
from crm.errors import Conflict, Forbidden, Invalid, NotFound
from crm.policy import Actor
from crm.services import audit, kept_files
from crm.services.kept_files import BROKE
from crm.services.past_surveys import keeping, loading
from crm.services.past_surveys.choices import Choices
from models import AuditEntry, PastFigure, PastItem, PastState, PastSurvey
from tests.cast import Cast, assemble
from tests.crm.services.past_surveys.files import LONG, NOW, WIDE, excel, keep, load, report, write

NOTHING = ["?", "9999"]


@pytest.fixture
def cio(session: Session, cast: Cast) -> Actor:
    return cast.actor(session, cast.cio)


def figures(session: Session) -> list[tuple[str, int, float, str, str]]:
    rows = session.execute(
        select(PastItem.text, PastFigure.unit_id, PastFigure.value, PastFigure.scale, PastFigure.mark)
        .join(PastItem, PastItem.id == PastFigure.item_id)
        .order_by(PastItem.text, PastFigure.unit_id, PastFigure.since)
    )
    return [(row.text, row.unit_id, row.value, row.scale, row.mark) for row in rows]


def count(session: Session) -> int:
    return session.scalar(select(func.count(PastFigure.id))) or 0


def test_a_long_file_is_loaded_with_who_stands_behind_each_figure(session: Session, cast: Cast, cio: Actor) -> None:
    kept = load(session, cio, LONG, nulls=NOTHING)
    assert [(unit_id, value) for _, unit_id, value, _, _ in figures(session)] == [
        (cast.finance.id, 3.5),
        (cast.finance.id, 3.9),
        (cast.legal.id, 4.25),
    ]
    first = session.scalars(select(PastFigure).order_by(PastFigure.id)).first()
    assert first is not None
    assert (first.n, first.asked, first.since.year, first.until.year) == (4, 6, 2014, 2015)
    assert (kept.state, kept.content, report(kept).empty) == (PastState.DONE, b"", 2)
    entries = session.scalars(select(AuditEntry.entity).where(AuditEntry.entity == "past_survey")).all()
    assert entries


def test_a_wide_file_keeps_its_scale_and_marks_what_cannot_be(session: Session, cast: Cast, cio: Actor) -> None:
    kept = load(session, cio, WIDE)
    legal = [row for row in figures(session) if row[1] == cast.legal.id]
    assert legal == [
        ("B34. We have the tools we need (% agree)", cast.legal.id, 71, "per cent", ""),
        ("Response rate", cast.legal.id, 102, "per cent", "102 % is more than 100 %"),
    ]
    assert [(one.line, one.unit, one.mark) for one in report(kept).marked] == [(3, "Legal", "102 % is more than 100 %")]


def test_a_six_on_a_scale_to_five_is_taken_with_a_mark(session: Session, cio: Actor) -> None:
    load(session, cio, "unit,year,Overall\nFinance,2016,6\nLegal,2016,4\n", scale="1-5")
    assert [row[2:] for row in figures(session)] == [(6, "1-5", "6 is more than 5"), (4, "1-5", "")]


def test_texts_that_may_say_nothing_are_offered_and_none_is_ticked(session: Session, cio: Actor) -> None:
    text = "unit,year,Overall\nFinance,2014,0 - Unknown\nFinance,2015,N/D\nFinance,2016,9999\nLegal,2016,4 - Well\n"
    kept = keep(session, cio, text)
    assert {one.text for one in report(kept).nulls} == {"0 - Unknown", "N/D", "9999"}
    assert keeping.choices_of(kept).nulls == ()


def test_the_question_is_known_again_although_its_number_moved(session: Session, cio: Actor) -> None:
    load(session, cio, WIDE, "2016.csv")
    load(session, cio, "unit,year,B32. We have the tools we need (% positive)\nFinance,2017,60%\n", "2017.csv")
    assert session.scalar(select(func.count(PastItem.id))) == 2


def test_a_mere_number_is_no_question_of_another_survey(session: Session, cio: Actor) -> None:
    for year in (2016, 2017):
        load(session, cio, f"unit,B34\nFinance,{year % 100}\n", f"staff {year}.csv")
    texts = session.scalars(select(PastItem.text).order_by(PastItem.text)).all()
    assert texts == ["B34 (staff 2016)", "B34 (staff 2017)"]
    assert {figure.since.year for figure in session.scalars(select(PastFigure))} == {2016, 2017}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_same_file_in_any_encoding_updates_and_never_doubles(session: Session, cio: Actor, encoding: str) -> None:
    first = load(session, cio, LONG, nulls=NOTHING)
    again = keep(session, cio, LONG.replace("\n", "\r\n").encode(encoding), "other name.csv")
    assert (again.name, report(again).replaces) == (first.name, first.id)
    assert keeping.choices_of(again).nulls == ("?", "9999")
    write(session, cio, again)
    assert count(session) == 3
    assert (first.state, again.state) == (PastState.OUT, PastState.DONE)


def test_two_spellings_of_one_question_are_one_cell(session: Session, cio: Actor) -> None:
    kept = load(session, cio, "unit,year,Tools,tools.\nFinance,2016,4,5\n", scale="1-5")
    assert [row[2] for row in figures(session)] == [4]
    assert [refusal.reason for refusal in report(kept).refused] == [
        "Tools: Tools says 4 of Finance in 2016, this one 5."
    ]


def test_two_values_for_one_cell_are_told_apart_from_a_row_that_stands_twice(session: Session, cio: Actor) -> None:
    kept = load(session, cio, "unit,year,Overall\nFinance,2016,4\nFinance,2016,4\nFIN,2016,3\n", scale="1-5")
    assert [(refusal.line, refusal.reason) for refusal in report(kept).refused] == [
        (3, "Overall: line 2 says it of Finance in 2016 already."),
        (4, "Overall: line 2 says 4 of Finance in 2016, this one 3."),
    ]


def test_units_are_matched_by_code_name_and_what_earlier_files_called_them(
    session: Session, cast: Cast, cio: Actor
) -> None:
    text = "unit,year,Overall\nThe Finance,2016,4\nMoney People,2016,3\nShip's crew,2016,2\n"
    kept = keep(session, cio, text)
    assert [one.said for one in report(kept).unmatched] == ["Money People", "Ship's crew"]
    assert report(kept).matched == {"The Finance": "Finance"}
    assert [refusal.line for refusal in report(kept).refused] == [3, 4]
    said = {"Money People": cast.legal.id, "Ship's crew": None}
    keeping.check(
        session, by=cio, kept=kept, choices=Choices.from_json(keeping.choices_of(kept).to_json() | {"units": said})
    )
    write(session, cio, kept)
    assert (count(session), report(kept).left_out, report(kept).refused) == (2, 1, [])
    later = keep(session, cio, text.replace("2016", "2017"), "later.csv")
    assert (report(later).unmatched, report(later).figures) == ([], 2)


def test_a_whole_survey_is_taken_out_and_what_it_stood_before_is_seen_again(session: Session, cio: Actor) -> None:
    load(session, cio, LONG, "first.csv", nulls=NOTHING)
    second = load(session, cio, LONG.replace("3.5", "3.6"), "second.csv", nulls=NOTHING)
    assert count(session) == 6
    assert keeping.take_out(session, by=cio, kept=second, now=NOW) == 3
    assert {row[2] for row in figures(session)} == {3.5, 3.9, 4.25}
    with pytest.raises(Conflict):
        keeping.take_out(session, by=cio, kept=second, now=NOW)


def test_a_quarter_beside_its_year_and_one_period_for_all_rows(session: Session, cio: Actor) -> None:
    kept = keep(session, cio, "unit,year,quarter,Overall\nFinance,2016,2,4\nFinance,2016,Q3,5\n")
    assert report(kept).periods == ["Q2 2016", "Q3 2016"]
    asked = keep(session, cio, "unit,Overall\nFinance,4\n")
    question = keeping.question_of(asked)
    assert question is not None
    assert (question.field, report_is_kept(asked)) == ("period", False)
    choices = Choices.from_json(asked.choices | {"one_period": "May 2016"})
    assert keeping.check(session, by=cio, kept=asked, choices=choices).periods == ["May 2016"]


def report_is_kept(kept: PastSurvey) -> bool:
    return keeping.report_of(kept) is not None


def test_an_excel_file_is_read_as_well(session: Session, cio: Actor) -> None:
    rows: list[list[object]] = [["unit", "date", "Overall"], ["Finance", NOW.replace(tzinfo=None), 4.5]]
    assert report(keep(session, cio, excel(rows), "survey.xlsx")).periods == ["20 November 2026"]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.csv", "The file is empty."),
        (b"unit,year,Overall\n", "a.csv", "a header and no rows"),
        (bytes(range(256)) * 40, "a.csv", "cannot be read|NUL character"),
        (b"\x89PNG\r\n\x1a\n", "a.png", "is not what its name says"),
    ],
)
def test_a_file_that_holds_no_table_is_refused_and_not_kept(
    session: Session, cio: Actor, content: bytes, name: str, said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        keep(session, cio, content, name)
    assert session.scalar(select(func.count(PastSurvey.id))) == 0


def test_more_questions_than_a_page_can_show_are_asked_about(session: Session, cio: Actor) -> None:
    rows = "".join(f"Finance,2016,Question number {n},4\n" for n in range(300))
    question = keeping.question_of(keep(session, cio, f"unit,year,question,score\n{rows}"))
    assert question is not None
    assert (question.field, str(question)) == ("question", "This column names 300 questions; 200 is the most.")


def test_only_who_may_bring_history_keeps_a_file(session: Session, cast: Cast, cio: Actor) -> None:
    kept = keep(session, cio, LONG)
    for person in (cast.rep, cast.head):
        with pytest.raises(Forbidden):
            keep(session, cast.actor(session, person), LONG)
        with pytest.raises(Forbidden):
            keeping.take_out(session, by=cast.actor(session, person), kept=kept, now=NOW)
    with pytest.raises(NotFound):
        keeping.find(session, by=cio, survey_id=9_999)


def test_only_what_is_not_loaded_is_thrown_away(session: Session, cio: Actor) -> None:
    kept = keep(session, cio, LONG)
    keeping.claim(session, by=cio, kept=kept, now=NOW)
    session.refresh(kept)
    with pytest.raises(Conflict):
        keeping.claim(session, by=cio, kept=kept, now=NOW)
    with pytest.raises(Conflict):
        keeping.discard(session, by=cio, kept=kept, now=NOW)
    later = NOW + timedelta(minutes=5)
    assert kept_files.has_stopped(kept, later)
    keeping.claim(session, by=cio, kept=kept, now=later)
    keeping.discard(session, by=cio, kept=kept, now=later + timedelta(minutes=5))


def test_a_crash_leaves_nothing_half_done_and_it_can_be_started_again(
    own_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit.listen()
    with own_database.session(writes=True) as session:
        cast = assemble(session)
        by = cast.actor(session, cast.cio)
        kept = keep(session, by, LONG)
        keeping.claim(session, by=by, kept=kept, now=NOW)
        session.commit()
        survey_id, by_id = kept.id, cast.cio.id

    def break_off(*_: object, **__: object) -> None:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(loading, "_remember", break_off)
        loading.load(own_database, survey_id, by_id)
    with own_database.session(writes=True) as session:
        kept = session.get_one(PastSurvey, survey_id)
        assert (kept.state, count(session), report(kept).stopped) == (PastState.FAILED, 0, BROKE)
        keeping.claim(session, by=by, kept=kept, now=NOW)
        session.commit()
    loading.load(own_database, survey_id, by_id)
    with own_database.session(writes=False) as session:
        kept = session.get_one(PastSurvey, survey_id)
        assert (kept.state, count(session)) == (PastState.DONE, 4)
        assert kept.steps_done == kept.steps_total


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True, scope="session")
def test_100_000_rows_are_read(session: Session, cio: Actor) -> None:
    rows = "".join(f"Finance,{1900 + n % 200},Question {n // 200 % 190},{n % 5 + 1}\n" for n in range(99_999))
    kept = keep(session, cio, f"unit,year,question,score\n{rows}")
    assert report(kept).rows == 99_999
    assert report(kept).refused_count == 99_999 - report(kept).figures
