"""What this feature declares; the modules beside it add their handlers."""

from bot.core import audited_person
from bot.core.feature import Feature
from bot.features.admin import audit_details
from bot.i18n import gettext_noop as N_

feature = Feature("admin")
feature.audit("channel.bind", N_("let the community live in a channel"), audit_details.channel)
feature.audit("channel.unbind", N_("took the community out of a channel"), audit_details.channel)
feature.audit("closure.add", N_("closed days"), audit_details.days)
feature.audit("closure.remove", N_("opened days again"), audit_details.days)
feature.audit("retention", N_("changed how long answers are kept"), audit_details.months)
feature.audit("role.handover", N_("handed over earlier answers to the facilitators"), audited_person.describe)
feature.audit("role.map", N_("gave or took a role"), audit_details.role)
