"""What this feature declares; the modules beside it add their handlers."""

from bot.core.feature import Feature
from bot.features.meetings.cadence import time_zone_views, views
from bot.features.meetings.reminders import preference_views
from bot.i18n import gettext_noop as N_

feature = Feature("meetings")
feature.label_timer(
    "remind",
    N_("a reminder of a meeting"),
    title=preference_views.reminder_title,
    short=preference_views.reminder_before,
)
feature.audit("meetings.adjust", N_("changed the place, link or length of a meeting"))
feature.audit("meetings.as_ruled", N_("put a meeting back as the rule says"))
feature.audit("meetings.attendance", N_("marked who came to a meeting"))
feature.audit("meetings.cadence", N_("changed when the community meets"), views.audited_rule)
feature.audit("meetings.cancel", N_("cancelled a meeting"))
feature.audit("meetings.expect", N_("wrote down a meeting whose day is not known yet"))
feature.audit("meetings.move", N_("moved a meeting"))
feature.audit("meetings.pause", N_("paused reminders and questions"))
feature.audit("meetings.reminders", N_("changed when the channel is reminded of meetings"))
feature.audit("meetings.restore", N_("brought a cancelled meeting back"))
feature.audit("meetings.resume", N_("resumed reminders and questions"))
feature.audit("meetings.schedule", N_("added a meeting"))
feature.audit("meetings.unexpect", N_("took a meeting whose day was not known off the list"))
feature.audit("meetings.zone", N_("changed the community’s time zone"), time_zone_views.audited_zone)
