"""The audit trail, as the administrator reads it."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm import db
from crm.policy import Action
from crm.services import audit_trail
from models.base import Base
from views import access
from views.access import allow
from views.paging import page_number

bp = Blueprint("audit", __name__)
ENTITIES = sorted(mapper.class_.__tablename__ for mapper in Base.registry.mappers if mapper.class_.__audited__)
CHOICES = [(entity, entity.replace("_", " ").capitalize()) for entity in ENTITIES]


@bp.get("/audit")
@allow(Action.SEE_AUDIT)
def index() -> ResponseReturnValue:
    entity = request.args.get("entity", "")
    entity_id = request.args.get("id", "").strip()[:40]
    page = audit_trail.listed(
        db.session(),
        by=access.actor(),
        entity=entity if entity in ENTITIES else "",
        entity_id=entity_id,
        number=page_number(),
    )
    return render_template("audit/index.html", page=page, entity=entity, entity_id=entity_id, entity_choices=CHOICES)
