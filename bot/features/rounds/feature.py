"""What this feature declares; the modules beside it add their handlers."""

from bot.core.feature import Feature
from bot.i18n import gettext_noop as N_

feature = Feature("rounds")
feature.audit("rounds.close", N_("closed a question"))
feature.audit("rounds.themes", N_("wrote the themes of a question"))
