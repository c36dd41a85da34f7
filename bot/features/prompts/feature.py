"""What this feature declares; the modules beside it add their handlers."""

from bot.core.feature import Feature
from bot.i18n import gettext_noop as N_

feature = Feature("prompts")
feature.label_timer(
    "due",
    N_("a reflection prompt"),
    title=N_("Reflection prompt"),
    short=N_("reflection prompt"),
    foretold=N_("a reflection prompt, open five working days"),
)
feature.audit("prompts.queue", N_("put a reflection prompt in line"))
feature.audit("prompts.send", N_("sent a reflection prompt"))
feature.audit("prompts.unqueue", N_("took a reflection prompt out of line"))
