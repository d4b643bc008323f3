"""People: adding, changing, inviting, and letting go without losing their history."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Conflict, Gone, Invalid, NotFound
from crm.policy import Action, Actor
from crm.services import account_mail, languages, organisation, outbox, pages, passwords, sign_ins
from crm.services.clashes import told_as
from crm.services.languages import Language
from crm.services.search import contains
from crm.services.secrets import hashed, new_token
from crm.services.wording import Wording
from models.mail import MailKind
from models.person import Person, Role, email_key
from models.rating import Invitation
from models.sign_in import PasswordLink
from models.unit import Assignment

INVITATION_HOURS = 72
TAKEN = "Somebody here has that address already."
FLAGS: dict[Role, ColumnElement[bool]] = {
    Role.REP: Person.is_rep.expression,
    Role.BUSINESS: Person.is_business.expression,
    Role.CIO: Person.is_cio.expression,
    Role.ADMINISTRATOR: Person.is_administrator.expression,
}


def add(
    session: Session,
    *,
    by: Actor,
    name: str,
    email: str | None,
    job_title: str,
    roles: frozenset[Role],
    language: str = "",
) -> Person:
    """A new person. Raises Conflict("email") when somebody has that address, Invalid for an impossible one or for a
    language that is not known."""
    policy.require(by, Action.MANAGE_PEOPLE)
    languages.refuse_unknown(language)
    person = Person(name=name, job_title=job_title, language=language)
    _give(person, email, roles)
    with told_as(session, Conflict("email", TAKEN)):
        session.add(person)
    return person


def change(
    session: Session,
    *,
    by: Actor,
    person: Person,
    name: str,
    email: str | None,
    job_title: str,
    roles: frozenset[Role],
    language: str = "",
) -> None:
    """Raises Conflict("email") or Invalid; Invalid("roles") when the last administrator would go, or a rep who still
    looks after units."""
    policy.require(by, Action.MANAGE_PEOPLE)
    _refuse_forgotten(person)
    if person.is_administrator and Role.ADMINISTRATOR not in roles:
        _refuse_losing_the_last_administrator(session, person)
    if person.is_rep and Role.REP not in roles:
        _refuse_leaving_units_alone(session, person, by.today)
    languages.refuse_unknown(language)
    with told_as(session, Conflict("email", TAKEN)):
        person.name, person.job_title, person.language = name, job_title, language
        _give(person, email, roles)


def _give(person: Person, email: str | None, roles: frozenset[Role]) -> None:
    checked = checked_email(email)
    if email_key(checked) != person.email_key or checked != person.email:
        person.email = checked
    person.is_rep = Role.REP in roles
    person.is_business = Role.BUSINESS in roles
    person.is_cio = Role.CIO in roles
    person.is_administrator = Role.ADMINISTRATOR in roles


def checked_email(email: str | None) -> str | None:
    """The address without blanks around it, None for none. Raises Invalid("email", why)."""
    if not email or not email.strip():
        return None
    try:
        validate_email(email.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise Invalid("email", f"That address cannot be written to: {error}") from error
    return email.strip()


def _refuse_losing_the_last_administrator(session: Session, person: Person) -> None:
    others = select(func.count(Person.id)).where(
        Person.is_administrator, Person.left_on.is_(None), Person.id != person.id, Person.password_hash.is_not(None)
    )
    if person.password_hash and not session.scalar(others):
        raise Invalid("roles", "This is the only administrator who can sign in. Name another one first.")


def _refuse_leaving_units_alone(session: Session, person: Person, today: date) -> None:
    units = select(Assignment.unit_id).where(Assignment.rep_id == person.id, Assignment.lasts(today))
    if session.scalars(units.limit(1)).first() is not None:
        raise Invalid("roles", f"{person.name} looks after units. Hand them over first; then the role goes too.")


def find(session: Session, *, by: Actor, person_id: int) -> Person:
    policy.require(by, Action.MANAGE_PEOPLE)
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("There is no such person.")
    return person


def with_email(session: Session, *, by: Actor, email: str) -> Person:
    """Whoever has this address, here or gone. Raises NotFound."""
    policy.require(by, Action.MANAGE_PEOPLE)
    person = session.scalar(select(Person).where(Person.email_key == email_key(email)))
    if person is None:
        raise NotFound("Nobody here has that address.")
    return person


def listed(
    session: Session, *, by: Actor, text: str = "", role: Role | None = None, left: bool = False, number: int = 1
) -> pages.Page[Person]:
    """People by name: those here, or those who left."""
    policy.require(by, Action.MANAGE_PEOPLE)
    wanted = select(Person).where(Person.left_on.is_not(None) if left else Person.left_on.is_(None))
    if role is not None:
        wanted = wanted.where(FLAGS[role])
    if text:
        wanted = wanted.where(contains(text, Person.name, Person.email))
    return pages.of_objects(session, wanted.order_by(func.lower(Person.name), Person.id), number)


def reps(session: Session) -> list[Person]:
    """Everyone who may look after units, by name."""
    return list(session.scalars(_REPS))


_REPS = select(Person).where(Person.is_rep, Person.left_on.is_(None)).order_by(func.lower(Person.name), Person.id)


def refuse_leaving(session: Session, *, by: Actor, person: Person) -> None:
    """Raises Invalid for the only administrator and for oneself."""
    policy.require(by, Action.MANAGE_PEOPLE)
    if by.id == person.id:
        raise Invalid("on", "Somebody else has to do this for you.")
    if person.is_administrator:
        _refuse_losing_the_last_administrator(session, person)


def close_account(session: Session, *, person: Person, on: date, now: datetime) -> None:
    """The person has left: no sign-in from now, no link works any more, everything said stays."""
    person.left_on, person.leaves_on = on, None
    sign_ins.end_all(session, person=person)
    _end_links(session, person, now)
    asked = update(Invitation).where(Invitation.person_id == person.id, Invitation.revoked_at.is_(None))
    session.execute(asked.values(revoked_at=now))


def come_back(session: Session, *, by: Actor, person: Person) -> None:
    """Undo a leaving. What it ended has to be given anew."""
    policy.require(by, Action.MANAGE_PEOPLE)
    _refuse_forgotten(person)
    person.left_on = None
    session.flush()


def _refuse_forgotten(person: Person) -> None:
    if person.forgotten_on:
        raise Conflict("name", "This person was forgotten. Whoever comes back is added anew.")


def invite(session: Session, *, by: Actor, person: Person, now: datetime) -> str:
    """Send a link to set a password, and return its path; older links die. Raises Invalid without an address."""
    policy.require(by, Action.MANAGE_PEOPLE)
    if person.email is None:
        raise Invalid("email", f"{person.name} has no e-mail address, so no link can be sent.")
    house = organisation.current(session)
    say = languages.of(person, house.language)
    told = account_mail.welcome(say, to=person, organisation=house.name, hours=INVITATION_HOURS)
    return _send_link(session, person=person, say=say, told=told, now=now)


def remind(session: Session, *, email: str, now: datetime) -> None:
    """Send a link to whoever has this address; silently nothing when nobody has."""
    mine = select(Person).where(Person.email_key == email_key(email), Person.left_on.is_(None))
    person = session.scalar(mine)
    if person is not None:
        say = languages.of(person, organisation.current(session).language)
        told = account_mail.forgotten(say, to=person, hours=INVITATION_HOURS)
        _send_link(session, person=person, say=say, told=told, now=now)


def _send_link(session: Session, *, person: Person, say: Language, told: Wording, now: datetime) -> str:
    _end_links(session, person, now)
    token = new_token()
    link = PasswordLink(
        person_id=person.id, token_hash=hashed(token), expires_at=now + timedelta(hours=INVITATION_HOURS)
    )
    session.add(link)
    session.flush()
    path = f"/password/{token}"
    outbox.queue(
        session,
        key=f"password:{link.id}",
        to=person,
        subject=told.subject,
        body=told.body,
        path=path,
        button=told.button,
        kind=MailKind.ACCOUNT,
        say=say,
        now=now,
    )
    return path


def _end_links(session: Session, person: Person, now: datetime) -> None:
    mine = update(PasswordLink).where(PasswordLink.person_id == person.id, PasswordLink.used_at.is_(None))
    session.execute(mine.values(used_at=now))


def of_link(session: Session, *, token: str, now: datetime) -> Person:
    """Whose password the link sets. Raises Gone when it is unknown, used or expired: strangers cannot tell which."""
    link = session.scalar(select(PasswordLink).where(PasswordLink.token_hash == hashed(token)))
    person = session.get(Person, link.person_id) if link and not link.used_at and link.expires_at > now else None
    if person is None or not person.is_active:
        raise Gone("This link has had its day. Ask for a new one on the sign-in page.")
    return person


def set_password_by_link(session: Session, *, token: str, password: str, now: datetime) -> Person:
    """Use the link up, set the password, and end all sessions of that person. Raises Gone or Invalid("password")."""
    person = of_link(session, token=token, now=now)
    passwords.set_for(person, password, context=(organisation.current(session).name,))
    _end_links(session, person, now)
    sign_ins.end_all(session, person=person)
    return person


def change_password(session: Session, *, person: Person, current: str, new: str, keep_sign_in_id: int) -> None:
    """Raises Invalid("current") for a wrong current password, Invalid("password") for a weak new one."""
    if not passwords.verify(person.password_hash, current):
        raise Invalid("current", "That is not your current password.")
    passwords.set_for(person, new, context=(organisation.current(session).name,))
    sign_ins.end_all(session, person=person, except_id=keep_sign_in_id)
