"""Periods, branches and reps beside each other: load and outcome in one line, and whether it is more than chance."""

from crm.services.outlook import Where as Where
from crm.services.side_by_side.branches import branches_listed as branches_listed
from crm.services.side_by_side.branches import of_branches as of_branches
from crm.services.side_by_side.periods import of_periods as of_periods
from crm.services.side_by_side.reps import of_reps as of_reps
from crm.services.side_by_side.reps import reps_listed as reps_listed
from crm.services.side_by_side.told import Beside as Beside
from crm.services.side_by_side.told import BranchLine as BranchLine
from crm.services.side_by_side.told import PeriodLine as PeriodLine
from crm.services.side_by_side.told import RepBeside as RepBeside
from crm.services.side_by_side.wanted import Kind as Kind
from crm.services.side_by_side.wanted import Order as Order
from crm.services.side_by_side.wanted import Wanted as Wanted
from crm.services.side_by_side.wanted import where as where
from crm.services.side_by_side.words import lede as lede
