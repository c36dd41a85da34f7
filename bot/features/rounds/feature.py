"""What this feature declares; the modules beside it add their handlers."""

from bot.core.feature import Feature
from bot.i18n import gettext_noop as N_

feature = Feature("rounds")
feature.label_timer("nudge", N_("a gentle nudge"), title=N_("Private nudge about an open question"))
# People were told when the question closes, so a facilitator cannot skip it.
feature.label_timer("close", N_("a round closes"), title=N_("Summary of a question that closes"), skippable=False)
feature.audit("rounds.close", N_("closed a question"))
feature.audit("rounds.themes", N_("wrote the themes of a question"))
