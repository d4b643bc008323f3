"""Projects of a unit: the list, kept in place, and the history of one."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db, policy
from crm.errors import Invalid, NotFound
from crm.policy import Action
from crm.services import attendees, clock, projects
from crm.services.projects import Which
from models.project import Project
from models.unit import BusinessUnit
from views import access
from views.access import allow
from views.arguments import chosen_id
from views.forms.base import tidy
from views.forms.projects import STAGES, ProjectForm
from views.paging import page_number

bp = Blueprint("projects", __name__)

PARTS = ((Which.UNDER_WAY.value, "Under way"), (Which.OVER.value, "Finished"), (Which.ALL.value, "All"))


@bp.get("/units/<int:unit_id>/projects")
@allow(Action.SEE_PROMISES)
def index(unit_id: int) -> ResponseReturnValue:
    """``?edit=``: the project whose row is a form."""
    unit = access.unit(unit_id, Action.SEE_PROMISES)
    edited = chosen_id("edit")
    if edited is None or not policy.can(access.actor(), Action.KEEP_PROJECT, unit):
        return _list(unit)
    project = projects.find(db.session(), by=access.actor(), project_id=edited)
    if project.unit_id != unit.id:
        raise NotFound("There is no such project here.")
    return _list(unit, project, _form(unit, project, fresh=True))


def _list(unit: BusinessUnit, edited: Project | None = None, form: ProjectForm | None = None) -> str:
    given, text = request.args.get("show", ""), tidy(request.args.get("text"))[:100]
    which = Which(given) if given in set(Which) else Which.UNDER_WAY
    page = projects.listed(db.session(), by=access.actor(), unit=unit, which=which, text=text, number=page_number())
    return render_template(
        "projects/index.html",
        unit=unit,
        page=page,
        which=which.value,
        parts=PARTS,
        text=text,
        edited=edited,
        form=form,
        today=clock.local_date(access.now(), unit.time_zone),
    )


def _form(unit: BusinessUnit, project: Project | None, *, fresh: bool) -> ProjectForm:
    form = ProjectForm(formdata=None, obj=project) if fresh else ProjectForm()
    if fresh and project is not None:
        form.stage.data = project.stage.value
    today = clock.local_date(access.now(), unit.time_zone)
    people = attendees.candidates(db.session(), unit=unit, on=today, last=None)
    lead = project.lead if project else None
    form.offer(people, lead=(lead.id, lead.name) if lead else None)
    return form


@bp.get("/units/<int:unit_id>/projects/new")
@allow(Action.KEEP_PROJECT)
def new(unit_id: int) -> ResponseReturnValue:
    unit = access.unit(unit_id, Action.KEEP_PROJECT)
    return render_template("projects/new.html", unit=unit, form=_form(unit, None, fresh=True))


@bp.post("/units/<int:unit_id>/projects/new")
@allow(Action.KEEP_PROJECT)
def create(unit_id: int) -> ResponseReturnValue:
    unit = access.unit(unit_id, Action.KEEP_PROJECT)
    form = _form(unit, None, fresh=False)
    if form.validate():
        try:
            project = projects.start(
                db.session(),
                by=access.actor(),
                unit=unit,
                name=form.name.data or "",
                lead_id=form.lead_id.data,
                now=access.now(),
                **form.stands,
            )
            flash(f"“{project.name}” is on the list.")
            return _back_to(project)
        except Invalid as error:
            form.refuse(error)
    return render_template("projects/new.html", unit=unit, form=form), 422


@bp.get("/projects/<int:project_id>")
@allow(Action.SEE_PROMISES)
def show(project_id: int) -> ResponseReturnValue:
    project = projects.find(db.session(), by=access.actor(), project_id=project_id)
    return render_template(
        "projects/show.html",
        project=project,
        unit=project.unit,
        steps=projects.history(db.session(), project=project),
        stages=dict(STAGES),
        today=clock.local_date(access.now(), project.unit.time_zone),
    )


@bp.post("/projects/<int:project_id>")
@allow(Action.KEEP_PROJECT)
def keep(project_id: int) -> ResponseReturnValue:
    project = projects.find(db.session(), by=access.actor(), project_id=project_id)
    policy.require(access.actor(), Action.KEEP_PROJECT, project)
    form = _form(project.unit, project, fresh=False)
    if form.validate():
        try:
            _keep(project, form)
            flash(f"“{project.name}” is up to date.")
            return _back_to(project)
        except Invalid as error:
            form.refuse(error)
    return _list(project.unit, project, form), 422


def _keep(project: Project, form: ProjectForm) -> None:
    session, by, now = db.session(), access.actor(), access.now()
    told = {"name": form.name.data or "", "lead_id": form.lead_id.data}
    projects.rename(session, by=by, project=project, now=now, **told)
    projects.step(session, by=by, project=project, now=now, **form.stands)


def _back_to(project: Project) -> ResponseReturnValue:
    """To its row in the list it was changed in."""
    show, anchor = request.args.get("show"), f"project-{project.id}"
    return redirect(url_for("projects.index", unit_id=project.unit_id, show=show, _anchor=anchor), 303)
