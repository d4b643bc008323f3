"""What kind of relationship a unit and IT have: its model, what each side may expect, what contradicts it."""

from crm.services.engagement.models import change as change
from crm.services.engagement.models import current as current
from crm.services.engagement.models import history as history
from crm.services.engagement.words import of_unit as of_unit
from crm.services.engagement.words import say as say
from crm.services.engagement.words import words_of as words_of
