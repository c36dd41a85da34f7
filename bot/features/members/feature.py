"""What this feature declares; the modules beside it add their handlers."""

from bot.core.feature import Feature
from bot.features.members import audit_details
from bot.i18n import gettext_noop as N_

feature = Feature("members")
feature.audit("members.leave", N_("left, and gave up a role"))
feature.audit("members.confirm_organization", N_("confirmed someone’s organization"), audit_details.person)
feature.audit("members.refuse_organization", N_("said that someone isn’t with an organization"), audit_details.person)
