"""Units, services, reps and periods beside each other: what differs by more than chance, and who was not heard."""

from crm.services.comparing.lines import Compared as Compared
from crm.services.comparing.lines import Line as Line
from crm.services.comparing.lines import listed as listed
from crm.services.comparing.lines import read as read
from crm.services.comparing.periods import Periods as Periods
from crm.services.comparing.periods import over_time as over_time
from crm.services.comparing.responses import Heard as Heard
from crm.services.comparing.responses import heard as heard
from crm.services.comparing.responses import of_unit as of_unit
from crm.services.comparing.wanted import Against as Against
from crm.services.comparing.wanted import Order as Order
from crm.services.comparing.wanted import Show as Show
from crm.services.comparing.wanted import Wanted as Wanted
