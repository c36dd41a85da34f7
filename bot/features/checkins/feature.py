"""What this feature declares; the modules beside it add their handlers."""

from bot.core.feature import Feature
from bot.i18n import gettext_noop as N_

feature = Feature("checkins")
feature.label_timer(
    "due",
    N_("a check-in"),
    title=N_("Check-in"),
    short=N_("check-in"),
    foretold=N_("a short check-in"),
)
feature.audit("checkins.open", N_("opened a check-in"))
feature.audit("checkins.save", N_("saved a check-in"))
feature.audit("checkins.rest", N_("let a check-in rest"))
feature.audit("checkins.wake", N_("used a check-in again"))
feature.audit("checkins.archive", N_("archived a check-in"))
feature.audit("checkins.delete", N_("deleted a check-in"))
feature.audit("checkins.export", N_("took the file of a check-in"))
