"""The commands ``crm jobs``: what runs on time, running one now, and running them all."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import click

from crm import db, scheduler
from crm.jobs import JOBS, Job
from crm.maker import Maker, pass_maker
from crm.services import clock, job_runs, organisation
from models.job_run import JobRun


@click.group("jobs")
def jobs_group() -> None:
    """Work done on time."""


@jobs_group.command("list")
@pass_maker
def list_jobs(maker: Maker) -> None:
    """Every job: what it is for, when it runs, how it went last, and when it is due next."""
    with maker.app().app_context(), db.transaction() as session:
        zone = ZoneInfo(organisation.current(session).time_zone)
        newest = job_runs.newest_of_each(session)
    for job in JOBS:
        click.echo(f"{job.name:<16} {job.purpose}")
        click.echo(f"{'':<16} {_told(job, newest.get(job.name), clock.now(), zone)}")


def _told(job: Job, run: JobRun | None, now: datetime, zone: ZoneInfo) -> str:
    last = f"last {_moment(run.began_at, zone)}, {_ended(run)}" if run else "not run yet"
    return f"{job.schedule}; {last}; next {_moment(job.schedule.next(now, zone).at, zone)}"


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _ended(run: JobRun) -> str:
    if run.error:
        return f"failed at try {run.attempt}: {run.error}"
    return "running" if run.ended_at is None else f"did {run.done}"


@jobs_group.command("run")
@click.argument("name", type=click.Choice([job.name for job in JOBS]))
@pass_maker
def run_job(maker: Maker, name: str) -> None:
    """Run one job now."""
    job = next(job for job in JOBS if job.name == name)
    click.echo(f"{name}: {scheduler.run_job(maker.app(), job)} done")


@jobs_group.command("serve")
@pass_maker
def serve_jobs(maker: Maker) -> None:
    """Run the jobs in a process of their own, until stopped."""
    scheduler.serve(maker.app())
