"""What this feature declares; the modules beside it add their handlers."""

from bot.core.feature import Feature
from bot.i18n import gettext_noop as N_

feature = Feature("feedback")
feature.label_timer(
    "ask",
    N_("the after-meeting card"),
    title=N_("After-meeting card"),
    short=N_("after-meeting card"),
    foretold=N_("after the meeting: what helped, what to change, one thing to try"),
)
feature.audit("feedback.did", N_("wrote what was done about feedback"))
feature.audit("feedback.undo", N_("took back what was done about feedback"))
