"""What this feature declares; the modules beside it add their handlers."""

from bot.core.feature import Feature
from bot.features.schedule import audit_details
from bot.i18n import gettext_noop as N_

feature = Feature("schedule")
feature.label_timer(
    "due",
    N_("a check-in of our own"),
    title=N_("Check-in of our own"),
    short=N_("check-in of our own"),
    foretold=N_("a check-in that you made"),
)
feature.label_timer(
    "private",
    N_("a private check-in"),
    title=N_("Private check-in"),
    short=N_("private check-in"),
)
feature.audit("schedule.limit", N_("changed how many questions a week may have"))
feature.audit("schedule.pause", N_("paused part of the schedule"), audit_details.what)
feature.audit("schedule.remove", N_("took something off the schedule"), audit_details.what)
feature.audit("schedule.reset", N_("replaced the schedule"))
feature.audit("schedule.resume", N_("resumed part of the schedule"), audit_details.what)
feature.audit("schedule.set", N_("changed the schedule"), audit_details.what)
