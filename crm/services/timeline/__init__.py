"""Everything that happened with a unit, in order: by kind, by words, stretch after stretch at the same cost."""

from crm.services.timeline.kinds import Kind as Kind
from crm.services.timeline.kinds import Only as Only
from crm.services.timeline.place import Place as Place
from crm.services.timeline.place import found_in as found_in
from crm.services.timeline.reading import Entry as Entry
from crm.services.timeline.reading import Stretch as Stretch
from crm.services.timeline.reading import read as read
