"""What this feature declares; the modules beside it add their handlers."""

from bot.core.feature import Feature
from bot.features.upcoming import audit_details
from bot.i18n import gettext_noop as N_

feature = Feature("upcoming")
feature.audit("upcoming.restore", N_("brought back what had been left out"), audit_details.timer)
feature.audit("upcoming.skip", N_("left out what was to be posted"), audit_details.timer)
