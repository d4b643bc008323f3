"""Which passwords are taken."""

from __future__ import annotations

import pytest

from crm.errors import Invalid
from crm.services import passwords
from models import Person


@pytest.fixture
def pia() -> Person:
    return Person(name="Pia Holm", email="pia.holm@northwind.example")


@pytest.mark.parametrize(
    "password", ["short", "password12345", "pia holm northwind", "Rapport-Northwind-Pia", "aaaaaaaaaaaaaaaa", "x" * 201]
)
def test_what_is_short_long_or_easily_guessed_is_refused(pia: Person, password: str) -> None:
    with pytest.raises(Invalid) as refused:
        passwords.set_for(pia, password, context=("Northwind IT",))
    assert refused.value.field == "password"
    assert pia.password_hash is None


@pytest.mark.parametrize(
    "password", ["four unrelated kettle words", "слова без всякой связи", "  blanks around count  "]
)
def test_a_sentence_is_taken_as_typed(pia: Person, password: str) -> None:
    passwords.set_for(pia, password)
    assert passwords.verify(pia.password_hash, password)
    assert not passwords.verify(pia.password_hash, password.strip() + "!")
    assert not passwords.verify(pia.password_hash, password.upper())


def test_without_an_account_nothing_matches() -> None:
    assert not passwords.verify(None, "no account has this password")
