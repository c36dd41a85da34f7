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
feature.audit("prompts.approve", N_("approved a prompt that a member proposed"))
feature.audit("prompts.decline", N_("declined a prompt that a member proposed"))
feature.audit("prompts.delete", N_("deleted a prompt of the community"))
feature.audit("prompts.queue", N_("put a reflection prompt in line"))
feature.audit("prompts.send", N_("sent a reflection prompt"))
feature.audit("prompts.unqueue", N_("took a reflection prompt out of line"))
feature.audit("prompts.write", N_("wrote a prompt for the community"))
