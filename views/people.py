"""People, as the administrator looks after them."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Invalid
from crm.policy import Action
from crm.services import leading, people, sign_ins
from models.person import Person, Role
from views import access
from views.access import allow
from views.forms.accounts import PersonForm
from views.paging import page_number

bp = Blueprint("people", __name__)


@bp.get("/people")
@allow(Action.MANAGE_PEOPLE)
def index() -> ResponseReturnValue:
    text = request.args.get("text", "").strip()[:100]
    role = request.args.get("role", "")
    left = request.args.get("left") == "1"
    page = people.listed(
        db.session(),
        by=access.actor(),
        text=text,
        role=Role(role) if role in set(Role) else None,
        left=left,
        number=page_number(),
    )
    return render_template("people/index.html", page=page, text=text, role=role, left=left)


@bp.get("/people/new")
@allow(Action.MANAGE_PEOPLE)
def new() -> ResponseReturnValue:
    return render_template("people/new.html", form=_form(formdata=None, roles=[Role.REP.value], invite=True))


@bp.post("/people/new")
@allow(Action.MANAGE_PEOPLE)
def create() -> ResponseReturnValue:
    form = _form()
    if form.validate():
        try:
            person = people.add(
                db.session(),
                by=access.actor(),
                name=form.name.data or "",
                email=form.email.data,
                job_title=form.job_title.data or "",
                roles=form.chosen_roles(),
                language=form.language.data or "",
            )
            if form.invite.data:
                people.invite(db.session(), by=access.actor(), person=person, now=access.now())
            flash(f"{person.name} is here." + (" A link to set a password is on its way." if form.invite.data else ""))
            return redirect(url_for("people.index", text=person.name), 303)
        except Invalid as error:
            form.refuse(error)
    return render_template("people/new.html", form=form), 422


def _form(**given: object) -> PersonForm:
    form = PersonForm(**given)
    form.offer(access.organisation())
    return form


def _page(person: Person, form: PersonForm) -> str:
    places = sign_ins.of_person(db.session(), person)
    form.lead_id.choices = [
        ("", "Nobody"),
        *((one.id, one.name) for one in leading.choices(db.session(), person=person)),
    ]
    return render_template("people/edit.html", person=person, form=form, places=places)


@bp.get("/people/<int:person_id>")
@allow(Action.MANAGE_PEOPLE)
def edit(person_id: int) -> ResponseReturnValue:
    person = people.find(db.session(), by=access.actor(), person_id=person_id)
    form = _form(formdata=None, obj=person, roles=[role.value for role in person.roles])
    return _page(person, form)


@bp.post("/people/<int:person_id>")
@allow(Action.MANAGE_PEOPLE)
def change(person_id: int) -> ResponseReturnValue:
    person = people.find(db.session(), by=access.actor(), person_id=person_id)
    form = _form()
    if form.validate():
        try:
            people.change(
                db.session(),
                by=access.actor(),
                person=person,
                name=form.name.data or "",
                email=form.email.data,
                job_title=form.job_title.data or "",
                roles=form.chosen_roles(),
                language=form.language.data or "",
            )
            leading.set_lead(db.session(), by=access.actor(), person=person, lead_id=form.lead_id.data)
            flash(f"{person.name} is saved.")
            return redirect(url_for("people.edit", person_id=person.id), 303)
        except Invalid as error:
            form.refuse(error)
            db.session().refresh(person)
    return _page(person, form), 422


@bp.post("/people/<int:person_id>/invite")
@allow(Action.MANAGE_PEOPLE)
def invite(person_id: int) -> ResponseReturnValue:
    person = people.find(db.session(), by=access.actor(), person_id=person_id)
    people.invite(db.session(), by=access.actor(), person=person, now=access.now())
    flash(f"A link to set a password is on its way to {person.email}. Older links no longer work.")
    return redirect(url_for("people.edit", person_id=person.id), 303)


@bp.post("/people/<int:person_id>/sign-out")
@allow(Action.MANAGE_PEOPLE)
def sign_out(person_id: int) -> ResponseReturnValue:
    person = people.find(db.session(), by=access.actor(), person_id=person_id)
    sign_ins.end_all(db.session(), person=person)
    flash(f"{person.name} is signed out everywhere.")
    return redirect(url_for("people.edit", person_id=person.id), 303)


@bp.post("/people/<int:person_id>/come-back")
@allow(Action.MANAGE_PEOPLE)
def come_back(person_id: int) -> ResponseReturnValue:
    person = people.find(db.session(), by=access.actor(), person_id=person_id)
    people.come_back(db.session(), by=access.actor(), person=person)
    flash(f"{person.name} is back. Units and roles in units have to be given anew.")
    return redirect(url_for("people.edit", person_id=person.id), 303)
