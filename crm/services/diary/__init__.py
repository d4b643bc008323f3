"""What the calendar shows: the days of a view, the reviews and due actions on them, and why nobody works on some."""

from crm.services.diary.background import Note as Note
from crm.services.diary.background import notes as notes
from crm.services.diary.events import Day as Day
from crm.services.diary.events import Event as Event
from crm.services.diary.events import Scope as Scope
from crm.services.diary.events import days as days
from crm.services.diary.spans import Span as Span
from crm.services.diary.spans import View as View
from crm.services.diary.spans import both as both
from crm.services.diary.spans import span as span
