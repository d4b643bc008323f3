"""The demonstration: Fernhill IT and its units, invented but believable, and their last two and a half years."""

from crm.services.demo.loading import Counts as Counts
from crm.services.demo.loading import NotEmpty as NotEmpty
from crm.services.demo.loading import Progress as Progress
from crm.services.demo.loading import Scale as Scale
from crm.services.demo.loading import is_loaded as is_loaded
from crm.services.demo.loading import load as load
from crm.services.demo.morning import write_mail as write_mail
from crm.services.demo.stories import STORIES as STORIES
