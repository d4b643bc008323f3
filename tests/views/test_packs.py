"""The pages of packs: making one, how far it is, reading it, taking it along, the list, deleting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services.packs import keeping, making
from models import Pack, PackFile, PackForm, PackKind, PackState
from tests.cast import Cast
from tests.client import Client
from tests.conftest import StatementCounter
from tests.factories import packs_of_documents as contents

NOW = datetime.now(UTC)


@pytest.fixture
def kept(session: Session, cast: Cast) -> Pack:
    """Made by the rep, with every kind of block and what would be markup."""
    return keep(session, cast)


def keep(session: Session, cast: Cast, *, state: PackState = PackState.DONE, beat: datetime = NOW) -> Pack:
    pack = Pack(kind=PackKind.REVIEW, unit_id=cast.finance.id, since=NOW.date(), until=NOW.date(), state=state)
    pack.started_at = pack.beat_at = beat
    pack.made_at, pack.made_by_id, pack.title, pack.steps_total = NOW, cast.rep.id, "Review of Finance", 4
    pack.content = keeping.to_json(contents.small()) if state is PackState.DONE else {}
    session.add(pack)
    session.flush()
    session.add(PackFile(pack_id=pack.id, form=PackForm.PDF, content=b"%PDF of ours"))
    session.commit()
    return pack


def test_a_pack_is_asked_for_with_the_days_since_the_last_review(client: Client, cast: Cast) -> None:
    page = client.sign_in(cast.rep).get(f"/units/{cast.finance.id}/pack").text
    today = NOW.date()
    assert f'value="{today - making.QUARTER}"' in page
    assert "Make the pack" in page


def test_it_is_begun_and_the_page_says_how_far_it_is(
    client: Client, session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "_begin", lambda *_: None)
    period = {"since": "2026-08-01", "until": "2026-10-31"}
    answer = client.sign_in(cast.rep).submit(f"/units/{cast.finance.id}/pack", period)
    pack = session.scalars(select(Pack)).one()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/packs/{pack.id}")
    page = client.get(f"/packs/{pack.id}")
    assert "0 % done." in page.text
    assert "You can leave this page" in page.text
    assert page.headers["Refresh"] == "2"
    assert "Being made" in client.get("/packs").text


def test_a_period_that_is_none_is_refused_with_what_was_typed(client: Client, cast: Cast) -> None:
    period = {"since": "2026-10-31", "until": "2026-08-01"}
    answer = client.sign_in(cast.rep).submit(f"/units/{cast.finance.id}/pack", period)
    assert answer.status_code == 422
    assert "The last day comes before the first." in answer.text
    assert 'value="2026-08-01"' in answer.text
    assert client.submit(f"/units/{cast.finance.id}/pack", {"since": "soon"}).status_code == 422


def test_a_pack_is_read_on_paper_with_when_from_what_and_by_whom(client: Client, cast: Cast, kept: Pack) -> None:
    page = client.sign_in(cast.rep).get(f"/packs/{kept.id}").text
    assert "Two of twelve relationships need you." in page
    assert contents.MADE in page
    assert "from 5 of 7 people, 2.6–3.8" in page
    assert page.count('<svg class="chart-') == 2
    assert "No request was refused." in page
    assert 'data-bs-theme="light"' in page


@pytest.mark.parametrize("told", [contents.large, contents.hostile])
def test_anything_a_pack_says_is_a_sound_page(client: Client, session: Session, cast: Cast, told: object) -> None:
    pack = keep(session, cast)
    assert callable(told)
    made = keeping.to_json(told())
    pack.content = _without_nan(made)
    session.commit()
    assert client.sign_in(cast.rep).get(f"/packs/{pack.id}").status_code == 200


def _without_nan(kept: Any) -> Any:
    """What a database keeps."""
    if isinstance(kept, dict):
        return {name: _without_nan(part) for name, part in kept.items()}
    if isinstance(kept, list):
        return [_without_nan(part) for part in kept]
    if isinstance(kept, str):
        return kept.replace("\0", "").encode("utf-8", "ignore").decode()
    return None if isinstance(kept, float) and kept != kept else kept


def test_a_form_is_taken_along_under_a_name_that_says_what_it_is(client: Client, cast: Cast, kept: Pack) -> None:
    file = client.sign_in(cast.rep).get(f"/packs/{kept.id}/pdf")
    assert (file.mimetype, file.data) == ("application/pdf", b"%PDF of ours")
    assert f"finance-review-{kept.until}.pdf" in file.headers["Content-Disposition"]
    assert client.get(f"/packs/{kept.id}/docx").status_code == 404
    assert client.get(f"/packs/{kept.id}/exe").status_code == 404


def test_one_that_stopped_can_be_started_again_by_who_may_make_it(client: Client, session: Session, cast: Cast) -> None:
    pack = keep(session, cast, state=PackState.RUNNING, beat=NOW - timedelta(minutes=9))
    page = client.sign_in(cast.rep).get(f"/packs/{pack.id}")
    assert "It stopped on the way" in page.text
    assert "Start it again" in page.text
    assert "Refresh" not in page.headers
    assert "Start it again" not in client.sign_in(cast.colleague).get(f"/packs/{pack.id}").text
    assert client.submit(f"/packs/{pack.id}/again").status_code == 403


def test_a_pack_is_deleted_and_brought_back(client: Client, cast: Cast, kept: Pack) -> None:
    client.sign_in(cast.rep)
    gone = client.submit(f"/packs/{kept.id}/remove", follow_redirects=True).text
    assert "The pack is deleted." in gone
    assert "No pack yet" in gone
    assert client.get(f"/packs/{kept.id}/pdf").status_code == 404
    assert "Bring it back" in client.get(f"/packs/{kept.id}").text
    back = client.submit(f"/packs/{kept.id}/bring-back", follow_redirects=True).text
    assert "The pack is back." in back
    assert client.sign_in(cast.colleague).submit(f"/packs/{kept.id}/remove").status_code == 403


def test_the_list_is_narrowed_by_unit_and_by_kind(client: Client, session: Session, cast: Cast, kept: Pack) -> None:
    session.add(Pack(kind=PackKind.BOARD, since=NOW.date(), until=NOW.date(), started_at=NOW, made_by_id=cast.cio.id))
    session.commit()
    client.sign_in(cast.cio)
    assert f"/packs/{kept.id}" in client.get("/packs").text
    assert f"/packs/{kept.id}" not in client.get("/packs?kind=board").text
    assert "No pack here" in client.get(f"/packs?unit={cast.legal.id}").text
    assert "Board pack" not in client.sign_in(cast.rep).get("/packs").text


@pytest.mark.parametrize("who", ["head", "administrator"])
def test_packs_are_for_reps_and_the_cio(client: Client, cast: Cast, kept: Pack, who: str) -> None:
    client.sign_in(getattr(cast, who))
    for path in ("/packs", f"/packs/{kept.id}", f"/packs/{kept.id}/pdf", f"/units/{cast.finance.id}/pack"):
        assert client.get(path).status_code == 403, path


def test_the_pages_take_few_statements_however_many_packs_there_are(
    client: Client, session: Session, cast: Cast, kept: Pack, statements: StatementCounter
) -> None:
    for _ in range(30):
        keep(session, cast)
    client.sign_in(cast.rep)
    for path in ("/packs", f"/packs/{kept.id}", f"/units/{cast.finance.id}/pack"):
        with statements:
            assert client.get(path).status_code == 200
        assert len(statements.statements) <= 12, path
