"""What this feature declares; the modules beside it add their handlers."""

from bot.core.feature import Feature
from bot.i18n import gettext_noop as N_

feature = Feature("calendar")
feature.audit("calendar.link", N_("made a calendar link for the community"))
feature.audit("calendar.stop", N_("switched the community’s calendar link off"))
