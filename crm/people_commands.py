"""The commands ``crm people``: adding somebody who signs in, and forgetting somebody who has left."""

from __future__ import annotations

import click
from sqlalchemy.orm import Session

from crm import db
from crm.errors import CrmError
from crm.maker import Maker, application, pass_maker
from crm.policy import Actor
from crm.services import forgetting, forgetting_traces, people
from models.person import Person, Role


@click.group("people")
def people_group() -> None:
    """People: those who sign in, and those who are to be forgotten."""


@people_group.command("add")
@click.argument("name")
@click.argument("email")
@click.option("--role", "roles", multiple=True, type=click.Choice([role.value for role in Role]), required=True)
@pass_maker
def add_person(maker: Maker, name: str, email: str, roles: tuple[str, ...]) -> None:
    """Add NAME with EMAIL, and print the link by which that person sets a password."""
    app = maker.app()
    with app.app_context():
        by, now = application()
        try:
            with db.transaction() as session:
                chosen = frozenset(Role(role) for role in roles)
                person = people.add(session, by=by, name=name, email=email, job_title="", roles=chosen)
                path = people.invite(session, by=by, person=person, now=now)
        except CrmError as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"{name} is here. The password is set, within three days, at the address of Rapport and this path:")
    click.echo(path)


@people_group.command("forget")
@click.argument("email")
@click.option("--answers-too", is_flag=True, help="The marks and words they gave go as well.")
@click.option("--name", help="Their name, to confirm without being asked.")
@pass_maker
def forget_person(maker: Maker, email: str, answers_too: bool, name: str | None) -> None:
    """Forget whoever has EMAIL and has left, for good: docs/confidentiality.md says what goes and what stays."""
    app = maker.app()
    with app.app_context():
        by, now = application()
        try:
            with db.transaction() as session:
                person = people.with_email(session, by=by, email=email)
                forgetting.refuse(by=by, person=person)
                _tell(session, by, person)
                typed = name or click.prompt(f"This cannot be undone. Write “{person.name}” to go on")
                forgetting.forget(session, by=by, person=person, typed=typed, answers_too=answers_too, now=now)
        except CrmError as error:
            raise click.ClickException(str(error)) from error
    click.echo("Forgotten. Backups made until today still hold what is gone.")


def _tell(session: Session, by: Actor, person: Person) -> None:
    found = forgetting_traces.traces(session, by=by, person=person)
    if found:
        click.echo("The name still stands in what others wrote, and stays there unless somebody changes it:")
    for trace in found[: forgetting_traces.MOST]:
        click.echo(f"  {trace.what}{f', {trace.unit}' if trace.unit else ''}")
    if len(found) > forgetting_traces.MOST:
        click.echo("  and more")
    for file in forgetting_traces.waiting_imports(session):
        click.echo(f"  The import of {file} waits, and may bring them back.")
