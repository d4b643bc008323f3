"""Rounds: opening one, who is to be left in peace, and those that open by themselves."""

from crm.services.rounds.opening import DAYS as DAYS
from crm.services.rounds.opening import closing as closing
from crm.services.rounds.opening import last_day as last_day
from crm.services.rounds.opening import open_round as open_round
from crm.services.rounds.resting import again_on as again_on
from crm.services.rounds.resting import hold as hold
from crm.services.rounds.resting import resting as resting
