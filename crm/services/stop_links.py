"""The link in optional mail that ends it with one click (RFC 8058): signed, nothing about it is stored, and it never
ends."""

from __future__ import annotations

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy.orm import Session

from crm.errors import NotFound
from crm.services.mail_kinds import KINDS
from models.mail import MailKind
from models.person import Person

SALT = "stop mail"


def path(secret_key: str, person_id: int, kind: MailKind) -> str:
    """Where this person ends this kind of mail."""
    return f"/stop/{_serializer(secret_key).dumps([person_id, kind.value])}"


def read(session: Session, *, secret_key: str, token: str) -> tuple[Person, MailKind]:
    """Whose mail of which kind it ends. Raises NotFound for what we did not sign, and for what is not optional."""
    try:
        person_id, kind = _serializer(secret_key).loads(token)
        person, wanted = session.get(Person, person_id), MailKind(kind)
    except (BadData, ValueError, TypeError) as error:
        raise NotFound("This link is not known here.") from error
    if person is None or not KINDS[wanted].is_optional:
        raise NotFound("This link is not known here.")
    return person, wanted


def _serializer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt=SALT)
