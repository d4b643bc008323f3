"""What the rep should know before the first point; for IT alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.errors import Forbidden
from crm.services import agenda
from crm.services.agenda import brief
from crm.services.agenda.brief import About, Note
from models import (
    Absence,
    BusinessUnit,
    Handover,
    Meeting,
    Membership,
    MinutesReply,
    MinutesVersion,
    Part,
    Person,
    Reply,
    Review,
)
from tests.factories.relationships import NOW, Stage, ago, ahead, statements


def read(stage: Stage, by: Person, review: Review) -> list[Note]:
    stage.session.flush()
    found = agenda.read(stage.session, by=stage.actor(by), review=review, now=NOW)
    return brief.read(stage.session, by=stage.actor(by), review=review, window=found.window, now=NOW)


def of(notes: list[Note], about: About) -> list[str]:
    return [note.text for note in notes if note.about is about]


def objected(stage: Stage, meeting: Meeting, who: Person, number: int = 1) -> None:
    meeting.shared_version = number
    version = stage.add(MinutesVersion(meeting_id=meeting.id, number=number, text="Agreed", shared_at=NOW))
    reply = Reply.OBJECTED if number == 1 else Reply.WAITING
    told = MinutesReply(version_id=version.id, person_id=who.id, token_hash=f"{meeting.id}-{number}", reply=reply)
    told.said, told.replied_at = "It was the second try", NOW
    stage.add(told)


def test_an_objection_is_told_until_a_later_version_answers_it(
    stage: Stage, ines: Person, finance: BusinessUnit, last: Meeting, review: Review
) -> None:
    amara = stage.person("Amara Diallo")
    objected(stage, last, amara)
    (note,) = [note for note in read(stage, ines, review) if note.about is About.OBJECTION]
    assert note.text == "Amara Diallo objects to the minutes of 21 October."
    assert (note.said, note.id, note.presses) == ("It was the second try", last.id, True)
    objected(stage, last, amara, number=2)
    assert of(read(stage, ines, review), About.OBJECTION) == []


def test_a_head_is_new_who_began_after_the_last_review(
    stage: Stage, ines: Person, finance: BusinessUnit, last: Meeting, review: Review
) -> None:
    old, new = stage.person("Amara Diallo"), stage.person("Jo Lindt")
    stage.add(Membership(unit_id=finance.id, person_id=old.id, part=Part.HEAD, since=ago(400), until=ago(5)))
    assert of(read(stage, ines, review), About.HEAD) == []
    stage.add(Membership(unit_id=finance.id, person_id=new.id, part=Part.HEAD, since=ago(5)))
    assert of(read(stage, ines, review), About.HEAD) == ["Jo Lindt heads the unit since 15 November."]


def test_who_of_the_unit_is_away_on_the_day(stage: Stage, ines: Person, finance: BusinessUnit, review: Review) -> None:
    amara, stranger = stage.person("Amara Diallo"), stage.person("Olu Adeyemi")
    stage.member(finance, amara)
    day = review.planned_on
    for person, since, until in ((amara, ago(1), day), (stranger, ago(1), None)):
        stage.add(Absence(person_id=person.id, since=since, until=until))
    assert of(read(stage, ines, review), About.AWAY) == []
    away = stage.add(Absence(person_id=amara.id, since=day, until=day + timedelta(days=7), note="Surgery"))
    away.covered_by_id = stranger.id
    (said,) = of(read(stage, ines, review), About.AWAY)
    assert said == "Amara Diallo is away on the day, back on 30 November. Olu Adeyemi covers."


def test_the_last_handover_keeps_its_words_for_a_year(
    stage: Stage, ines: Person, finance: BusinessUnit, review: Review
) -> None:
    told = {"unit_id": finance.id, "to_id": ines.id, "started_at": NOW}
    stage.add(Handover(**told, on=ago(366), tone="Long ago"))
    assert of(read(stage, ines, review), About.HANDOVER) == []
    stage.add(Handover(**told, on=ago(300), tone="Call, do not write", went_wrong="The dashboard"))
    (note,) = [note for note in read(stage, ines, review) if note.about is About.HANDOVER]
    assert note.said == "Call, do not write\nThe dashboard"


def test_what_presses_comes_first_and_other_units_stay_out(
    stage: Stage, ines: Person, finance: BusinessUnit, last: Meeting, review: Review
) -> None:
    legal = stage.unit("Legal")
    objected(stage, stage.meeting(legal, ago(3)), stage.person("Helena Brandt"))
    stage.action(legal, "Theirs", due=ago(3))
    stage.action(finance, "Ours", due=ago(3))
    stage.add(Handover(unit_id=finance.id, to_id=ines.id, started_at=NOW, on=ago(30)))
    notes = read(stage, ines, review)
    assert [note.about for note in notes] == [About.LATE, About.FOUR, About.HANDOVER]
    assert notes[0].text == "One promise is overdue."


def test_the_business_is_told_nothing_and_it_takes_two_statements(
    stage: Stage, ines: Person, finance: BusinessUnit, review: Review
) -> None:
    amara = stage.person("Amara Diallo")
    stage.member(finance, amara)
    found = agenda.read(stage.session, by=stage.actor(ines), review=review, now=NOW)
    with pytest.raises(Forbidden):
        brief.read(stage.session, by=stage.actor(amara), review=review, window=found.window, now=NOW)
    by = stage.actor(ines)
    with statements(stage.session) as sent:
        brief.read(stage.session, by=by, review=review, window=found.window, now=NOW)
    assert len(sent) == 2
    assert ahead(3) == review.planned_on
