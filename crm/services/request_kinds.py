"""The five words a request goes by, and what each means for its kind and whose idea it was."""

from __future__ import annotations

import enum

from models.request import Origin, Request, RequestKind


class Word(enum.StrEnum):
    """What people choose among. An offer is what IT suggests; it is a standard thing or a non-standard one."""

    STANDARD = "standard"
    NON_STANDARD = "non_standard"
    QUESTION = "question"
    COMPLAINT = "complaint"
    OFFER = "offer"

    @property
    def kind(self) -> RequestKind:
        """Of an offer: standard, unless somebody says otherwise."""
        return RequestKind.STANDARD if self is Word.OFFER else RequestKind(self.value)

    @property
    def origin(self) -> Origin:
        return Origin.OFFERED if self is Word.OFFER else Origin.ASKED


#: Each as a line says it.
IN_A_LINE = {
    Word.STANDARD: "Request",
    Word.NON_STANDARD: "Non-standard request",
    Word.QUESTION: "Question",
    Word.COMPLAINT: "Complaint",
    Word.OFFER: "Our offer",
}
#: What a unit chooses among. Whether its wish leaves IT's usual way is for IT to say.
OF_A_UNIT = (Word.STANDARD, Word.QUESTION, Word.COMPLAINT)


def as_a_unit_says(kind: RequestKind) -> RequestKind:
    """The same, or standard for what is not the unit's to say."""
    return kind if kind in {word.kind for word in OF_A_UNIT} else RequestKind.STANDARD


def word_of(request: Request) -> Word:
    """The word it goes by."""
    return Word.OFFER if request.origin is Origin.OFFERED else Word(request.kind.value)
