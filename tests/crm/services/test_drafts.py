"""Drafts: kept for who types, never overwritten by another page, gone when the meeting is saved."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.errors import Conflict, Forbidden, Invalid
from crm.services import drafts
from crm.services.drafts import Known
from models import Draft, Meeting, MeetingKind, Person
from tests.cast import Cast
from tests.november import NOW, TODAY, acting

SOON = timedelta(seconds=2)


def typed(words: str, page: str = "tab one") -> dict[str, list[str]]:
    return {"minutes": [words], "page_key": [page], "form_key": ["a form"]}


def keep(
    session: Session, cast: Cast, words: str, *, page: str = "tab one", saved_at: str = "", who: Person | None = None
) -> Draft:
    return drafts.keep(
        session,
        by=acting(session, who or cast.rep),
        unit=cast.finance,
        key=drafts.log_key(cast.finance.id),
        fields=typed(words, page),
        known=Known(page, saved_at),
        now=NOW + SOON * len(words),
    )


def kept(session: Session, cast: Cast) -> list[str]:
    session.expire_all()
    return [draft.fields["minutes"][0] for draft in session.scalars(select(Draft).order_by(Draft.id))]


def test_one_page_writes_on_and_there_is_one_draft(session: Session, cast: Cast) -> None:
    keep(session, cast, "Month")
    keep(session, cast, "Month-end")
    assert kept(session, cast) == ["Month-end"]


def test_a_second_tab_never_overwrites_what_it_has_not_seen(session: Session, cast: Cast) -> None:
    first = keep(session, cast, "Of the first tab")
    with pytest.raises(Conflict, match="Another tab or device has newer notes") as clash:
        keep(session, cast, "Of the second", page="tab two")
    assert clash.value.field == "draft"
    assert kept(session, cast) == ["Of the first tab"]
    keep(session, cast, "Seen, and better", page="tab two", saved_at=drafts.stamp(first))
    with pytest.raises(Conflict):
        keep(session, cast, "Of the first tab, once more", saved_at="long ago")
    assert kept(session, cast) == ["Seen, and better"]


def test_only_who_typed_it_reads_a_draft(session: Session, cast: Cast) -> None:
    keep(session, cast, "Mine")
    for person in (cast.colleague, cast.cio, cast.administrator, cast.head):
        by = acting(session, person)
        assert drafts.find(session, by=by, key=drafts.log_key(cast.finance.id)) is None
        assert drafts.unfinished(session, by=by) == []
        drafts.throw_away(session, by=by, key=drafts.log_key(cast.finance.id))
    assert kept(session, cast) == ["Mine"]
    assert [draft.unit.name for draft in drafts.unfinished(session, by=acting(session, cast.rep))] == ["Finance"]


def test_who_does_not_look_after_the_unit_keeps_no_draft_of_it(session: Session, cast: Cast) -> None:
    for person in (cast.colleague, cast.cio, cast.head):
        with pytest.raises(Forbidden):
            keep(session, cast, "Not mine", who=person)


def test_saving_the_meeting_settles_the_draft_of_this_page_only(session: Session, cast: Cast) -> None:
    by, key = acting(session, cast.rep), drafts.log_key(cast.finance.id)
    seen = drafts.stamp(keep(session, cast, "One", page="tab one"))
    drafts.settle(session, by=by, key=key, known=Known("tab two", ""))
    assert kept(session, cast) == ["One"]
    drafts.settle(session, by=by, key=key, known=Known("tab two", seen))
    assert kept(session, cast) == []
    keep(session, cast, "Two")
    drafts.settle(session, by=by, key=key, known=Known("tab one", "whenever"))
    assert kept(session, cast) == []


def test_a_last_word_after_the_meeting_was_saved_is_no_new_draft(session: Session, cast: Cast) -> None:
    session.add(
        Meeting(
            unit_id=cast.finance.id,
            kind=MeetingKind.TOUCHPOINT,
            held_on=TODAY,
            logged_by_id=cast.rep.id,
            logged_at=NOW,
            form_key="a form",
        )
    )
    session.flush()
    with pytest.raises(Conflict) as clash:
        keep(session, cast, "Late")
    assert clash.value.field == "meeting"


def test_what_is_too_long_is_no_form(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid, match="too long"):
        keep(session, cast, "x" * (drafts.MOST_LETTERS + 1))


def test_a_draft_holds_any_character(session: Session, cast: Cast) -> None:
    words = "a\0b \U0001f600 \u202e \ufffe \\u0000 \r\n\t"
    keep(session, cast, words)
    assert kept(session, cast) == [words.replace("\0", "")]


def test_forgotten_drafts_go_and_those_of_people_who_left(session: Session, cast: Cast) -> None:
    keep(session, cast, "Old")
    session.add(Draft(person_id=cast.colleague.id, key="log:2", unit_id=cast.legal.id, fields={}, saved_at=NOW))
    session.flush()
    assert drafts.remove_old(session, NOW + timedelta(days=89)) == 0
    cast.colleague.left_on = TODAY
    session.flush()
    assert drafts.remove_old(session, NOW + timedelta(days=1)) == 1
    assert drafts.remove_old(session, NOW + timedelta(days=91)) == 1
    assert session.scalar(select(func.count(Draft.id))) == 0
