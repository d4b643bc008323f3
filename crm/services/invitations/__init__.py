"""Reviews in people's own calendars: who is invited, told of what changed, and what they answered."""

from crm.services.invitations.answers import Answered as Answered
from crm.services.invitations.answers import answer as answer
from crm.services.invitations.answers import in_words as in_words
from crm.services.invitations.answers import names as names
from crm.services.invitations.answers import of_review as of_review
from crm.services.invitations.changing import changed as changed
from crm.services.invitations.changing import differing as differing
from crm.services.invitations.changing import remember as remember
from crm.services.invitations.letters import entry_of as entry_of
from crm.services.invitations.wanted import HORIZON as HORIZON
from crm.services.invitations.wanted import Wanted as Wanted
from crm.services.invitations.wanted import planned as planned
