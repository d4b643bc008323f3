from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from crm.services import mail_kinds, mail_preferences
from models.mail import MailChoice, MailKind
from models.person import Person, Role
from tests.cast import Cast
from tests.conftest import StatementCounter

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def choose(session: Session, person: Person, kind: MailKind, choice: MailChoice) -> None:
    mail_preferences.choose(session, person_id=person.id, kind=kind, choice=choice, now=NOW)


def test_without_a_choice_the_kinds_own_default_holds(session: Session, cast: Cast) -> None:
    found = mail_preferences.choices(session, [cast.rep.id, cast.head.id])
    assert found[cast.rep.id, MailKind.AGENDA] is MailChoice.DIGEST
    assert found[cast.rep.id, MailKind.DIGEST] is MailChoice.NOW
    assert found[cast.head.id, MailKind.RATING] is MailChoice.NOW
    assert found[cast.head.id, MailKind.ACTION] is MailChoice.NOW, "who gets no daily mail finds nothing in it"


def test_what_somebody_chose_holds_for_that_person_and_kind(session: Session, cast: Cast) -> None:
    choose(session, cast.rep, MailKind.AGENDA, MailChoice.NEVER)
    choose(session, cast.rep, MailKind.LOG, MailChoice.NEVER)
    choose(session, cast.rep, MailKind.LOG, MailChoice.NOW)
    found = mail_preferences.choices(session, [cast.rep.id, cast.colleague.id])
    assert found[cast.rep.id, MailKind.AGENDA] is MailChoice.NEVER
    assert found[cast.rep.id, MailKind.LOG] is MailChoice.NOW
    assert found[cast.colleague.id, MailKind.AGENDA] is MailChoice.DIGEST


def test_what_is_not_optional_cannot_be_chosen_away(session: Session, cast: Cast) -> None:
    for kind in (MailKind.ACCOUNT, MailKind.RATING, MailKind.INVITATION, MailKind.PROMISE, MailKind.MINUTES):
        choose(session, cast.head, kind, MailChoice.NEVER)
        assert mail_preferences.choices(session, [cast.head.id])[cast.head.id, kind] is MailChoice.NOW


def test_who_wants_no_daily_mail_gets_nothing_that_would_stand_in_it(session: Session, cast: Cast) -> None:
    choose(session, cast.rep, MailKind.DIGEST, MailChoice.NEVER)
    choose(session, cast.rep, MailKind.LOG, MailChoice.NOW)
    found = mail_preferences.choices(session, [cast.rep.id])
    assert found[cast.rep.id, MailKind.AGENDA] is MailChoice.NEVER
    assert found[cast.rep.id, MailKind.LOG] is MailChoice.NOW


def test_the_choices_of_many_are_one_statement(session: Session, cast: Cast, statements: StatementCounter) -> None:
    ids = [cast.rep.id, cast.head.id, cast.cio.id]
    with statements:
        found = mail_preferences.choices(session, ids)
    assert statements.count == 1
    assert {person_id for person_id, _ in found} == set(ids)


def test_every_kind_of_mail_says_what_it_is_and_each_role_sees_only_its_own() -> None:
    assert set(mail_kinds.KINDS) == set(MailKind)
    assert MailKind.WEEKLY not in mail_kinds.for_person(Person(name="Rep", is_rep=True))
    assert set(mail_kinds.for_person(Person(name="CIO", is_cio=True))) == {
        MailKind.ACCOUNT,
        MailKind.WEEKLY,
        MailKind.ENDING,
        MailKind.COVER,
    }
    rep = frozenset({Role.REP})
    assert mail_kinds.choices_of(mail_kinds.KINDS[MailKind.AGENDA], rep) == tuple(MailChoice)
    assert mail_kinds.choices_of(mail_kinds.KINDS[MailKind.RATING], rep) == (MailChoice.NOW,)
