"""What all forms share: the CSRF token, tidy text, and a place for what a service refused."""

from __future__ import annotations

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import Field

from crm.errors import Invalid


def tidy(text: str | None) -> str:
    """One line without the blanks around and between."""
    return " ".join((text or "").split())


class Form(FlaskForm):  # type: ignore[misc]
    """A form whose fields say what is wrong beside them."""

    def refuse(self, error: Invalid) -> None:
        """Put a service's refusal on its field; on the whole form when there is no such field."""
        field: Field | None = self._fields.get(error.field)
        if field is None:
            self.form_errors.append(str(error))
        else:
            field.errors = [*_as_list(field.errors), str(error)]


def _as_list(errors: Sequence[str] | None) -> list[str]:
    return list(errors or [])
