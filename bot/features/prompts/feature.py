"""What this feature declares; the modules beside it add their handlers."""

from bot.core.feature import Feature
from bot.i18n import gettext_noop as N_

feature = Feature("prompts")
feature.audit("prompts.queue", N_("put a reflection prompt in line"))
feature.audit("prompts.send", N_("sent a reflection prompt"))
feature.audit("prompts.unqueue", N_("took a reflection prompt out of line"))
