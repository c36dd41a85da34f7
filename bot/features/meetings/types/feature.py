"""What this feature declares; the modules beside it add their handlers."""

from bot.core.feature import Feature
from bot.i18n import gettext_noop as N_

feature = Feature("kinds")
feature.audit("kinds.accept", N_("put a meeting of another community among ours"))
feature.audit("kinds.choose", N_("chose a kind of meeting"))
feature.audit("kinds.invite", N_("invited other communities to a meeting"))
feature.audit("kinds.prepare", N_("prepared a meeting"))
feature.audit("kinds.task", N_("added a task for a meeting"))
