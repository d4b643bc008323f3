"""Tickets from upload to the last one: folded, matched, never doubled, and nothing half done."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.db import Database
from crm.errors import Conflict, Forbidden, Invalid
from crm.policy import Actor
from crm.services import audit, kept_files
from crm.services.tickets import keeping, loading
from models import Ticket, TicketEvent, TicketImport, TicketImportState
from tests.cast import Cast, assemble
from tests.crm.services.tickets import files
from tests.crm.services.tickets.files import EVENTS, NOW, at, events, keep, last_rows, load, report, table, tickets


@pytest.fixture
def cio(session: Session, cast: Cast) -> Actor:
    return cast.actor(session, cast.cio)


def expected(cast: Cast) -> list[tuple[object, ...]]:
    return [
        ("INC1", "No mail", cast.finance.id, "Closed", False, at(2, 29), at(3, 3), at(3, 5)),
        ("INC2", "Slow ledger", cast.legal.id, "New", True, at(3, 1), None, None),
        ("INC3", "A printer", None, "Awaiting User Info", True, at(3, 4), None, None),
    ]


def test_rows_of_events_become_one_ticket_each_with_its_history(session: Session, cast: Cast, cio: Actor) -> None:
    told = load(session, cio, table())
    assert tickets(session) == expected(cast)
    assert events(session, "INC1") == [
        (at(2, 29), "New", "Ada", "", False),
        (at(3, 2), "Active", "Bo", "They always say so", True),
        (at(3, 3), "Resolved", "Bo", "Try it now", False),
        (at(3, 5), "Closed", "Cy", "", False),
    ]
    assert (told.rows, told.tickets, told.new, told.changed, told.bad, told.private) == (6, 3, 3, 0, 0, 1)
    kept = session.scalars(select(TicketImport)).one()
    assert (kept.state, keeping.content_of(session, kept.id)) == (TicketImportState.DONE, b"")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    form=st.sampled_from(sorted(files.FORMS)),
    separator=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    null=st.sampled_from(["?", "", "NULL", "N/A"]),
    rows=st.permutations(EVENTS),
    is_folded=st.booleans(),
)
def test_the_same_table_however_it_is_written_updates_and_never_doubles(
    session: Session,
    cast: Cast,
    form: str,
    separator: str,
    encoding: str,
    null: str,
    rows: list[files.Cells],
    is_folded: bool,
) -> None:
    """The first as the desk writes it, then any other writing of it: all is as before."""
    by = cast.actor(session, cast.cio)
    if not session.scalar(select(func.count(Ticket.id))):
        load(session, by, table(), zone=files.ZONE)
    before = tickets(session), [events(session, number) for number in ("INC1", "INC2", "INC3")]
    again = last_rows() if is_folded else rows
    name = "IncidentsÄ.csv"
    told = load(session, by, table(again, form, separator, null).encode(encoding), name=name)
    assert (told.new, told.changed, told.unchanged, told.bad) == (0, 0, 3, 0)
    assert before == (tickets(session), [events(session, number) for number in ("INC1", "INC2", "INC3")])


def test_one_row_a_ticket_first_and_its_history_later_is_the_same(session: Session, cast: Cast, cio: Actor) -> None:
    assert load(session, cio, table(last_rows())).new == 3
    told = load(session, cio, table())
    assert (told.new, told.changed, told.unchanged) == (0, 1, 2)
    assert tickets(session) == expected(cast)
    assert len(events(session, "INC1")) == 4


def test_an_older_export_sets_nothing_back(session: Session, cast: Cast, cio: Actor) -> None:
    load(session, cio, table())
    told = load(session, cio, table(EVENTS[:3]))
    assert (told.changed, tickets(session)) == (0, expected(cast))


def test_a_note_that_became_private_is_private_at_once(session: Session, cio: Actor) -> None:
    load(session, cio, table())
    hidden = [[*row[:-1], "true"] if "Try it now" in row else row for row in EVENTS]
    assert load(session, cio, table(hidden)).changed == 1
    assert [one[4] for one in events(session, "INC1")] == [False, True, True, False]


def test_names_without_a_unit_wait_or_come_in_without_or_stay_out(session: Session, cast: Cast, cio: Actor) -> None:
    text = "number,location,state\n1,Floor 2,New\n2,Floor 3,New\n3,finance,New\n"
    kept = keep(session, cio, text)
    assert ([one.said for one in report(kept).unmatched], report(kept).tickets) == (["Floor 2", "Floor 3"], 1)
    assert [line for line, *_ in keeping.bad_rows(session, by=cio, import_id=kept.id)] == [2, 3]
    said = {"Floor 2": cast.legal.id, "Floor 3": None}
    assert load(session, cio, text, units=said).left_out == 1
    assert [one[:3:2] for one in tickets(session)] == [("1", cast.legal.id), ("3", cast.finance.id)]
    later = keep(session, cio, text)
    assert (report(later).unmatched, report(later).unchanged) == ([], 2)
    other = keep(session, cio, text, source="Another desk")
    assert len(report(other).unmatched) == 2
    assert load(session, cio, text, source="Another desk", others="kept").without_unit == 2


def test_what_was_chosen_is_chosen_again_but_for_days_that_cannot_be(session: Session, cio: Actor) -> None:
    text = "ref,what,dept,when,state\nA,No mail,FIN,3/4/2016,odd\n"
    columns = {"number": "ref", "title": "what", "unit": "dept", "opened": "when", "state": "state"}
    load(session, cio, text, columns=columns, form="m/d/Y", states={"odd": "closed"}, zone="Asia/Tokyo")
    again = keeping.choices_of(keep(session, cio, text))
    assert (again.columns, again.form.value, again.zone) == (columns, "m/d/Y", "Asia/Tokyo")
    assert again.states["odd"].value == "closed"
    other = keeping.choices_of(keep(session, cio, text.replace("3/4/2016", "29/2/2016")))
    assert (other.columns, other.form.value) == (columns, "d/m/Y")


def test_one_thing_may_have_to_be_said_first(session: Session, cio: Actor) -> None:
    kept = keep(session, cio, "a,b\n1,2\n")
    question = keeping.question_of(kept)
    assert question is not None
    assert question.field == "number"
    with pytest.raises(Conflict):
        keeping.claim(session, by=cio, kept=kept, now=NOW)


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "empty"), (b'number\n"1\n', "never closed"), (b"a\0b\n1\n", "NUL")]
)
def test_a_broken_file_leaves_nothing(session: Session, cio: Actor, content: bytes, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        keep(session, cio, content)
    assert session.scalar(select(func.count(TicketImport.id))) == 0


def test_only_who_may_bring_tickets_keeps_a_file(session: Session, cast: Cast) -> None:
    for person in (cast.rep, cast.head, cast.specialist):
        with pytest.raises(Forbidden):
            keep(session, cast.actor(session, person), table())
    assert keep(session, cast.actor(session, cast.administrator), table()).id


def test_a_file_is_run_once_and_thrown_away_only_unloaded(session: Session, cio: Actor) -> None:
    kept = keep(session, cio, table())
    keeping.claim(session, by=cio, kept=kept, now=NOW)
    session.refresh(kept)
    for refused in (keeping.claim, keeping.discard):
        with pytest.raises(Conflict):
            refused(session, by=cio, kept=kept, now=NOW)
    later = NOW + timedelta(minutes=5)
    assert kept_files.has_stopped(kept, later)
    keeping.discard(session, by=cio, kept=kept, now=later)


def started(database: Database) -> tuple[int, int]:
    """An import that somebody has started: its id, and theirs."""
    with database.session(writes=True) as session:
        cast = assemble(session)
        by = cast.actor(session, cast.cio)
        kept = keep(session, by, table())
        keeping.claim(session, by=by, kept=kept, now=NOW)
        session.commit()
        return kept.id, cast.cio.id


def counts(database: Database) -> tuple[int, int]:
    with database.session(writes=False) as session:
        found = [session.scalar(select(func.count(each.id))) for each in (Ticket, TicketEvent)]
        return found[0] or 0, found[1] or 0


#: Loads in a process of its own, which is killed when all is written and nothing is committed.
KILLED = """
import os, signal, sys
from crm.db import Database
from crm.services import audit
from crm.services.tickets import loading
audit.listen()
loading._remember = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
loading.load(Database(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
"""


def test_a_kill_half_way_leaves_nothing_and_it_can_be_started_again(own_database: Database) -> None:
    audit.listen()
    import_id, by_id = started(own_database)
    url = own_database.engine.url.render_as_string(hide_password=False)
    ended = subprocess.run([sys.executable, "-c", KILLED, url, str(import_id), str(by_id)], check=False)
    assert ended.returncode == -9
    assert counts(own_database) == (0, 0)
    with own_database.session(writes=True) as session:
        kept = session.get_one(TicketImport, import_id)
        later = (kept.beat_at or NOW) + timedelta(minutes=5)
        assert kept_files.has_stopped(kept, later)
        kept_files.claim(session, kept, ready=keeping.READY, now=later)
        session.commit()
    loading.load(own_database, import_id, by_id)
    assert counts(own_database) == (3, 6)


def test_what_breaks_is_told_and_leaves_nothing(own_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    audit.listen()
    import_id, by_id = started(own_database)

    def break_off(*_: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(loading, "_remember", break_off)
    loading.load(own_database, import_id, by_id)
    assert counts(own_database) == (0, 0)
    with own_database.session(writes=False) as session:
        kept = session.get_one(TicketImport, import_id)
        assert (kept.state, report(kept).stopped) == (TicketImportState.FAILED, kept_files.BROKE)
