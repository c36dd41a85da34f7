"""What this feature declares; the modules beside it add their handlers."""

from bot.core.feature import Feature
from bot.i18n import gettext_noop as N_

feature = Feature("reports")
feature.audit("reports.sponsors", N_("made a report for sponsors"))
