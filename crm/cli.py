"""The command ``crm``: serving, the database, people, imports, the demonstration, jobs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click
from alembic.util.exc import CommandError
from flask import Flask

from crm import db, mail, scheduler, schema, server
from crm.config import Settings
from crm.errors import CrmError, Invalid
from crm.health_commands import health_group
from crm.job_commands import jobs_group
from crm.jobs import JOBS
from crm.maker import Maker, application, counter, engine_of, pass_maker
from crm.people_commands import people_group
from crm.satisfaction_commands import catch_up, satisfaction_group
from crm.services import clock, demo, setup
from crm.services.incoming.parcels import Unreachable
from crm.services.organisation_import.columns import MEANINGS, Kind
from crm.services.organisation_import.loading import import_file
from crm.services.sending import NotNow, Refused


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def group() -> None:
    """Rapport: the relationship CRM for the account managers of internal IT."""


# ---- serve


@group.command()
@click.option("--host", default="127.0.0.1", show_default=True, envvar="HOST")
@click.option("--port", default=8000, show_default=True, envvar="PORT", type=click.IntRange(1, 65535))
@click.option("--no-scheduler", is_flag=True, help="Leave the jobs to `crm jobs serve`.")
@pass_maker
def serve(maker: Maker, host: str, port: int, no_scheduler: bool) -> None:
    """Start the web server, with the scheduler inside."""
    settings = maker.settings()
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
    if not settings.production:
        settings = replace(settings, base_url=f"http://{shown}:{port}")
    try:
        server.refuse_used_port(host, port)
    except server.PortInUse as error:
        raise click.ClickException(str(error)) from error
    app = maker.app(settings)
    _prepare_database(app, settings)
    with app.app_context():
        catch_up()
        _move_in(settings)
        _print_setup_code(settings)
    click.echo(f"Rapport is at {settings.base_url}  (Ctrl+C stops it)")
    server.serve(app, settings, host=host, port=port, with_scheduler=not no_scheduler)


def _prepare_database(app: Flask, settings: Settings) -> None:
    """Locally the newest shape comes by itself; in production somebody decides when."""
    engine = engine_of(app).engine
    if not settings.production:
        schema.upgrade(engine)
    elif not schema.is_current(engine):
        raise click.ClickException("The database is older than this version. Run: crm db upgrade")


def _move_in(settings: Settings) -> None:
    """The demonstration fills an empty database by itself."""
    with db.transaction() as session:
        is_empty = setup.is_needed(session)
    if settings.demonstration and is_empty:
        _load_demonstration(demo.Scale.SMALL)


def _print_setup_code(settings: Settings) -> None:
    with db.transaction() as session:
        if setup.is_needed(session) and not settings.demonstration:
            code = setup.new_code(session, clock.now())
            click.echo(
                f"\nNobody can sign in yet. Open {settings.base_url}/setup with this set-up code:\n\n    {code}\n"
            )


# ---- the database


@group.group("db")
def db_group() -> None:
    """The shape of the database."""


@db_group.command("upgrade")
@pass_maker
def upgrade(maker: Maker) -> None:
    """Bring the database to the newest shape."""
    app = maker.app()
    schema.upgrade(engine_of(app).engine)
    with app.app_context():
        catch_up()
    click.echo("The database has the newest shape.")


@db_group.command("check")
@pass_maker
def check(maker: Maker) -> None:
    """Fail when the database differs from the models."""
    try:
        schema.check(engine_of(maker.app()).engine)
    except CommandError as error:
        raise click.ClickException(str(error)) from error


# ---- mail


@group.group("mail")
def mail_group() -> None:
    """The way to the mail server, and to the mailbox."""


@mail_group.command("test")
@click.argument("address")
@pass_maker
def test_mail(maker: Maker, address: str) -> None:
    """Send one message to ADDRESS, now, and say what the mail server answered."""
    settings = maker.settings()
    if settings.mail_server is None:
        raise click.ClickException("No mail server is connected. Set CRM_MAIL_URL and CRM_MAIL_FROM.")
    try:
        mail.send_test(
            settings.mail_server, base_url=settings.base_url, secret_key=settings.secret_key, address=address
        )
    except (Refused, NotNow) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{settings.mail_server.host} took a message to {address}.")


@mail_group.command("fetch")
@pass_maker
def fetch_mail(maker: Maker) -> None:
    """Read what came into the mailbox, now."""
    if maker.settings().mailbox is None:
        raise click.ClickException("No mailbox is connected. Set CRM_MAILBOX_URL.")
    job = next(job for job in JOBS if job.name == "read-mail")
    try:
        click.echo(f"{scheduler.run_job(maker.app(), job)} new")
    except Unreachable as error:
        raise click.ClickException(str(error)) from error


# ---- import


@group.group("import")
def import_group() -> None:
    """Bring in files."""


def _meanings() -> str:
    """What --column can say, for the help."""
    lists = ((Kind.UNITS, "a list of units"), (Kind.PERSONNEL, "a personnel list"))
    parts = [
        f"\b\nMeanings in {title}:\n" + "\n".join(f"  {meaning.key:<10} {meaning.label}" for meaning in MEANINGS[kind])
        for kind, title in lists
    ]
    return "\n\n".join(parts)


def _column_to_say(error: CrmError) -> str:
    """How to answer when a column has to be said."""
    keys = {meaning.key for meanings in MEANINGS.values() for meaning in meanings}
    return f" --column {error.field}=HEADER" if isinstance(error, Invalid) and error.field in keys else ""


@import_group.command("organisation", epilog=_meanings())
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--below", default="", help="Load below a top unit of this name: a tree of its own.")
@click.option("--column", "columns", multiple=True, metavar="MEANING=HEADER", help="Say what a column is.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and do nothing.")
@pass_maker
def import_organisation(maker: Maker, file: Path, below: str, columns: tuple[str, ...], dry_run: bool) -> None:
    """Bring in units and people from FILE: a list of units, or a personnel list."""
    app = maker.app()
    with app.app_context():
        by, now = application()
        try:
            with db.transaction() as session:
                report = import_file(
                    session,
                    by=by,
                    path=file,
                    kind=None,
                    root=below,
                    mapping=_mapping(columns),
                    dry_run=dry_run,
                    now=now,
                    progress=counter("steps"),
                )
        except CrmError as error:
            raise click.ClickException(str(error) + _column_to_say(error)) from error
    click.echo("\n".join(report.lines()))
    click.echo("Nothing was saved: a dry run." if dry_run else "Saved.")


def _mapping(columns: tuple[str, ...]) -> dict[str, str]:
    for column in columns:
        if "=" not in column:
            raise click.ClickException(f"--column {column}: say MEANING=HEADER, like code=Unit-Nr")
    return dict(column.split("=", 1) for column in columns)


# ---- the demonstration


@group.group("demo")
def demo_group() -> None:
    """The demonstration organisation."""


@demo_group.command("load")
@click.option("--scale", type=click.Choice([scale.value for scale in demo.Scale]), default="small", show_default=True)
@pass_maker
def load_demo(maker: Maker, scale: str) -> None:
    """Fill an empty database with Fernhill IT: 12, 500 or 5,000 units and their history."""
    app = maker.app()
    schema.upgrade(engine_of(app).engine)
    with app.app_context():
        _load_demonstration(demo.Scale(scale))


def _load_demonstration(scale: demo.Scale) -> None:
    by, now = application()
    click.echo("Fernhill IT moves in: its units, its people, two and a half years of history.")
    try:
        with db.transaction() as session:
            written = demo.load(session, scale=scale, today=by.today, now=now, progress=counter("units"))
            if scale is demo.Scale.SMALL:
                demo.write_mail(session, today=by.today, now=now)
    except CrmError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{sum(written.values()):,} rows are in.")


# ---- jobs

group.add_command(jobs_group)
group.add_command(people_group)


# ---- totals of ratings

group.add_command(satisfaction_group)
group.add_command(health_group)
