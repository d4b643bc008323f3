"""The pages of past surveys: choose a file, say what it means, load it, read it, take it out."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from crm.services.past_surveys import keeping
from models import PastFigure, PastSurvey, SeriesBreak
from tests.cast import Cast
from tests.client import Client
from tests.conftest import StatementCounter
from tests.crm.services.past_surveys.files import LONG, WIDE, load, write

HOSTILE = "=cmd|' /C calc'!A0"
SCRIPT = "<script>alert('x')</script>"


@pytest.fixture
def cio(client: Client, cast: Cast) -> Client:
    return client.sign_in(cast.cio)


def upload(client: Client, content: bytes | str, name: str = "survey.csv") -> TestResponse:
    raw = content.encode() if isinstance(content, str) else content
    return client.submit("/past-surveys", {"file": (io.BytesIO(raw), name)}, content_type="multipart/form-data")


def only(session: Session) -> PastSurvey:
    session.expire_all()
    return session.scalars(select(PastSurvey)).one()


def form_of(kept: PastSurvey, **said: object) -> dict[str, object]:
    """What the page would send."""
    chosen, report = keeping.choices_of(kept), keeping.report_of(kept)
    data: dict[str, object] = {
        "name": chosen.name,
        "shape": "long" if chosen.is_long else "wide",
        "order": "day",
        **{key: getattr(chosen, key) for key in ("unit", "code", "period", "question", "value", "answers", "asked")},
        "within": chosen.within,
        "one_period": chosen.one_period,
        "scale": "",
    }
    for number, one in enumerate(report.questions if report else ()):
        data[f"questions-{number}-said"] = one.said
        data[f"questions-{number}-ours"] = one.ours
        data[f"questions-{number}-scale"] = one.scale
    return data | said


def test_a_file_is_checked_and_nothing_is_saved(cio: Client, session: Session) -> None:
    page = cio.get(upload(cio, WIDE).headers["Location"])
    assert "4 figures of 2 units, 2016." in page.text
    assert "Take the 4 figures" in page.text
    assert "102 % is more than 100 %" in page.text
    assert session.scalar(select(func.count(PastFigure.id))) == 0
    assert "Waits for you" in cio.get("/past-surveys").text


def test_sentinels_are_ticked_and_a_unit_is_matched_on_the_page(cio: Client, session: Session, cast: Cast) -> None:
    upload(cio, LONG.replace("Legal,LEG", "Lawyers,LAW"))
    kept = only(session)
    path = f"/past-surveys/{kept.id}"
    wrong = form_of(kept, **{"units-0-said": "LAW", "units-0-ours": "Nobody"})
    answer = cio.submit(path, wrong)
    assert answer.status_code == 422
    assert "No unit here is called “Nobody”." in answer.text
    right = form_of(kept, nulls=["?", "9999"], **{"units-0-said": "LAW", "units-0-ours": "Legal"})
    assert cio.submit(path, right).status_code == 303
    page = cio.get(path)
    assert "3 figures of 2 units, 2014 to 2015." in page.text
    assert "Units without a match" not in page.text
    assert keeping.choices_of(only(session)).units == {"LAW": cast.legal.id}


def test_what_is_pressed_to_load_but_was_changed_is_checked_again(cio: Client, session: Session) -> None:
    upload(cio, WIDE)
    kept = only(session)
    answer = cio.submit(f"/past-surveys/{kept.id}", form_of(kept, scale="1-5", load="yes"), follow_redirects=True)
    assert "Checked again with what you chose." in answer.text
    assert "No figure can be taken so." in answer.text


def test_a_wide_file_can_be_said_to_be_long_and_back(cio: Client, session: Session) -> None:
    upload(cio, "unit,year,what,how much\nFinance,2016,Tools,4\n")
    kept = only(session)
    said = form_of(kept, shape="long", question="what", value="how much")
    cio.submit(f"/past-surveys/{kept.id}", said)
    assert keeping.choices_of(only(session)).questions == {"Tools": "Tools"}
    answer = cio.submit(f"/past-surveys/{kept.id}", form_of(only(session), shape="long", question="", value=""))
    assert "Say which column holds the question." in answer.text


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.csv", "The file is empty."),
        (b"unit,year,Overall\n", "a.csv", "The file has a header and no rows."),
        (b"\x00\x01\x02", "a.csv", "NUL character"),
        (b"%PDF-1.7", "a.pdf", "is not what its name says"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(cio: Client, content: bytes, name: str, said: str) -> None:
    answer = upload(cio, content, name)
    assert answer.status_code == 422
    assert said in answer.text


def test_a_file_of_more_than_20_mb_is_too_large(cio: Client) -> None:
    answer = cio.post(
        "/past-surveys", data=b"x" * (20 * 1024 * 1024 + 1), content_type="multipart/form-data; boundary=line"
    )
    assert answer.status_code == 413


def test_bad_rows_are_listed_with_line_and_reason_and_go_home_as_a_file(cio: Client, session: Session) -> None:
    upload(cio, f'unit,year,Overall\nFinance,2016,4\n"{HOSTILE}",2016,3\nLegal,soon,2\nLegal,2016,"{SCRIPT}"\n')
    kept = only(session)
    page = cio.get(f"/past-surveys/{kept.id}")
    assert SCRIPT not in page.text
    assert "“soon” is no period." in page.text
    rows = list(
        csv.reader(io.StringIO(cio.get(f"/past-surveys/{kept.id}/bad-rows.csv").get_data().decode("utf-8-sig")))
    )
    assert rows[0] == ["Line", "Why not", "unit", "year", "Overall"]
    assert [row[0] for row in rows[1:]] == ["3", "4", "5"]
    assert rows[1][2] == f"'{HOSTILE}"


def test_names_of_200_letters_and_odd_ones_are_shown(cio: Client, session: Session) -> None:
    upload(cio, f"unit,year,Overall\n{'n' * 200},2016,4\n‮evil‬,2016,4\n")
    assert "n" * 200 in cio.get(f"/past-surveys/{only(session).id}").text


def test_a_loaded_survey_is_read_and_taken_out_again(cio: Client, session: Session, cast: Cast) -> None:
    kept = load(session, cast.actor(session, cast.cio), WIDE)
    session.commit()
    result = cio.get(f"/past-surveys/{kept.id}")
    assert "4 figures of 2 units are here." in result.text
    listed = cio.get("/past-surveys/items")
    assert "Response rate" in listed.text
    item_id = session.scalars(select(PastFigure.item_id).where(PastFigure.mark != "")).one()
    item = cio.get(f"/past-surveys/items/{item_id}")
    assert "65 %" in item.text
    page = cio.get(f"/units/{cast.legal.id}/past?item={item_id}")
    assert "Cannot be: 102 % is more than 100 %" in page.text
    gone = cio.submit(f"/past-surveys/{kept.id}/take-out", follow_redirects=True)
    assert "with its 4 figures" in gone.text
    assert "No past survey asked Legal" in cio.get(f"/units/{cast.legal.id}/past").text
    assert "is taken out" in cio.get(f"/past-surveys/{kept.id}").text
    assert "not loaded" in cio.submit(f"/past-surveys/{kept.id}/take-out", follow_redirects=True).text


def test_the_cio_marks_a_break_with_a_reason(cio: Client, session: Session, cast: Cast) -> None:
    rows = "".join(f"Finance,{year},{60 + year % 3}%\n" for year in range(2009, 2019))
    load(session, cast.actor(session, cast.cio), f"unit,year,Tools\n{rows}")
    session.commit()
    item_id = session.scalars(select(PastFigure.item_id).distinct()).one()
    path = f"/units/{cast.finance.id}/past?item={item_id}"
    assert "In per cent, as given." in cio.get(path).text
    refused = cio.submit(path, {"since": "2014-01-01", "reach": "all", "reason": ""})
    assert refused.status_code == 422
    assert "Say what is different since then." in refused.text
    cio.submit(path, {"since": "2014-01-01", "reach": "all", "reason": "Asked on paper until then"})
    page = cio.get(path)
    assert "limits anew from 2014: Asked on paper until then" in page.text
    assert "Margit Lindqvist" in page.text
    made = session.scalars(select(SeriesBreak)).one()
    back = cio.submit(f"/past-surveys/items/{item_id}/breaks/{made.id}/remove?unit={cast.finance.id}")
    assert back.status_code == 303
    assert "limits anew" not in cio.get(path).text
    judged = cio.submit(f"/past-surveys/items/{item_id}", {"better": "down"}, follow_redirects=True)
    assert "judged so from now on" in judged.text
    assert "Converted to 1–5 by place on each scale" in cio.get(f"{path}&scale=converted").text


def test_heads_see_nothing_of_it_and_reps_only_read(client: Client, session: Session, cast: Cast) -> None:
    kept = load(session, cast.actor(session, cast.cio), WIDE)
    session.commit()
    client.sign_in(cast.head)
    for path in ("/past-surveys", "/past-surveys/items", f"/units/{cast.finance.id}/past", f"/past-surveys/{kept.id}"):
        assert client.get(path).status_code == 403
    client.sign_in(cast.rep)
    assert client.get("/past-surveys").status_code == 403
    page = client.get(f"/units/{cast.finance.id}/past")
    assert "Mark a break" not in page.text
    assert "Earlier surveys" in client.get("/ratings").text


def test_pages_take_few_statements_however_many_figures(
    cio: Client, session: Session, cast: Cast, statements: StatementCounter
) -> None:
    rows = "".join(
        f"{unit},{year},Question {n},{n % 5 + 1}\n"
        for unit in ("Finance", "Legal")
        for year in range(2000, 2020)
        for n in range(30)
    )
    kept = load(session, cast.actor(session, cast.cio), f"unit,year,question,score\n{rows}Nobody,2016,Question 1,3\n")
    waiting = keeping.upload(
        session,
        by=cast.actor(session, cast.cio),
        content=b"unit,year,Q\nX,2016,4\n",
        file_name="w.csv",
        now=kept.uploaded_at,
    )
    session.commit()
    item_id = session.scalars(select(func.min(PastFigure.item_id))).one()
    for path in (
        "/past-surveys",
        f"/past-surveys/{kept.id}",
        f"/past-surveys/{waiting.id}",
        "/past-surveys/items",
        f"/past-surveys/items/{item_id}",
        f"/units/{cast.finance.id}/past?item={item_id}",
    ):
        with statements:
            assert cio.get(path).status_code == 200
        assert statements.count <= 12, (path, statements.statements)


def test_a_survey_checked_twice_is_written_once(cio: Client, session: Session, cast: Cast) -> None:
    upload(cio, WIDE)
    kept = only(session)
    write(session, cast.actor(session, cast.cio), kept)
    session.commit()
    assert "loaded, or was" in cio.submit(f"/past-surveys/{kept.id}/start", follow_redirects=True).text
    assert "cannot be thrown away" in cio.submit(f"/past-surveys/{kept.id}/discard", follow_redirects=True).text
    assert cio.submit(f"/past-surveys/{kept.id}", form_of(kept)).status_code in (409, 422)
