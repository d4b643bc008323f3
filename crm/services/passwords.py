"""Passwords: argon2id, and a guess at how long a guesser would need. Nothing is truncated, trimmed or changed."""

from __future__ import annotations

import re
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from zxcvbn import zxcvbn

from crm.errors import Invalid
from models.person import Person

LEAST = 12
MOST = 200
#: So many letters of a password must be something else than the names of the person and the organisation.
OF_ITS_OWN = 6
_hasher = PasswordHasher()


@cache
def _nobody() -> str:
    """Verified against when there is no such account, so that the answer takes as long."""
    return _hasher.hash("no account has this password")


def verify(password_hash: str | None, password: str) -> bool:
    """Whether it is the password; the same work with and without an account."""
    if len(password) > MOST:
        password = ""
    try:
        return _hasher.verify(password_hash or _nobody(), password) and password_hash is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def set_for(person: Person, password: str, *, context: tuple[str, ...] = ()) -> None:
    """Give the person this password. Raises Invalid("password", why) when it is short, long or easily guessed."""
    if len(password) < LEAST:
        raise Invalid("password", f"Use {LEAST} characters or more. A short sentence is easiest to remember.")
    if len(password) > MOST:
        raise Invalid("password", f"Use {MOST} characters or fewer.")
    words = re.findall(r"\w{3,}", " ".join(("rapport", person.name, person.email or "", *context)))
    if _left_without(words, password) < OF_ITS_OWN:
        raise Invalid("password", "That is made of names anybody here knows. Take words that say nothing of you.")
    if zxcvbn(password[:72], user_inputs=words)["score"] < 3:
        raise Invalid("password", "That is easily guessed. Four or five unrelated words in a row are hard to guess.")
    person.password_hash = _hasher.hash(password)


def _left_without(words: list[str], password: str) -> int:
    """How many letters remain when the names are taken out; zxcvbn alone takes three names in a row for strong."""
    rest = password.casefold()
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word.casefold(), "")
    return len(re.sub(r"\W", "", rest))


def renew_if_old(person: Person, password: str) -> None:
    """Hash anew when the recommended parameters have moved on."""
    if person.password_hash and _hasher.check_needs_rehash(person.password_hash):
        person.password_hash = _hasher.hash(password)
