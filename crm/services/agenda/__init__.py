"""The agenda of a review: built from what happened since the last one, arranged by the rep, taken into the meeting."""

from crm.services.agenda.taking import of as of
from crm.services.agenda.taking import settle as settle
from crm.services.agenda.taking import skeleton as skeleton
