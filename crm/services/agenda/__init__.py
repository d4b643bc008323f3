"""The agenda of a review: built from what happened since the last one, arranged by the rep, taken into the meeting."""

from crm.services.agenda.keeping import Own as Own
from crm.services.agenda.keeping import is_open as is_open
from crm.services.agenda.keeping import keep as keep
from crm.services.agenda.points import Agenda as Agenda
from crm.services.agenda.points import Arranged as Arranged
from crm.services.agenda.points import Point as Point
from crm.services.agenda.points import read as read
from crm.services.agenda.taking import of as of
from crm.services.agenda.taking import settle as settle
from crm.services.agenda.taking import skeleton as skeleton
