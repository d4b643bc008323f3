"""The parts of logging a meeting: who came, how long, project work, the agenda, sharing, questions and drafts."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.services import projects
from models import (
    Action,
    AgendaItem,
    Attendance,
    Decision,
    Draft,
    Meeting,
    MeetingKind,
    MinutesReply,
    MinutesVersion,
    Praise,
    Presence,
    Project,
    ProjectStep,
    Request,
    Review,
    Stage,
)
from tests.cast import Cast
from tests.client import Client
from tests.conftest import StatementCounter
from tests.factories.meeting_forms import is_ticked, log_path, the_form, today
from tests.november import review_of_this_month

HTMX = {"HX-Request": "true"}


def only_meeting(session: Session) -> Meeting:
    return session.scalars(select(Meeting)).one()


# ---- Who came, how long, what kind


def test_each_person_is_kept_with_the_part_they_had(client: Client, cast: Cast, session: Session) -> None:
    typed = the_form(
        cast,
        kind="escalation",
        lasted="45",
        attendees=[str(cast.rep.id), str(cast.head.id), str(cast.key_user.id)],
        excused=[str(cast.head.id)],
        absent=[str(cast.key_user.id)],
    )
    client.sign_in(cast.rep).submit(log_path(cast), typed)
    there = {one.person_id: one.presence for one in session.scalars(select(Attendance))}
    assert there == {
        cast.rep.id: Presence.PRESENT,
        cast.head.id: Presence.EXCUSED,
        cast.key_user.id: Presence.ABSENT,
    }
    assert only_meeting(session).lasted == 45
    assert only_meeting(session).kind is MeetingKind.ESCALATION


@pytest.mark.parametrize("minutes", ["0", "-5", "1441", "an hour", "99999999999999999999"])
def test_a_duration_that_is_none_is_asked_about(client: Client, cast: Cast, session: Session, minutes: str) -> None:
    answer = client.sign_in(cast.rep).submit(log_path(cast), the_form(cast, lasted=minutes))
    assert answer.status_code == 422
    assert session.scalar(select(func.count(Meeting.id))) == 0


def test_the_duration_begins_as_the_review_is_planned(client: Client, cast: Cast, session: Session) -> None:
    review = review_of_this_month(session, cast.finance, today())
    review.minutes = 50
    session.commit()
    page = client.sign_in(cast.rep).get(log_path(cast)).text
    assert re.search(r'name="lasted"[^>]*value="50"|value="50"[^>]*name="lasted"', page)
    assert re.search(r"<details[^>]*class=\"work\"[^>]*open", page)


# ---- Decisions and praise in fields


def test_decisions_and_praise_in_fields_are_kept(client: Client, cast: Cast, session: Session) -> None:
    later = today() + timedelta(days=90)
    rows = {
        "decisions-0-text": "Wait",
        "decisions-0-revisit_on": later.isoformat(),
        "praises-0-text": "The list",
        "praises-0-person_id": str(cast.specialist.id),
    }
    client.sign_in(cast.rep).submit(log_path(cast), the_form(cast, **rows))
    decision, praise = session.scalars(select(Decision)).one(), session.scalars(select(Praise)).one()
    assert (decision.text, decision.revisit_on, decision.decided_on) == ("Wait", later, today())
    assert (praise.text, praise.person_id, praise.said_on) == ("The list", cast.specialist.id, today())


def test_the_same_form_with_another_decision_is_not_the_same(client: Client, cast: Cast, session: Session) -> None:
    client.sign_in(cast.rep)
    client.submit(log_path(cast), the_form(cast))
    for more in ({"decisions-0-text": "Wait"}, {"praises-0-text": "The list"}, {"lasted": "20"}):
        answer = client.submit(log_path(cast), the_form(cast, **more))
        assert answer.status_code == 422
        assert "This meeting is saved already." in answer.text
    assert session.scalar(select(func.count(Meeting.id))) == 1


# ---- Project work under way


def ledger(session: Session, cast: Cast) -> Project:
    by = cast.actor(session, cast.rep)
    now = datetime.now(UTC) - timedelta(days=9)
    found = projects.start(session, by=by, unit=cast.finance, name="Ledger", state="On time.", now=now)
    session.commit()
    return found


def project_fields(page: str) -> dict[str, str]:
    """The rows of projects as the page shows them."""
    hidden = dict(re.findall(r'name="(projects-\d+-(?:project_id|seen))" type="hidden" value="([^"]*)"', page))
    states = re.findall(r'<textarea[^>]*name="(projects-\d+-state)"[^>]*>\s*([^<]*)</textarea>', page)
    stages = re.findall(r'<select[^>]*name="(projects-\d+-stage)"[^>]*>.*?<option selected value="(\w+)"', page, re.S)
    return hidden | dict(states) | dict(stages)


def steps(session: Session) -> int:
    return session.scalar(select(func.count(ProjectStep.id))) or 0


def test_only_a_changed_project_takes_a_step(client: Client, cast: Cast, session: Session) -> None:
    project = ledger(session, cast)
    rows = project_fields(client.sign_in(cast.rep).get(log_path(cast)).text)
    assert rows["projects-0-project_id"] == str(project.id)
    client.submit(log_path(cast), the_form(cast, **rows))
    assert steps(session) == 1
    changed = {**rows, "projects-0-stage": "paused", "projects-0-state": "Waits for the auditor."}
    client.submit(log_path(cast), the_form(cast, form_key="another", minutes="Again.", **changed))
    session.refresh(project)
    assert (project.stage, project.state) == (Stage.PAUSED, "Waits for the auditor.")
    assert session.scalars(select(ProjectStep.meeting_id).order_by(ProjectStep.id.desc())).first() is not None


def test_a_new_project_joins_the_list(client: Client, cast: Cast, session: Session) -> None:
    row = {"projects-0-name": "Archive", "projects-0-stage": "planned", "projects-0-state": "From spring."}
    client.sign_in(cast.rep).submit(log_path(cast), the_form(cast, **row))
    project = session.scalars(select(Project)).one()
    assert (project.name, project.stage, project.unit_id) == ("Archive", Stage.PLANNED, cast.finance.id)


def test_a_project_that_moved_meanwhile_is_not_overwritten_silently(
    client: Client, cast: Cast, session: Session
) -> None:
    project = ledger(session, cast)
    rows = project_fields(client.sign_in(cast.rep).get(log_path(cast)).text)
    project.state = "Late by a week."
    session.commit()
    client.submit(log_path(cast), the_form(cast, **rows))
    assert steps(session) == 1
    mine = {**rows, "projects-0-state": "On time, still."}
    answer = client.submit(log_path(cast), the_form(cast, form_key="b", minutes="Again.", **mine))
    assert answer.status_code == 422
    assert "Somebody changed this meanwhile, to “under way: Late by a week.”" in answer.text
    again = project_fields(answer.text)
    assert again["projects-0-state"] == "On time, still."
    assert client.submit(log_path(cast), the_form(cast, form_key="b", minutes="Again.", **again)).status_code == 303
    session.refresh(project)
    assert project.state == "On time, still."


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"projects-0-name": "ledger"}, "“ledger” is on the list already."),
        ({"projects-0-state": "Fine."}, "Give the project a name."),
        ({"projects-0-name": "New", "projects-0-milestone_on": "2027-01-01"}, "Say what is due on that day."),
        ({"projects-0-project_id": "9999", "projects-0-state": "Fine."}, "This project is no longer on the list."),
    ],
)
def test_a_project_that_cannot_be_kept_is_asked_about(
    client: Client, cast: Cast, session: Session, row: dict[str, str], words: str
) -> None:
    ledger(session, cast)
    answer = client.sign_in(cast.rep).submit(log_path(cast), the_form(cast, **row))
    assert answer.status_code == 422
    assert words in answer.text
    assert session.scalar(select(func.count(Meeting.id))) == 0


# ---- The agenda


def prepared(session: Session, cast: Cast) -> tuple[Review, list[AgendaItem]]:
    review = review_of_this_month(session, cast.finance, today())
    review.prepared_at = datetime.now(UTC)
    points = [AgendaItem(review_id=review.id, position=at, text=text) for at, text in enumerate(("Runs", "Ledger"))]
    session.add_all(points)
    session.commit()
    return review, points


def test_the_agenda_is_the_skeleton_and_what_is_not_ticked_carries_over(
    client: Client, cast: Cast, session: Session, statements: StatementCounter
) -> None:
    review, (runs, ledger) = prepared(session, cast)
    client.sign_in(cast.rep)
    with statements:
        page = client.get(f"{log_path(cast)}?review={review.id}&agenda=1").text
    assert statements.count <= 12
    assert "## Runs\n\n\n## Ledger" in page
    assert not is_ticked(page, "agenda_done", runs.id)
    typed = the_form(cast, kind="review", review_id=str(review.id), agenda_done=[str(runs.id)])
    assert client.submit(log_path(cast), typed).status_code == 303
    session.refresh(runs)
    session.refresh(ledger)
    assert (runs.settled, ledger.settled) == (True, False)


# ---- Sharing


def test_save_keeps_it_in_it_and_save_and_share_asks_those_who_were_there(
    client: Client, cast: Cast, session: Session
) -> None:
    client.sign_in(cast.rep)
    client.submit(log_path(cast), the_form(cast, save="save"))
    assert session.scalar(select(func.count(MinutesVersion.id))) == 0
    answer = client.submit(log_path(cast), the_form(cast, save="share", excused=[str(cast.key_user.id)]))
    assert "Finance can read it" in client.get(answer.location).text
    assert session.scalars(select(MinutesVersion.text)).one() == "Month-end went *well*."
    assert session.scalars(select(MinutesReply.person_id)).all() == [cast.head.id]


def test_there_is_nothing_to_share_without_notes(client: Client, cast: Cast, session: Session) -> None:
    answer = client.sign_in(cast.rep).submit(log_path(cast), the_form(cast, save="share", minutes=""))
    assert answer.status_code == 422
    assert "There is nothing to share yet." in answer.text
    assert session.scalar(select(func.count(Meeting.id))) == 0


# ---- Questions


ASKED = "- [ ] pick a tester @jane\n! a dashboard"


def test_open_questions_come_back_with_everything_and_nothing_is_kept(
    client: Client, cast: Cast, session: Session
) -> None:
    answer = client.sign_in(cast.rep).submit(log_path(cast), the_form(cast, minutes=ASKED, save="save"))
    assert answer.status_code == 422
    assert "Two lines need a word from you." in answer.text
    assert "What does the unit need it for?" in answer.text
    assert session.scalar(select(func.count(Meeting.id))) == 0


def test_as_it_stands_is_saved_with_the_owner_open(client: Client, cast: Cast, session: Session) -> None:
    client.sign_in(cast.rep)
    page = client.submit(log_path(cast), the_form(cast, minutes=ASKED, leave_open="- [ ] pick a tester @jane")).text
    assert "kept as it stands" in page
    assert '<input type="hidden" name="as_it_stands" value="- [ ] pick a tester @jane">' in page
    stands = ["- [ ] pick a tester @jane", "! a dashboard"]
    answer = client.submit(log_path(cast), the_form(cast, minutes=ASKED, as_it_stands=stands, save="save"))
    assert answer.status_code == 303
    assert session.execute(select(Action.text, Action.owner_id)).all() == [("pick a tester @jane", None)]
    assert session.scalar(select(func.count(Request.id))) == 0
    assert only_meeting(session).minutes == ASKED


def test_a_choice_replaces_the_line_on_the_server(client: Client, cast: Cast) -> None:
    chosen = {"line": 1, "was": "- [ ] pick a tester @jane", "now": "- [ ] pick a tester @Jo Lindt"}
    page = client.sign_in(cast.rep).submit(
        log_path(cast),
        the_form(cast, minutes=ASKED, answer=json.dumps(chosen), need_line="! a dashboard", need="to see"),
    )
    assert page.status_code == 200
    assert "- [ ] pick a tester @Jo Lindt\n! a dashboard -- need: to see" in page.text


@pytest.mark.parametrize("answer", ["", "{", "[]", '{"line": "x", "was": 1}', '{"line": 1}', "null", "7"])
def test_an_answer_that_is_none_changes_nothing(client: Client, cast: Cast, answer: str) -> None:
    page = client.sign_in(cast.rep).submit(log_path(cast), the_form(cast, minutes=ASKED, add="check", answer=answer))
    assert page.status_code == 200
    assert "- [ ] pick a tester @jane\n! a dashboard" in page.text


def test_the_panel_alone_answers_while_one_types(
    client: Client, cast: Cast, session: Session, statements: StatementCounter
) -> None:
    client.sign_in(cast.rep)
    with statements:
        part = client.submit(f"{log_path(cast)[:-3]}preview", the_form(cast, minutes=ASKED), headers=HTMX)
    assert statements.count <= 6
    assert "<html" not in part.text
    assert "Who is @jane?" in part.text
    assert part.text.count("Keep it as it stands") == 2
    assert session.scalar(select(func.count(Meeting.id))) == 0


@pytest.mark.parametrize("held_on", ["", "2026-13-40", "0001-01-01", "9999-12-31"])
def test_the_panel_answers_whatever_day_was_typed(client: Client, cast: Cast, held_on: str) -> None:
    typed = the_form(cast, minutes="- [ ] think by Friday", held_on=held_on, kind="nonsense", lasted="x")
    assert client.sign_in(cast.rep).submit(f"{log_path(cast)[:-3]}preview", typed, headers=HTMX).status_code == 200


def test_a_mistake_in_a_marked_line_is_told_beside_the_notes(client: Client, cast: Cast) -> None:
    typed = the_form(cast, minutes="- [ ] think by 1 December 2099", held_on=(today() + timedelta(days=1)).isoformat())
    assert client.sign_in(cast.rep).submit(log_path(cast), typed).status_code == 422


# ---- Drafts


def draft_path(cast: Cast) -> str:
    return f"{log_path(cast)[:-3]}draft"


def test_a_draft_is_kept_offered_and_gone_once_the_meeting_is_saved(
    client: Client, cast: Cast, session: Session
) -> None:
    client.sign_in(cast.rep)
    typed = the_form(
        cast, minutes="Half a thought", page_key="a page", lasted="25", **{"actions-1-text": "Half an act"}
    )
    said = client.submit(draft_path(cast), typed).get_json()
    assert re.fullmatch(r"Draft saved \d\d:\d\d", said["words"])
    page = client.get(log_path(cast)).text
    for words in ("Half a thought", "Half an act", "You left this unfinished on", 'value="25"'):
        assert words in page, words
    assert "notes left unfinished on" in client.get("/meetings/new").text
    assert "Half a thought" in client.get("/unfinished").text
    client.submit(log_path(cast), typed)
    assert session.scalar(select(func.count(Draft.id))) == 0
    late = client.submit(draft_path(cast), typed)
    assert late.status_code == 409
    assert late.get_json()["words"].startswith("This meeting is saved already.")


def test_a_newer_draft_of_another_page_is_not_overwritten(client: Client, cast: Cast, session: Session) -> None:
    client.sign_in(cast.rep)
    first = client.submit(draft_path(cast), the_form(cast, minutes="One", page_key="one")).get_json()
    second = client.submit(draft_path(cast), the_form(cast, minutes="Two", page_key="two"))
    assert second.status_code == 409
    assert second.get_json()["saved_at"] == first["saved_at"]
    mine = the_form(cast, minutes="Two", page_key="two", draft_at=first["saved_at"])
    assert client.submit(draft_path(cast), mine).status_code == 200
    session.expire_all()
    assert session.scalars(select(Draft)).one().fields["minutes"] == ["Two"]


def test_nobody_else_reads_a_draft(client: Client, cast: Cast) -> None:
    client.sign_in(cast.rep).submit(draft_path(cast), the_form(cast, minutes="Mine alone", page_key="one"))
    for person in (cast.colleague, cast.cio, cast.head, cast.administrator):
        client.sign_in(person)
        for path in ("/unfinished", "/meetings", "/audit", f"/units/{cast.finance.id}", log_path(cast)):
            assert "Mine alone" not in client.get(path).text


def test_throwing_it_away_gives_an_empty_form(client: Client, cast: Cast, session: Session) -> None:
    client.sign_in(cast.rep).submit(draft_path(cast), the_form(cast, minutes="Half a thought", page_key="one"))
    answer = client.submit(f"{draft_path(cast)}/throw-away")
    assert answer.status_code == 303
    assert "Half a thought" not in client.get(answer.location).text
    assert session.scalar(select(func.count(Draft.id))) == 0


def test_without_script_check_keeps_the_draft(client: Client, cast: Cast, session: Session) -> None:
    client.sign_in(cast.rep).submit(log_path(cast), the_form(cast, minutes="Checked", page_key="one", add="check"))
    assert session.scalars(select(Draft)).one().fields["minutes"] == ["Checked"]


def test_a_draft_takes_up_what_it_does_not_speak_of(client: Client, cast: Cast, session: Session) -> None:
    ledger(session, cast)
    fields = {"minutes": ["Only words"]}
    now = datetime.now(UTC)
    key = f"log:{cast.finance.id}"
    session.add(Draft(person_id=cast.rep.id, key=key, unit_id=cast.finance.id, fields=fields, saved_at=now))
    session.commit()
    page = client.sign_in(cast.rep).get(log_path(cast)).text
    assert "Only words" in page
    assert is_ticked(page, "attendees", cast.head.id)
    assert project_fields(page)["projects-0-state"] == "On time."
    assert 'name="actions-0-text"' in page


def test_what_is_left_of_a_unit_no_longer_looked_after_can_still_be_read(
    client: Client, cast: Cast, session: Session
) -> None:
    client.sign_in(cast.rep)
    now = datetime.now(UTC)
    fields = {"minutes": ["About Legal, at length"]}
    session.add(Draft(person_id=cast.rep.id, key="log:0", unit_id=cast.legal.id, fields=fields, saved_at=now))
    session.commit()
    page = client.get("/unfinished").text
    assert "About Legal, at length" in page
    assert "you no longer look after Legal" in page
    assert "Go on" not in page[page.index("<main") :]
